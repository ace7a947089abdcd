/** Threads that end while they start, and what they are started with: in processes of their own, which may die of it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const cwd = fileURLToPath(new URL('../../', import.meta.url));

it('work that is ended at random moments of its start ends the process as it should; test/faults/early-ends.mjs has more', async () => {
  const options = ['--rounds', '4', '--threads', '6', '--kinds', 'dispose', '--latest', '100'];
  const { stdout } = await run(process.execPath, ['test/faults/early-ends.mjs', ...options], { cwd });
  expect(stdout).toBe('dispose: 4 of 4 ended as they should\n');
});

it('threads start where no code may be made from strings, and ES modules can not be required', async () => {
  const flags = ['--disallow-code-generation-from-strings'];
  // Node has learnt to require ES modules in 20.17; before, it needs no flag not to.
  if (process.allowedNodeEnvironmentFlags.has('--experimental-require-module')) {
    flags.push('--no-experimental-require-module');
  }
  const script = `import * as degelo from './dist/index.js';
    const model = degelo.sequential([degelo.dense({ units: 2, activation: 'softmax', inputShape: [2] })]);
    model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', threads: 2 });
    await model.fit([[0, 1], [1, 0]], [0, 1]);
    console.log('trained');`;
  const { stdout } = await run(process.execPath, [...flags, '--input-type=module', '-e', script], { cwd });
  expect(stdout).toBe('trained\n');
});
