import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  deriveKey,
  dropoutThreshold,
  Purpose,
  type PurposeCode,
  permutation,
  threefry2x32,
  threefry2x32Into,
  uniform,
} from '../../src/tensor/random.ts';
import { expectSameBits } from '../matchers.ts';

describe('threefry2x32', () => {
  // Random123, tests/kat_vectors, "threefry2x32 20": counter, key, expected.
  test.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x243f6a88, 0x85a308d3],
      [0x13198a2e, 0x03707344],
      [0xc4923a9c, 0x483df7a0],
    ],
  ])('gives the published words for counter %o', (counter, key, expected) => {
    expect(threefry2x32(key[0], key[1], counter[0], counter[1])).toEqual(expected);
    const out = new Uint32Array(2);
    threefry2x32Into(key[0], key[1], counter[0], counter[1], out);
    expect(Array.from(out)).toEqual(expected);
  });

  test('takes its arguments modulo 2^32', () => {
    expect(threefry2x32(-1, -1, -1, -1)).toEqual(
      threefry2x32(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff),
    );
  });
});

describe('deriveKey', () => {
  test('is the composition of two threefry calls that its comment states, with both halves of the seed', () => {
    const seed = 5 * 2 ** 32 + 7;
    const step = 3 * 2 ** 32 + 11;
    const [k0, k1] = threefry2x32(7, 5, Purpose.layer, 4);
    expect(deriveKey(seed, Purpose.layer, 4, step)).toEqual(threefry2x32(k0, k1, 11, 3));
  });

  test('differs for every neighbour in seed, purpose, layer and step', () => {
    const keys = new Set<string>();
    for (const seed of [0, 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      for (const purpose of Object.values(Purpose)) {
        for (let layer = 0; layer < 4; layer++) {
          for (const step of [0, 1, 2, 2 ** 32]) keys.add(`${deriveKey(seed, purpose, layer, step)}`);
        }
      }
    }
    expect(keys.size).toBe(4 * Object.keys(Purpose).length * 4 * 4);
  });

  test.each([
    ['seed', -1, 0, 0],
    ['seed', 0.5, 0, 0],
    ['seed', 2 ** 53, 0, 0],
    ['seed', NaN, 0, 0],
    ['layer', 0, -1, 0],
    ['layer', 0, 2 ** 32, 0],
    ['step', 0, 0, 1.5],
    ['step', 0, 0, -1],
  ])('refuses a wrong %s: %s, %s, %s', (argument, seed, layer, step) => {
    expect(() => deriveKey(seed, Purpose.weights, layer, step)).toThrow(
      new RegExp(`^deriveKey: ${argument} must be an integer from 0 to`),
    );
    expect(() => deriveKey(seed, Purpose.weights, layer, step)).toThrow(RangeError);
  });

  test('purposes have different codes', () => {
    const codes: PurposeCode[] = Object.values(Purpose);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe('uniform', () => {
  const key = deriveKey(1, Purpose.study, 0, 0);

  test('element i is fround(lo + (hi − lo)·word_i/2^32)', () => {
    const out = new Float32Array(5);
    uniform(key, -2, 3, out);
    const words = [0, 1, 2].flatMap((counter) => threefry2x32(key[0], key[1], counter, 0));
    expectSameBits(
      out,
      words.slice(0, 5).map((word) => Math.fround(-2 + 5 * (word * 2 ** -32))),
    );
  });

  test('gives float64 exactly the numbers of float32, and a longer array the same beginning', () => {
    const single = new Float32Array(101);
    const double = new Float64Array(150);
    uniform(key, -0.1, 0.1, single);
    uniform(key, -0.1, 0.1, double);
    expectSameBits(double.subarray(0, 101), single);
  });

  test('stays within [lo, hi] and spreads evenly: mean within 0.01, tenths within 5 % of 10,000 each', () => {
    const out = new Float32Array(100_000);
    uniform(key, 0, 1, out);
    const tenths = new Array<number>(10).fill(0);
    let sum = 0;
    for (const v of out) {
      sum += v;
      tenths[Math.min(9, Math.floor(v * 10))]++;
    }
    expect(Math.min(...out.subarray(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...out.subarray(0, 1000))).toBeLessThanOrEqual(1);
    expect(Math.abs(sum / out.length - 0.5)).toBeLessThan(0.01);
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});

describe('permutation', () => {
  test('holds each of 0 … n−1 once, for any key and n', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 300 }), (seed, n) => {
        const order = permutation(deriveKey(seed, Purpose.shuffle, 0, 0), n);
        expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  test('is the same for the same key, another for another, and may be written into an array', () => {
    const key = deriveKey(0, Purpose.shuffle, 0, 0);
    const out = new Int32Array(100);
    expect(permutation(key, 100, out)).toBe(out);
    expect(permutation(key, 100)).toEqual(out);
    expect(permutation(deriveKey(0, Purpose.shuffle, 0, 1), 100)).not.toEqual(out);
  });

  test('gives all 24 orders of four equally often: within 10 % of 1,000 each', () => {
    const counts = new Map<string, number>();
    for (let step = 0; step < 24_000; step++) {
      const order = permutation(deriveKey(3, Purpose.shuffle, 0, step), 4).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(100);
  });

  test('refuses an n that is no count and an array of another length', () => {
    const key = deriveKey(0, Purpose.shuffle, 0, 0);
    expect(() => permutation(key, -1)).toThrow(
      new RangeError('permutation: n must be an integer from 0 to 2^31 − 1, got -1'),
    );
    expect(() => permutation(key, 1.5)).toThrow(RangeError);
    expect(() => permutation(key, 3, new Int32Array(4))).toThrow(
      new RangeError('permutation: out must hold n elements: expected 3, got 4'),
    );
  });
});

describe('dropoutThreshold', () => {
  test('is rate·2^32, rounded, and always a 32-bit word', () => {
    expect([0, 0.25, 0.5].map(dropoutThreshold)).toEqual([0, 2 ** 30, 2 ** 31]);
    expect(dropoutThreshold(0.1)).toBe(Math.round(0.1 * 2 ** 32));
    expect(dropoutThreshold(1 - 2 ** -53)).toBe(2 ** 32 - 1);
  });

  test.each([-0.1, 1, NaN])('refuses rate %s', (rate) => {
    expect(() => dropoutThreshold(rate)).toThrow(
      new RangeError(`dropoutThreshold: rate must be at least 0 and less than 1, got ${rate}`),
    );
  });
});
