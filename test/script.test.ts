/** Scripts of the tests and benchmarks, as those who run them by hand meet them. */
import { execFile } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, it, vi } from 'vitest';
import { expectCount, expectFile, expectWord } from '../bench/lib/wrong.mjs';
import { scriptOptions } from './script.mjs';

const script = fileURLToPath(new URL('fuzz/run.mjs', import.meta.url));
const run = (...args: string[]) => promisify(execFile)(process.execPath, [script, ...args]);

afterEach(() => {
  vi.restoreAllMocks();
});

/** What is said on stderr, and the exit code. */
function ended(call: () => unknown): [line: string, code: unknown] {
  const lines: unknown[] = [];
  vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(line));
  let code: unknown = null;
  vi.spyOn(process, 'exit').mockImplementation((given) => {
    code = given;
    throw new Error('ended');
  });
  expect(call).toThrow('ended');
  return [lines.join('\n'), code];
}

it('--help is the comment at the top of the script', async () => {
  const { stdout } = await run('--help');
  expect(stdout).toMatch(/^`npm run fuzz`: hostile files for every reader\./);
  expect(stdout).toContain('\n  --seed N  ');
});

it.each([
  ['--hepl', "Unknown option '--hepl'"],
  ['--runs=x', "--runs must be a number ≥ 0, got 'x'"],
  ['--runs=', "--runs must be a number ≥ 0, got ''"],
  ['--runs=-1', "--runs must be a number ≥ 0, got '-1'"],
])('%s, which is not there or no number, is one line, and ends with 2', (word, line) => {
  vi.spyOn(process, 'argv', 'get').mockReturnValue(['node', script, word]);
  const options = {
    runs: { type: 'string', default: '300' },
    only: { type: 'string', default: '' },
  } as const;
  const call = () => scriptOptions(pathToFileURL(script).href, options);
  expect(ended(call)).toEqual([`run.mjs: ${line}; --help shows what there is`, 2]);
});

it('so is a wrong word, number or file of a benchmark', () => {
  expect(ended(() => expectWord('kernels', 'wasm', ['simd', 'fma']))).toEqual([
    'kernels: expected one of simd, fma, got wasm',
    2,
  ]);
  expect(ended(() => expectCount('start-up', 'threads', 'x', 0))).toEqual([
    'start-up: threads must be an integer ≥ 0, got x',
    2,
  ]);
  expect(ended(() => expectFile('plot', 'a JSON file', '/nowhere.json'))).toEqual([
    'plot: expected a JSON file, got /nowhere.json',
    2,
  ]);
});
