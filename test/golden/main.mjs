/**
 * The golden run as a program, for any engine: `node test/golden/main.mjs [--kernel simd] [--threads 0]
 * [--no-feature-cache] [--update]`. Prints the result as JSON.
 *
 * `--update` writes golden.json. That is a breaking change: trained weights are no longer what they were. The
 * CHANGELOG says so, and why.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { goldenImages } from './images.mjs';
import { goldenRun } from './run.mjs';

const { values } = parseArgs({
  options: {
    kernel: { type: 'string', default: 'plain' },
    threads: { type: 'string', default: '0' },
    'no-feature-cache': { type: 'boolean', default: false },
    update: { type: 'boolean', default: false },
  },
});

const result = await goldenRun(goldenImages(), {
  // compile refuses names that aren't kernels.
  kernel: /** @type {import('../../src/index.ts').KernelChoice} */ (values.kernel),
  threads: Number(values.threads),
  featureCache: !values['no-feature-cache'],
});
const json = `${JSON.stringify(result, null, 2)}\n`;
process.stdout.write(json);
if (values.update) {
  writeFileSync(new URL('golden.json', import.meta.url), json);
  process.stderr.write('golden.json is written: say in CHANGELOG.md why trained weights changed\n');
}
