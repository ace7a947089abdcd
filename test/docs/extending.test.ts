/** docs/extending.md: its programs run as they are there, on the built library, each in a folder that has it installed. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyProject } from '../empty-project.ts';
import { fastPackage } from '../fast-package.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/extending.md'), 'utf8');
const [register, scale, noisy, check, quantile, signum, all] = Array.from(
  page.matchAll(/^```js\n([\s\S]*?)^```$/gm),
  ([, code]) => code,
);

let folder: string;
/** The same, where programs begin sooner: for those without threads, which would import the package as it is published. */
let fast: string;
beforeAll(async () => {
  folder = emptyProject();
  fast = emptyProject(await fastPackage());
  const files = {
    'scale.js': scale,
    'noisy.js': noisy,
    'check.js': check + FROZEN,
    'quantile.js': quantile,
    'signum.js': signum,
    'all.js': all,
  };
  for (const [name, code] of Object.entries(files)) {
    for (const project of [folder, fast]) writeFileSync(join(project, name), code);
  }
});

const run = (file: string, cwd = fast) => promisify(execFile)(process.execPath, [file], { cwd });

describe('docs/extending.md', () => {
  it('has a layer that refuses what it does not know, with the message that stands beside it', async () => {
    const [, message] = /\/\/ (RangeError: .*), …$/m.exec(noisy) ?? [];
    await expect(run('noisy.js')).rejects.toThrow(message);
  });

  it('has a layer, a loss and an optimizer of about twenty lines each', () => {
    for (const code of [scale, quantile, signum]) {
      const lines = code.split('\n').filter((line) => line.trim() !== '');
      expect(lines.length).toBeLessThanOrEqual(23);
      expect(code).toMatch(/^register\w+\('\w+', .*, import\.meta\.url\);$/m);
    }
    expect(register.trim()).toMatch(/^registerLayer\('Scale', .*, import\.meta\.url\);$/);
  });

  it('checks the layer’s gradient', async () => {
    const { stdout } = await run('check.js');
    expect(stdout).toMatch(/input \/ x .*pass/);
    expect(stdout).toMatch(/scale \/ factor .*pass/);
    expect(stdout).toContain('frozen 1 epoch');
  });

  it('trains all three, saves and loads them, with the same bits for 0 threads and for 2', async () => {
    const { stdout } = await run('all.js', folder);
    expect(stdout).toMatch(/^0 threads: loss (\S+ → \S+)\n2 threads: loss \1\nthe same bits\n$/);
    const [, before, after] = /loss (\S+) → (\S+)/.exec(stdout) ?? [];
    expect(Number(after)).toBeLessThan(Number(before) / 3);
  });

  it('shows the message that a layer of the wrong shape gets', async () => {
    const wrong = scale.replace('i < end; i++) {', 'i < end / 2; i++) {');
    writeFileSync(join(fast, 'wrong.js'), `${wrong}\n${WRONG}`);
    const { stdout } = await run('wrong.js');
    expect(page).toContain(stdout.trim());
    expect(stdout).toContain('expected 96 numbers, got 48');
  });
});

/** As a part of a model that is trained around it. */
const FROZEN = `
import { dense, sequential } from 'degelo';
const part = scale({ trainable: false });
const model = sequential([dense({ units: 3, inputShape: [2] }), part]);
model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
console.log('frozen', (await model.fit([[1, 2]], [[1, 2, 3]])).epoch.length, 'epoch');
`;

const WRONG = `
import { sequential } from 'degelo';
const model = sequential([scale({ inputShape: [4, 4, 3] })]);
try {
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
} catch ({ message }) {
  console.log(message);
}`;
