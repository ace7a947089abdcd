/** Scripts of the tests, as those who run them by hand meet them. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('fuzz/run.mjs', import.meta.url));
const run = (...args: string[]) => promisify(execFile)(process.execPath, [script, ...args]);

it('--help is the comment at the top of the script', async () => {
  const { stdout } = await run('--help');
  expect(stdout).toMatch(/^`npm run fuzz`: hostile files for every reader\./);
  expect(stdout).toContain('\n  --seed N  ');
});

it('an option that is not there is one line, and ends with 2', async () => {
  await expect(run('--hepl')).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: "run.mjs: Unknown option '--hepl'; --help shows what there is\n",
  });
});
