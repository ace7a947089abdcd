import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { deriveKey, Purpose, threefry2x32 } from '../../src/tensor/random.ts';
import { expMinusOne, logOnePlus, sigmoid, tanh } from '../../src/tensor/sigmoid.ts';
import { relative, ulps } from './errors.ts';

const COUNT = 100_000;

/** Numbers spread evenly over [lo, hi], with all of float64's bits. */
function spread(lo: number, hi: number, purpose: number): number[] {
  const key = deriveKey(0, Purpose.study, purpose, 0);
  return Array.from({ length: COUNT }, (_, i) => {
    const [high, low] = threefry2x32(...key, i, 0);
    return lo + (hi - lo) * ((high + low / 2 ** 32) / 2 ** 32);
  });
}

const worst = (xs: readonly number[], error: (x: number) => number): number =>
  xs.reduce((largest, x) => Math.max(largest, error(x)), 0);

/** By the engine's own functions, which are right to an ulp or two: 1 − 1/(1 + e^x) would cancel, e^x/(1 + e^x) doesn't. */
const trueSigmoid = (x: number): number =>
  x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x - Math.log1p(Math.exp(x)));

describe('sigmoid', () => {
  test('relative error < 1e-15 where it counts, < 1e-13 wherever the result is a normal number', () => {
    expect(worst(spread(-1, 40, 1), (x) => relative(sigmoid(x), trueSigmoid(x)))).toBeLessThan(1e-15);
    // Far below zero it is the reference that loses digits: it rounds its exponent.
    expect(worst(spread(-708, 0, 2), (x) => relative(sigmoid(x), trueSigmoid(x)))).toBeLessThan(1e-13);
  });

  test('rounded to float32 it is within 1 ulp over the whole range, subnormals included', () => {
    const error = (x: number): number => ulps(sigmoid(Math.fround(x)), trueSigmoid(Math.fround(x)));
    expect(worst(spread(-110, 40, 3), error)).toBeLessThanOrEqual(1);
  });

  test('σ(−x) is 1 − σ(x), within 1 ulp of 1', () => {
    const error = (x: number): number => Math.abs(sigmoid(-x) - (1 - sigmoid(x)));
    expect(worst(spread(-30, 30, 4), error)).toBeLessThanOrEqual(2 ** -52);
  });

  test('takes the special values', () => {
    expect([0, -0, Infinity, -Infinity, 1000, -1000, NaN].map(sigmoid)).toEqual([0.5, 0.5, 1, 0, 1, 0, NaN]);
  });
});

describe('tanh', () => {
  const error = (x: number): number => relative(tanh(x), Math.tanh(x));

  test('relative error against Math.tanh < 1e-15, on both sides of its seam and next to zero', () => {
    expect(worst(spread(-25, 25, 5), error)).toBeLessThan(1e-15);
    expect(worst(spread(-1, 1, 6), error)).toBeLessThan(1e-15);
    expect(worst(spread(-1e-8, 1e-8, 7), error)).toBeLessThan(1e-15);
  });

  test('rounded to float32 it is within 1 ulp', () => {
    const distance = (x: number): number => ulps(tanh(Math.fround(x)), Math.tanh(Math.fround(x)));
    expect(worst(spread(-12, 12, 8), distance)).toBeLessThanOrEqual(1);
  });

  test('is odd to the bit, and takes the special values', () => {
    for (const x of spread(0, 3, 9).slice(0, 1000)) expect(tanh(-x)).toBe(-tanh(x));
    expect([0, -0, Infinity, -Infinity, 1000, NaN].map(tanh)).toEqual([0, -0, 1, -1, 1, NaN]);
  });
});

describe('logOnePlus', () => {
  test('relative error against Math.log1p < 1e-15 from 5e-324 to 1', () => {
    const error = (e: number): number => relative(logOnePlus(e), Math.log1p(e));
    expect(worst(spread(0, 1, 10), error)).toBeLessThan(1e-15);
    expect(
      worst(
        spread(-745, 0, 11).map((x) => Math.exp(x)),
        error,
      ),
    ).toBeLessThan(1e-15);
    expect([0, 1, 5e-324, NaN].map(logOnePlus)).toEqual([0, Math.LN2, 5e-324, NaN]);
  });
});

describe('expMinusOne', () => {
  test('relative error against Math.expm1 < 1e-15, also next to zero', () => {
    const error = (x: number): number => relative(expMinusOne(x), Math.expm1(x));
    expect(worst(spread(-40, 40, 12), error)).toBeLessThan(1e-15);
    expect(worst(spread(-1e-8, 1e-8, 13), error)).toBeLessThan(1e-15);
  });

  test('takes the special values', () => {
    const special = [0, -0, Infinity, -Infinity, 1000, -1000, 5e-324, NaN];
    expect(special.map(expMinusOne)).toEqual([0, -0, Infinity, -1, Infinity, -1, 5e-324, NaN]);
  });
});

test('no engine-dependent function is called: sigmoid.ts has no Math beyond abs', () => {
  const source = readFileSync(new URL('../../src/tensor/sigmoid.ts', import.meta.url), 'utf8');
  const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  expect(new Set(code.match(/Math\.\w+/g))).toEqual(new Set(['Math.abs']));
});

test('the same bits on every machine: a few results by their hexadecimal patterns', () => {
  const hex = (x: number): string =>
    new DataView(Float64Array.of(x).buffer).getBigUint64(0, true).toString(16);
  expect([sigmoid(1), sigmoid(-3.7), tanh(0.3), tanh(1), logOnePlus(1e-3)].map(hex)).toEqual([
    '3fe764d4f5d5a2bd',
    '3f98b4c0ffc14fbf',
    '3fd2a4dda7d914fa',
    '3fe85efab514f394',
    '3f5060354f8c3ebf',
  ]);
});
