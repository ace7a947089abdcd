/** What the language leaves to the engine stays out of everything that decides a result. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const SRC = new URL('../../src/', import.meta.url);
/** The floors that training is on. */
const FLOORS = ['tensor', 'kernels', 'layers', 'losses', 'metrics', 'optimizers', 'model', 'training'];

/**
 * ECMAScript calls these "implementation-approximated" (Math.random: arbitrary). `**` is one of them; only powers of the
 * literal 2 pass, which every engine folds to the exact constant.
 */
const APPROXIMATED =
  /Math\.(a?(sin|cos|tan)h?|atan2|exp|expm1|log|log1p|log2|log10|pow|cbrt|hypot|random)\b|(?<!\b2 )\*\*|\*\*(?! ?-?\d)/;

it('no line of the training path calls a function whose last bits ECMAScript leaves to the engine', () => {
  const files = FLOORS.flatMap((floor) =>
    readdirSync(new URL(`${floor}/`, SRC), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${floor}/${name}`),
  );
  expect(files.length).toBeGreaterThan(60);
  const calls = files.flatMap((file) =>
    readFileSync(new URL(file, SRC), 'utf8')
      .split('\n')
      .map((line, i) => ({ at: `${file}:${i + 1}`, code: line.replace(/^\s*(\/?\*|\/\/).*|\/\/.*/, '') }))
      .filter(({ code }) => APPROXIMATED.test(code))
      .map(({ at, code }) => `${at}: ${code.trim()}`),
  );
  expect(calls).toEqual([]);
});

it('and such a line would be found', () => {
  for (const line of [
    'Math.exp(x)',
    'Math.atanh(x)',
    'x ** 2',
    '2 ** x',
    'Math.pow(x, 2)',
    'Math.random()',
  ]) {
    expect(line).toMatch(APPROXIMATED);
  }
  for (const line of ['Math.sqrt(x)', '2 ** 32', 'exp(x)', 'Math.floor(x)', 'Math.LOG2E']) {
    expect(line).not.toMatch(APPROXIMATED);
  }
});
