import { describe, expect, test } from 'vitest';
import {
  checkInitializer,
  fansOf,
  INITIALIZERS,
  type Initializer,
  initialize,
  initializers,
} from '../../src/tensor/initializers.ts';
import { deriveKey, Purpose, uniform } from '../../src/tensor/random.ts';
import { expectSameBits } from '../matchers.ts';

const KEY = deriveKey(7, Purpose.weights, 3, 0);

function draw(initializer: Initializer, fanIn = 30, fanOut = 10, count = 20_000): Float32Array {
  const out = new Float32Array(count);
  initialize(initializer, { fanIn, fanOut }, KEY, out);
  return out;
}

const meanOf = (values: Float32Array): number => values.reduce((sum, v) => sum + v, 0) / values.length;
const deviationOf = (values: Float32Array): number => {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
};
const largest = (values: Float32Array): number => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);

describe('initializers', () => {
  test.each([
    ['the first convolution', 9 * 1, 9 * 32, 0.142134],
    ['the second convolution', 9 * 32, 9 * 32, 0.102062],
    ['the first dense layer', 4608, 128, 0.035593],
    ['the second dense layer', 128, 5, 0.212398],
  ])('glorotUniform has the limit of %s of the experiment, and its bits', (_, fanIn, fanOut, limit) => {
    const drawn = draw('glorotUniform', fanIn, fanOut);
    expect(largest(drawn)).toBeLessThanOrEqual(Math.fround(limit + 5e-7));
    expect(largest(drawn)).toBeGreaterThan(0.999 * limit);
    const bound = Math.sqrt(6 / (fanIn + fanOut));
    const expected = new Float32Array(drawn.length);
    uniform(KEY, -bound, bound, expected);
    expectSameBits(drawn, expected);
  });

  // Deviations by Keras' own documentation of each: √(1/fanAvg), √(2/fanIn), √(1/fanIn).
  test.each([
    ['glorotNormal', Math.sqrt(1 / 20)],
    ['heNormal', Math.sqrt(2 / 30)],
    ['lecunNormal', Math.sqrt(1 / 30)],
  ] as const)(
    '%s has the deviation that its name promises, after it was cut off at two',
    (name, deviation) => {
      const drawn = draw(name);
      expect(Math.abs(meanOf(drawn))).toBeLessThan(0.02 * deviation);
      expect(Math.abs(deviationOf(drawn) / deviation - 1)).toBeLessThan(0.02);
      const cut = (2 * deviation) / 0.87962566103423978;
      expect(largest(drawn)).toBeLessThanOrEqual(Math.fround(cut));
      expect(largest(drawn)).toBeGreaterThan(0.99 * cut);
    },
  );

  test.each([
    ['glorotUniform', Math.sqrt(6 / 40)],
    ['heUniform', Math.sqrt(6 / 30)],
    ['lecunUniform', Math.sqrt(3 / 30)],
    [{ name: 'varianceScaling', scale: 3, mode: 'fanOut', distribution: 'uniform' }, Math.sqrt(9 / 10)],
    [{ name: 'randomUniform', minval: -0.5, maxval: 0.5 }, 0.5],
  ] as const)('%j is spread evenly as far as %d', (initializer, limit) => {
    const drawn = draw(initializer);
    expect(largest(drawn)).toBeLessThanOrEqual(Math.fround(limit));
    expect(largest(drawn)).toBeGreaterThan(0.999 * limit);
    expect(Math.abs(deviationOf(drawn) / (limit / Math.sqrt(3)) - 1)).toBeLessThan(0.02);
  });

  test('randomNormal and truncatedNormal have mean and deviation as given; the latter stays within two', () => {
    const normal = draw(initializers.randomNormal({ mean: 3, stddev: 0.5 }));
    expect(meanOf(normal)).toBeCloseTo(3, 1);
    expect(deviationOf(normal)).toBeCloseTo(0.5, 1);
    expect(normal.some((v) => Math.abs(v - 3) > 1)).toBe(true);
    const truncated = draw(initializers.truncatedNormal({ mean: 3, stddev: 0.5 }));
    expect(truncated.every((v) => Math.abs(v - 3) <= 1)).toBe(true);
    const wide = draw(initializers.varianceScaling({ distribution: 'untruncatedNormal' }));
    expect(Math.abs(deviationOf(wide) / Math.sqrt(1 / 30) - 1)).toBeLessThan(0.02);
  });

  test('zeros, ones and constant fill with one number', () => {
    expect([...draw('zeros', 1, 1, 2)]).toEqual([0, 0]);
    expect([...draw('ones', 1, 1, 2)]).toEqual([1, 1]);
    expect([...draw('constant', 1, 1, 2)]).toEqual([0, 0]);
    expect([...draw(initializers.constant({ value: 0.25 }), 1, 1, 2)]).toEqual([0.25, 0.25]);
  });

  test.each(INITIALIZERS)(
    '%s starts a float64 model from exactly the numbers of its float32 twin',
    (name) => {
      const double = new Float64Array(645);
      initialize(name, { fanIn: 30, fanOut: 10 }, KEY, double);
      expectSameBits(double, draw(name, 30, 10, 645));
    },
  );

  test('fans are Keras’: the last two dimensions times the positions before them', () => {
    expect(fansOf([3, 5, 4, 7])).toEqual({ fanIn: 60, fanOut: 105 });
    expect(fansOf([4, 7])).toEqual({ fanIn: 4, fanOut: 7 });
    expect(fansOf([7])).toEqual({ fanIn: 7, fanOut: 7 });
    expect(fansOf([])).toEqual({ fanIn: 1, fanOut: 1 });
  });

  test.each([
    [7, TypeError, 'dense: kernelInitializer must be a name or an object with a name, got 7'],
    ['glorotUnifrom', RangeError, /got 'glorotUnifrom' \(did you mean 'glorotUniform'\?\)/],
    [{ value: 1 }, RangeError, /must be one of .*, got an object \{ value \}/],
    [{ name: 'heNormal', seed: 1 }, RangeError, /heNormal has no option seed: expected none/],
    [{ name: 'constant', val: 1 }, RangeError, /constant has no option val: expected value/],
    [{ name: 'constant', value: '1' }, TypeError, /value must be a number, got '1'/],
    [{ name: 'constant', value: NaN }, RangeError, /value must be finite, got NaN/],
    [{ name: 'randomNormal', stddev: -1 }, RangeError, /stddev must be at least 0, got -1/],
    [{ name: 'varianceScaling', scale: 0 }, RangeError, /scale must be above 0, got 0/],
    [{ name: 'varianceScaling', mode: 'fan' }, RangeError, /mode must be one of fanIn, fanOut, fanAvg/],
  ])('refuse %j in one line', (given, kind, message) => {
    const check = () => checkInitializer('dense: kernelInitializer', given);
    expect(check).toThrow(kind);
    expect(check).toThrow(message);
  });

  test('are known by Keras’ names, of functions and of classes', () => {
    const check = (given: unknown) => checkInitializer('dense: kernelInitializer', given);
    expect(['he_normal', 'HeNormal', 'heNormal'].map(check)).toEqual(['heNormal', 'heNormal', 'heNormal']);
    expect(check({ name: 'VarianceScaling', scale: 2, mode: 'fan_in' })).toEqual({
      ...{ name: 'varianceScaling', scale: 2, mode: 'fanIn' },
    });
  });
});
