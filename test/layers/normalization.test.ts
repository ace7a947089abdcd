import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldReader } from '../../src/formats/fields.ts';
import { fromKeras } from '../../src/formats/keras-layers.ts';
import {
  decodeModel,
  dense,
  encodeKeras,
  encodeModel,
  loadModel,
  type Normalization,
  normalization,
  sequential,
  tensor,
} from '../../src/index.ts';
import { layerFromConfig } from '../../src/layers/registry.ts';
import { expectClose } from '../matchers.ts';
import { readFixture } from '../parity/fixture.ts';

interface Case {
  readonly name: string;
  readonly shape: readonly number[];
  readonly config: readonly unknown[];
  readonly data: readonly number[];
  readonly weights: readonly { name: string; shape: readonly number[]; values: readonly number[] }[];
  readonly x: readonly number[];
  readonly y: readonly number[];
}

const { cases } = readFixture<{ version: number; cases: Case[] }>(
  'keras-normalization.json',
  1,
  'python fixtures/make-keras-normalization-fixtures.py',
);

describe('normalization is Keras’', () => {
  it.each(cases.map((each) => [each.name, each] as const))('%s', async (_, each) => {
    const { layers, inputShape } = fromKeras(each.config, undefined, true, fieldReader('x'), 'x');
    const [{ className, config }] = layers;
    const layer = layerFromConfig(className, { ...config, ...{ inputShape } }) as Normalization;
    if (each.weights.length > 0) await layer.adapt(tensor([...each.data], [20, ...each.shape]));
    const model = sequential([layer]);
    const x = tensor([...each.x], [3, ...each.shape]);
    expectClose((await model.predict(x)).data, each.y, { absolute: 1e-5 });
    expect(layer.parameters.map(({ name, shape }) => ({ name, shape: [...shape] }))).toEqual(
      each.weights.map(({ name, shape }) => ({ name, shape })),
    );
    for (const [i, { data }] of layer.getWeights().entries()) {
      expectClose(data, each.weights[i].values, { relative: 1e-6 });
    }
  });
});

describe('adapt', () => {
  const shape = [2, 3];
  const samples = (count: number, seed: number): number[] =>
    Array.from({ length: count * 6 }, (_, i) => Math.fround(Math.sin(seed + i) * 10));

  it('gives the same bits however samples are batched, one by one, async or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 1, max: 8 }), async (n, cut) => {
        const values = samples(n, n);
        const whole = normalization();
        await whole.adapt(tensor(values, [n, ...shape]));
        const first = Math.min(cut, n - 1);
        const batches = [
          tensor(values.slice(0, first * 6), [first, ...shape]),
          tensor(values.slice(first * 6), [n - first, ...shape]),
        ];
        async function* later() {
          yield* batches;
        }
        for (const data of [new Set(batches), later()]) {
          const other = normalization();
          await other.adapt(data);
          expect(other.getWeights()).toEqual(whole.getWeights());
        }
      }),
      { numRuns: 10 },
    );
  });

  it('forgets what it found before, and counts for a model that is there', async () => {
    const layer = normalization({ inputShape: shape });
    const model = sequential([layer]);
    const x = tensor(samples(4, 1), [4, ...shape]);
    await layer.adapt(tensor(samples(5, 2), [5, ...shape]));
    const before = (await model.predict(x)).data;
    await layer.adapt(x);
    const fresh = normalization();
    await fresh.adapt(x);
    const { data } = await model.predict(x);
    expect(data).not.toEqual(before);
    expect(data).toEqual((await sequential([fresh]).predict(x)).data);
  });

  it.each([
    ['what was given its numbers', { mean: 1, variance: 2 }, [[1]], Error, 'was given its mean and variance'],
    ['no samples', {}, [], TypeError, 'adapt: data must be samples with a shape, [n, …shape], got [0]'],
    ['a number', {}, 3, TypeError, 'adapt: data must be samples, or batches of samples one by one, got 3'],
    [
      'an iterable of nothing',
      {},
      new Set(),
      RangeError,
      'adapt: data must hold at least one sample, got none',
    ],
    [
      'other shapes',
      { inputShape: [3] },
      [[1, 2]],
      RangeError,
      'adapt: data must hold samples of [3], got [2]',
    ],
    ['NaN', {}, [[1, Number.NaN]], RangeError, 'adapt: data must be finite, got NaN or Infinity'],
  ])('refuses %s', async (_, options, data, kind, message) => {
    const promise = normalization(options).adapt(data as never);
    await expect(promise).rejects.toThrow(kind);
    await expect(promise).rejects.toThrow(message);
  });
});

describe('a model with a normalization', () => {
  it.each([-1, null])(
    'of axis %s trains without changing it, and is the same after any format that has it',
    async (axis) => {
      const layer = normalization({ inputShape: [3], axis });
      const model = sequential([layer, dense({ units: 2, activation: 'softmax' })]);
      const x = tensor([1, 2, 3, 4, 6, 8, -1, 0, 5, 2, 2, 2], [4, 3]);
      await layer.adapt(x);
      const before = layer.getWeights();
      model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', threads: 0 });
      await model.fit(x, [0, 1, 0, 1], { epochs: 2 });
      expect(layer.getWeights()).toEqual(before);
      const predicted = (await model.predict(x)).data;
      const ours = await encodeModel(model);
      for (const read of [await decodeModel(ours.json, ours.weights), await loadModel(encodeKeras(model))]) {
        expect((await read.predict(x)).data).toEqual(predicted);
      }
    },
  );
});

it.each([
  [{ axis: '1' }, TypeError, 'normalization: axis must be −1, the last dimension, or null, got '],
  [
    { axis: [1, 2] },
    TypeError,
    'or null, got [1, 2]: for several dimensions flatten before it, and reshape behind it',
  ],
  [{ axis: 0.5 }, RangeError, 'normalization: axis must be −1, the last dimension, or null, got 0.5'],
  [{ axis: 1, inputShape: [2, 3] }, RangeError, 'normalization: axis must be −1, the last dimension, where'],
  [{ mean: 1 }, TypeError, 'normalization: mean and variance must be given together: variance is missing'],
  [{ variance: 1 }, TypeError, 'normalization: mean and variance must be given together: mean is missing'],
  [{ mean: 1, variance: -1 }, RangeError, 'normalization: variance must be at least 0, got -1'],
  [{ mean: [], variance: 1 }, RangeError, 'normalization: mean must hold numbers'],
  [
    { mean: [1, 2], variance: 1, inputShape: [3] },
    RangeError,
    'mean must have a number per channel: expected 3, got 2',
  ],
  [{ inputShape: [] }, RangeError, 'normalization: axis must be'],
])('normalization refuses %j', (options, kind, message) => {
  const make = () => sequential([normalization(options as object)]);
  expect(make).toThrow(kind);
  expect(make).toThrow(message);
});
