import { describe, expect, test } from 'vitest';
import { glorotLimit, glorotUniform, zeros } from '../../src/tensor/initializers.ts';
import { deriveKey, Purpose } from '../../src/tensor/random.ts';
import { expectSameBits } from '../matchers.ts';

describe('glorotUniform', () => {
  test.each([
    ['the first convolution', 9 * 1, 9 * 32, 0.142134],
    ['the second convolution', 9 * 32, 9 * 32, 0.102062],
    ['the first dense layer', 4608, 128, 0.035593],
    ['the second dense layer', 128, 5, 0.212398],
  ])('has the limit of %s of the experiment', (_, fanIn, fanOut, limit) => {
    expect(glorotLimit(fanIn, fanOut)).toBeCloseTo(limit, 6);
  });

  test('fills ±limit and comes close to both ends', () => {
    const out = new Float32Array(10_000);
    glorotUniform(9, 288, deriveKey(0, Purpose.weights, 0, 0), out);
    const limit = Math.fround(glorotLimit(9, 288));
    const largest = Math.max(...out);
    const smallest = Math.min(...out);
    expect(largest).toBeLessThanOrEqual(limit);
    expect(smallest).toBeGreaterThanOrEqual(-limit);
    expect(largest).toBeGreaterThan(0.99 * limit);
    expect(smallest).toBeLessThan(-0.99 * limit);
  });

  test('starts a float64 model from exactly the numbers of its float32 twin', () => {
    const key = deriveKey(7, Purpose.weights, 3, 0);
    const single = new Float32Array(645);
    const double = new Float64Array(645);
    glorotUniform(128, 5, key, single);
    glorotUniform(128, 5, key, double);
    expectSameBits(double, single);
  });

  test.each([
    [0, 0],
    [-1, 3],
    [NaN, 1],
    [Infinity, 1],
  ])('refuses fans %s and %s', (fanIn, fanOut) => {
    const key = deriveKey(0, Purpose.weights, 0, 0);
    expect(() => glorotUniform(fanIn, fanOut, key, new Float32Array(1))).toThrow(
      new RangeError(`glorotUniform: fans must be ≥ 0 and not both zero, got ${fanIn} and ${fanOut}`),
    );
  });
});

test('zeros fills with +0', () => {
  const out = Float32Array.of(1, -0, NaN);
  zeros(out);
  expectSameBits(out, [0, 0, 0]);
});
