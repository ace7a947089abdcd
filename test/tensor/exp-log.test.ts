import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { exp, log } from '../../src/tensor/exp.ts';
import { deriveKey, Purpose, threefry2x32 } from '../../src/tensor/random.ts';
import { relative, ulps } from './errors.ts';

const COUNT = 200_000;
const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** Numbers spread evenly over [lo, hi], with all of float64's bits. */
function* spread(lo: number, hi: number, purpose: number): Generator<number> {
  const [key0, key1] = deriveKey(0, Purpose.study, purpose, 0);
  for (let i = 0; i < COUNT; i++) {
    const [high, low] = threefry2x32(key0, key1, i, 0);
    yield lo + (hi - lo) * ((high + low / 2 ** 32) / 2 ** 32);
  }
}

function worst(xs: Iterable<number>, error: (x: number) => number): number {
  let largest = 0;
  for (const x of xs) largest = Math.max(largest, error(x));
  return largest;
}

describe('exp', () => {
  test('relative error against Math.exp < 3e-16 wherever the result is a normal number', () => {
    const error = (x: number): number => relative(exp(x), Math.exp(x));
    expect(worst(spread(-708, 709.7, 1), error)).toBeLessThan(3e-16);
    expect(worst(spread(-2, 2, 2), error)).toBeLessThan(3e-16);
  });

  test('rounded to float32 it is within 1 ulp of Math.exp over the whole range, subnormals included', () => {
    const error = (x: number): number => ulps(exp(Math.fround(x)), Math.exp(Math.fround(x)));
    expect(worst(spread(-110, 90, 3), error)).toBeLessThanOrEqual(1);
  });

  test('subnormal results are within one step of 5e-324', () => {
    expect(worst(spread(-745.1, -708.4, 4), (x) => Math.abs(exp(x) - Math.exp(x)))).toBeLessThanOrEqual(
      5e-324,
    );
  });

  test('takes the special values', () => {
    expect([0, -0, Infinity, -Infinity, 710, -746, NaN].map(exp)).toEqual([
      1,
      1,
      Infinity,
      0,
      Infinity,
      0,
      NaN,
    ]);
    expect(exp(5e-324)).toBe(1);
    expect(exp(709.782712893384)).toBeLessThan(Infinity);
    expect(exp(-745.1332191019411)).toBe(5e-324);
  });

  test('falls by at most 1 ulp from one number to the next around the seams of its reduction', () => {
    for (let k = -20; k <= 20; k++) {
      const seam = Math.fround((k + 0.5) * Math.LN2);
      for (let i = -50; i < 50; i++) {
        const x = seam * (1 + i * 2 ** -50);
        const next = seam * (1 + (i + 1) * 2 ** -50);
        expect(exp(Math.max(x, next))).toBeGreaterThanOrEqual(exp(Math.min(x, next)) * (1 - 2 ** -52));
      }
    }
  });
});

describe('log', () => {
  const error = (x: number): number => relative(log(x), Math.log(x));

  test('relative error against Math.log < 3e-16, next to 1 as well', () => {
    expect(worst(spread(-708, 709, 5), (x) => error(Math.exp(x)))).toBeLessThan(3e-16);
    expect(worst(spread(0.4, 2.5, 6), error)).toBeLessThan(3e-16);
    expect(worst(spread(-40, 0, 7), (x) => error(1 + Math.exp(x)))).toBeLessThan(3e-16);
    expect(worst(spread(-36, -1, 8), (x) => error(1 - Math.exp(x)))).toBeLessThan(3e-16);
  });

  test('relative error against Math.log < 3e-16 for subnormal numbers', () => {
    expect(worst(spread(0, SMALLEST_NORMAL, 9), error)).toBeLessThan(3e-16);
    expect(error(5e-324)).toBeLessThan(3e-16);
  });

  test('rounded to float32 it is within 1 ulp of Math.log over the whole range', () => {
    const positive = (x: number): number => Math.fround(Math.exp(x));
    expect(
      worst(spread(-103, 88.7, 10), (x) => ulps(log(positive(x)), Math.log(positive(x)))),
    ).toBeLessThanOrEqual(1);
  });

  test('takes the special values', () => {
    expect([1, 0, -0, Infinity, -1, -Infinity, NaN].map(log)).toEqual([
      0,
      -Infinity,
      -Infinity,
      Infinity,
      NaN,
      NaN,
      NaN,
    ]);
  });

  test('exact powers of two: log(2^k) = k·log(2) within 1 ulp', () => {
    for (let k = -1074; k < 1024; k++) {
      if (k !== 0) expect(relative(log(2 ** k), k * Math.LN2)).toBeLessThan(3e-16);
    }
  });
});

test('no engine-dependent function is called: exp.ts has no Math beyond floor and constants', () => {
  const source = readFileSync(new URL('../../src/tensor/exp.ts', import.meta.url), 'utf8');
  const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  expect(new Set(code.match(/Math\.\w+/g))).toEqual(new Set(['Math.LOG2E', 'Math.SQRT2', 'Math.floor']));
});

test('the same bits on every machine: a few results by their hexadecimal patterns', () => {
  const hex = (x: number): string =>
    new DataView(Float64Array.of(x).buffer).getBigUint64(0, true).toString(16);
  expect([exp(1), exp(-1), exp(0.3), log(10), log(0.7), log(3)].map(hex)).toEqual([
    '4005bf0a8b14576a',
    '3fd78b56362cef38',
    '3ff599058c8c1a96',
    '40026bb1bbb55516',
    'bfd6d3c324e13f50',
    '3ff193ea7aad030a',
  ]);
});
