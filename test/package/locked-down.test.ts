/** The built package in a Node that is locked down: what it may not do there it does without, with the same bits, and says so. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyProject } from '../empty-project.ts';

const PROGRAM = `
import { dense, encodeModel, loadModel, sequential, weightsSha256 } from 'degelo';
const model = sequential({ seed: 1, layers: [dense({ units: 4, activation: 'relu', inputShape: [3] }), dense({ units: 2, activation: 'softmax' })] });
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
const x = Array.from({ length: 60 }, (_, n) => [n % 3, n % 5, n % 7]);
await model.fit(x, x.map((_, n) => n % 2), { epochs: 2 });
console.log(JSON.stringify({ hash: await weightsSha256(model), threads: model.threads > 0, reason: model.threadsReason }));
await model.dispose();`;

/** Its name in Node 20, and since. */
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';
const PLAIN = 'kernel: this engine runs no WebAssembly SIMD: plain kernels instead, which are slower\n';
const NO_WORKERS =
  "Node's permissions allow no worker threads here: node --permission --allow-worker allows them";

let folder: string;
beforeAll(() => {
  folder = emptyProject();
  writeFileSync(join(folder, 'program.mjs'), PROGRAM);
});

/** What a program prints under these flags. */
function run(flags: readonly string[], program: readonly string[] = ['program.mjs']) {
  const env = { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, ...program], {
    ...{ cwd: folder, encoding: 'utf8', env },
  });
  return { status, stdout, stderr: stderr.replace(/^Warning: disabling flag.*\n/m, '') };
}

describe('in a Node that is locked down, training gives the same weights', () => {
  let hash: string;
  beforeAll(() => {
    ({ hash } = JSON.parse(run([]).stdout));
  });

  it.each<[string, string[], { threads?: boolean; reason?: string; warns?: string }]>([
    [
      'without permission for threads and files',
      [PERMISSION, '--allow-fs-read=*'],
      { threads: false, reason: NO_WORKERS },
    ],
    ['with permission for threads', [PERMISSION, '--allow-fs-read=*', '--allow-worker'], {}],
    ['without any compiler (--jitless), so without WebAssembly', ['--jitless'], { warns: PLAIN }],
    [
      'without eval, and with frozen intrinsics',
      ['--disallow-code-generation-from-strings', '--frozen-intrinsics'],
      {},
    ],
  ])('%s', (_, flags, { threads = true, reason = null, warns = '' }) => {
    const { stdout, stderr } = run(flags);
    expect(stderr).toBe(warns);
    expect(JSON.parse(stdout)).toEqual({ hash, threads, reason });
  });

  it('threads that are asked for without permission are refused in one line', () => {
    const command = ['node_modules/degelo/dist/cli/main.js', 'transfer', '--threads', '2', '--epochs', '1'];
    const { status, stderr } = run([PERMISSION, '--allow-fs-read=*'], command);
    expect(stderr).toContain(`degelo: compile: threads must be 0 here: ${NO_WORKERS}: got 2\n`);
    expect(status).toBe(1);
  });
});
