import { describe, expect, it } from 'vitest';
import {
  type GroupNormalizationOptions,
  groupNormalization,
  type LayerNormalizationOptions,
  layerNormalization,
  type RmsNormalizationOptions,
  rmsNormalization,
} from '../../src/index.ts';
import { expectClose } from '../matchers.ts';
import { type Bench, bench, expectGradients } from './harness.ts';

/** Of the definition: each element by mean and variance of the elements that share its group, scaled by its γ and shifted by its β. */
function expected(
  { run, N }: Bench,
  groupOf: (e: number) => number,
  channelOf: (e: number) => number,
  { epsilon = 1e-3, scale = true, center = true, isCentred = true },
): number[] {
  const [gamma, beta] = scale ? run.parameters : [null, run.parameters[0]];
  const size = run.x.length / N;
  return Array.from(run.x, (value, i) => {
    const first = i - (i % size);
    const group = [...run.x.subarray(first, first + size)].filter((_, e) => groupOf(e) === groupOf(i % size));
    const mean = isCentred ? group.reduce((sum, v) => sum + v, 0) / group.length : 0;
    const variance = group.reduce((sum, v) => sum + (v - mean) ** 2, 0) / group.length;
    const c = channelOf(i % size);
    return ((value - mean) / Math.sqrt(variance + epsilon)) * (gamma ? gamma[c] : 1) + (center ? beta[c] : 0);
  });
}

describe('rmsNormalization', () => {
  it.each<[RmsNormalizationOptions, number, number]>([
    [{}, 4, 1e-6],
    [{ axis: [2, 3], epsilon: 0.25 }, 8, 0.25],
  ])('%j: each position, or sample, by its own root mean square', (options, K, epsilon) => {
    const test = bench(rmsNormalization(options), [3, 2, 4], 2);
    const by = expected(
      test,
      (e) => Math.floor(e / K),
      (e) => e % K,
      { epsilon, center: false, isCentred: false },
    );
    expectClose(test.forward(), by, { absolute: 1e-13 });
    expectGradients(test);
  });

  it('has one parameter, Keras’ scale, and knows no option of others', () => {
    const layer = rmsNormalization();
    layer.build([2, 3]);
    expect(layer.parameters.map(({ name, shape }) => [name, ...shape])).toEqual([['scale', 3]]);
    expect(() => rmsNormalization({ center: true } as RmsNormalizationOptions)).toThrow(
      /unknown option center/,
    );
    expect(() => rmsNormalization({ axis: 1 }).build([2, 3])).toThrow(/^rmsNormalization: axis must be −1/);
  });
});

describe('layerNormalization', () => {
  it.each<[LayerNormalizationOptions, number]>([
    [{}, 4],
    [{ axis: 3, epsilon: 0.25 }, 4],
    [{ axis: [2, 3], scale: false }, 8],
    [{ axis: [-1, -3, 2], center: false }, 24],
    [{ scale: false, center: false }, 4],
  ])('%j: each position, or sample, by its own mean and variance', (options, K) => {
    const test = bench(layerNormalization(options), [3, 2, 4], 2);
    const by = expected(
      test,
      (e) => Math.floor(e / K),
      (e) => e % K,
      options,
    );
    expectClose(test.forward(), by, { absolute: 1e-13 });
    expectGradients(test);
  });

  it('takes rows, and keeps what is far from zero', () => {
    const test = bench(layerNormalization({ epsilon: 1e-9 }), [3], 1);
    test.x.set([1e6, 1e6 + 1, 1e6 + 2]);
    test.run.parameters[0].set([1, 1, 1]);
    test.run.parameters[1].fill(0);
    expectClose(test.forward(), [-Math.sqrt(1.5), 0, Math.sqrt(1.5)], { absolute: 1e-8 });
  });

  it.each([
    [{ axis: 'last' }, [2], /axis must be an integer, or several in an array, got 'last'/],
    [{ axis: [] }, [2], /axis must be an integer, or several in an array/],
    [{ axis: 1 }, [2, 3], /axis must be −1, or the last dimensions .* got 1 for \[2,3\]/],
    [{ axis: [1, 3] }, [2, 3, 4], /axis must be −1, or the last dimensions/],
    [{ axis: -4 }, [2, 3, 4], /axis must be −1, or the last dimensions/],
    [{}, [], /axis must be −1, or the last dimensions/],
    [{ epsilon: -1 }, [2], /layerNormalization: epsilon must be at least 0/],
    [{ momentum: 0.9 }, [2], /unknown option momentum/],
  ])('refuses %j for %j', (options, shape, message) => {
    expect(() => layerNormalization(options as LayerNormalizationOptions).build(shape)).toThrow(message);
  });
});

describe('groupNormalization', () => {
  it.each<[GroupNormalizationOptions, number]>([
    [{ groups: 3 }, 2],
    [{ groups: 1, epsilon: 0.25, center: false }, 6],
    [{ groups: -1, scale: false }, 1],
  ])('%j: each group of channels by its own mean and variance', (options, K) => {
    const test = bench(groupNormalization(options), [2, 2, 6], 2);
    const by = expected(
      test,
      (e) => Math.floor((e % 6) / K),
      (e) => e % 6,
      options,
    );
    expectClose(test.forward(), by, { absolute: 1e-13 });
    expectGradients(test);
  });

  it('has 32 groups unless told', () => {
    expect(groupNormalization().getConfig()).toMatchObject({ groups: 32, epsilon: 1e-3 });
  });

  it.each([
    [{ groups: 4 }, [2, 2, 6], /groups must divide the channels, which are last: got 4 for \[2,2,6\]/],
    [{ groups: 1 }, [], /groups must divide the channels/],
    [{ groups: 0 }, [6], /groups must be an integer ≥ 1, got 0/],
    [{ axis: 1 }, [6], /unknown option axis/],
  ])('refuses %j for %j', (options, shape, message) => {
    expect(() => groupNormalization(options as GroupNormalizationOptions).build(shape)).toThrow(message);
  });
});
