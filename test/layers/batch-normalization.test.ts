import { describe, expect, it, vi } from 'vitest';
import { activation, conv2d, dense, depthwiseConv2d, type Layer, sequential, sgd } from '../../src/index.ts';
import {
  type BatchNormalization,
  type BatchNormalizationOptions,
  batchNormalization,
} from '../../src/layers/batch-normalization.ts';
import { input } from '../../src/layers/input-layer.ts';
import { Step } from '../../src/model/step.ts';
import { sizeOf, Tensor } from '../../src/tensor/tensor.ts';
import { model } from '../../src/training/functional.ts';
import { expectClose, expectSameBits } from '../matchers.ts';
import { type Bench, bench, expectGradients, numbers } from './harness.ts';

/** All numbers of channel c, in order. */
function channel(values: ArrayLike<number>, c: number, C: number): number[] {
  return Array.from({ length: values.length / C }, (_, row) => values[row * C + c]);
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Mean and variance of each channel over the whole batch. */
function moments(x: ArrayLike<number>, C: number): { m: number[]; v: number[] } {
  const m = Array.from({ length: C }, (_, c) => mean(channel(x, c, C)));
  const v = m.map((mc, c) => mean(channel(x, c, C).map((value) => (value - mc) ** 2)));
  return { m, v };
}

/** The layer's parameters in a bench, by name; variances made positive. */
function parametersOf({ run }: Bench): Record<string, Float64Array> {
  const { layer } = run.stage;
  return Object.fromEntries(layer.parameters.map(({ name }, p) => [name, run.parameters[p] as Float64Array]));
}

function expected(
  x: ArrayLike<number>,
  m: ArrayLike<number>,
  v: ArrayLike<number>,
  { gamma, beta }: Record<string, Float64Array>,
  epsilon: number,
): number[] {
  const C = m.length;
  return Array.from(x, (value, i) => {
    const c = i % C;
    const centred = (value - m[c]) / Math.sqrt(v[c] + epsilon);
    return (gamma ? gamma[c] : 1) * centred + (beta ? beta[c] : 0);
  });
}

const SHAPES = [
  [[3, 2, 4], 5],
  [[6], 9],
  [[1, 1, 1], 2],
] as const;

const OPTIONS: readonly BatchNormalizationOptions[] = [
  {},
  { epsilon: 0.25 },
  { center: false },
  { scale: false },
  { center: false, scale: false, epsilon: 1e-5 },
];

describe('batchNormalization in training', () => {
  it.each(SHAPES.flatMap(([shape, N]) => OPTIONS.map((options) => [options, shape, N] as const)))(
    'normalises each channel by the batch’s mean and variance: %j, %j × %d',
    (options, shape, N) => {
      const test = bench(batchNormalization(options), shape, N);
      const { m, v } = moments(test.x, shape[shape.length - 1]);
      const y = expected(test.x, m, v, parametersOf(test), options.epsilon ?? 1e-3);
      expectClose(test.forward(), y, { absolute: 1e-12 });
    },
  );

  it('has the gradients of central differences, with and without γ and β, folded ReLU too', () => {
    for (const options of OPTIONS) expectGradients(bench(batchNormalization(options), [2, 3, 2], 4));
    expectGradients(bench(batchNormalization(), [3], 5, null, { relu: true }));
  });

  it('keeps its digits where the mean is large: E[x²] − E[x]² would lose them all', () => {
    const test = bench(batchNormalization({ epsilon: 0 }), [1], 8);
    const [gamma, beta] = test.run.parameters;
    gamma.fill(1);
    beta.fill(0);
    const small = test.x.slice();
    const plain = test.forward();
    for (let i = 0; i < small.length; i++) test.x[i] = small[i] + 2 ** 27;
    expectClose(test.forward(), plain, { absolute: 1e-6 });
  });

  it('moves its averages by the share that momentum leaves, with the biased variance', () => {
    const layer = batchNormalization({ momentum: 0.75 });
    const test = bench(layer, [2, 2, 3], 4);
    const before = parametersOf(test);
    const [oldMean, oldVariance] = [before.moving_mean.slice(), before.moving_variance.slice()];
    const { m, v } = moments(test.x, 3);
    test.forward();
    layer.move(test.run, 2, 0, 3);
    // The middle channel alone, as a worker with this tile.
    layer.move(test.run, 3, 1, 2);
    expectClose(
      before.moving_mean,
      oldMean.map((old, c) => 0.75 * old + 0.25 * m[c]),
      { absolute: 1e-14 },
    );
    expectClose(
      before.moving_variance,
      oldVariance.map((old, c) => (c === 1 ? 0.75 * old + 0.25 * v[c] : old)),
      { absolute: 1e-14 },
    );
  });
});

describe('batchNormalization in inference, and where it is frozen', () => {
  it.each(OPTIONS)('normalises by the moving averages: %j', (options) => {
    const test = bench(batchNormalization(options), [2, 3, 2], 3, null, { training: false });
    const own = parametersOf(test);
    own.moving_variance.set([0.3, 1.7]);
    const y = expected(test.x, own.moving_mean, own.moving_variance, own, options.epsilon ?? 1e-3);
    expectClose(test.forward(), y, { absolute: 1e-12 });
    expectGradients(test);
  });

  it('has the gradients of ReLU before it, folded in', () => {
    const test = bench(batchNormalization(), [3], 4, null, { training: false, relu: true });
    parametersOf(test).moving_variance.set([0.3, 1.7, 0.9]);
    expectGradients(test);
  });
});

/** Samples around `centre`, as a model takes them. */
const samples = (N: number, C: number, name: number, centre = 0): Tensor =>
  new Tensor(
    Float32Array.from(numbers(N * C, name), (v) => centre + 2 * v),
    [N, C],
  );

describe('batchNormalization in a model', () => {
  const make = (options: BatchNormalizationOptions = {}) => {
    const layer = batchNormalization({ ...options, inputShape: [3] });
    const network = sequential([layer]);
    network.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    return { layer, network };
  };
  const averages = (layer: BatchNormalization): Float32Array[] =>
    layer
      .getWeights()
      .slice(-2)
      .map(({ data }) => Float32Array.from(data));

  it('begins with γ = 1, β = 0, mean 0 and variance 1, of which two are trained', () => {
    const { layer, network } = make();
    const values = layer.getWeights().map(({ data }) => Array.from(data));
    expect(values).toEqual([1, 0, 0, 1].map((value) => [value, value, value]));
    expect(network.countParams()).toEqual({ total: 12, trainable: 6, nonTrainable: 6 });
  });

  it('follows every batch of an epoch, the last, smaller one by its own size', async () => {
    const { layer, network } = make({ momentum: 0.5 });
    const x = samples(21, 3, 1, 4);
    let [m, v] = [
      [0, 0, 0],
      [1, 1, 1],
    ];
    for (const [from, to] of [
      [0, 9],
      [9, 18],
      [18, 21],
    ]) {
      const batch = moments(x.data.subarray(3 * from, 3 * to), 3);
      m = m.map((old, c) => (old + batch.m[c]) / 2);
      v = v.map((old, c) => (old + batch.v[c]) / 2);
    }
    await network.fit(x, samples(21, 3, 2), { batchSize: 9, epochs: 1, shuffle: false, verbose: 0 });
    const [movingMean, movingVariance] = averages(layer);
    expectClose(movingMean, m, { absolute: 1e-5 });
    expectClose(movingVariance, v, { absolute: 1e-5 });
  });

  it('predicts by its averages, so a sample gives the same in any company', async () => {
    const { network } = make({ momentum: 0.5 });
    const x = samples(9, 3, 1, 4);
    await network.fit(x, samples(9, 3, 2), { batchSize: 9, epochs: 3, verbose: 0 });
    const all = await network.predict(x);
    const one = await network.predict(new Tensor(x.data.slice(6, 9), [1, 3]));
    expectSameBits(one.data, all.data.subarray(6, 9));
  });

  it('neither moves its averages nor trains γ and β where it is frozen', async () => {
    const { layer, network } = make();
    layer.trainable = false;
    network.add(batchNormalization());
    network.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const before = layer.getWeights().map(({ data }) => Array.from(data));
    await network.fit(samples(9, 3, 1, 4), samples(9, 3, 2), { epochs: 2, verbose: 0 });
    expect(layer.getWeights().map(({ data }) => Array.from(data))).toEqual(before);
  });

  it('applied with training: false, trains γ and β by its averages, which stay', async () => {
    const x = input({ shape: [3] });
    const layer = batchNormalization();
    const network = model({ inputs: x, outputs: layer.apply(x, { training: false }) });
    network.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await network.fit(samples(9, 3, 1, 4), samples(9, 3, 2), { epochs: 1, verbose: 0 });
    const [gamma, beta, movingMean, movingVariance] = layer.getWeights().map(({ data }) => Array.from(data));
    expect([movingMean, movingVariance]).toEqual([
      [0, 0, 0],
      [1, 1, 1],
    ]);
    expect(gamma.every((g) => g !== 1) && beta.every((b) => b !== 0)).toBe(true);
  });
});

describe('batchNormalization behind a layer whose weights hold it in inference', () => {
  const image = { inputShape: [5, 4, 3] };
  it.each<[string, () => Layer]>([
    ['conv2d', () => conv2d({ filters: 4, kernelSize: 3, ...image })],
    ['conv2d without a bias', () => conv2d({ filters: 4, kernelSize: 1, useBias: false, ...image })],
    ['conv2d in groups', () => conv2d({ filters: 6, kernelSize: 2, groups: 3, ...image })],
    ['depthwiseConv2d', () => depthwiseConv2d({ kernelSize: 3, padding: 'same', ...image })],
    ['depthwiseConv2d without a bias', () => depthwiseConv2d({ kernelSize: 2, useBias: false, ...image })],
    [
      'depthwiseConv2d of two filters a channel',
      () => depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2, ...image }),
    ],
    ['dense', () => dense({ units: 5, inputShape: [7] })],
  ])('predicts after %s what it predicts by itself', async (_, make) => {
    const first = make();
    const network = sequential([first, batchNormalization(), activation('relu')]);
    network.setWeights(
      network.getWeights().map(({ data, shape }, i) => {
        const isVariance = i === network.getWeights().length - 1;
        return new Tensor(
          Float32Array.from(numbers(data.length, i), (v) => (isVariance ? 1.5 + v : v)),
          shape,
        );
      }),
    );
    const x = new Tensor(numbers(2 * sizeOf(first.inputShape ?? []), 99), [2, ...(first.inputShape ?? [])]);
    const [gamma, beta, m, v] = network
      .getWeights()
      .slice(-4)
      .map(({ data }) => data);
    const before = await sequential([first]).predict(x);
    const apart = Array.from(before.data, (z, i) => {
      const c = i % m.length;
      return Math.max(0, ((z - m[c]) / Math.sqrt(v[c] + 1e-3)) * gamma[c] + beta[c]);
    });
    const whole = await network.predict(x);
    expect(apart.filter((y) => y > 0).length).toBeGreaterThan(2);
    expectClose(whole.data, apart, { absolute: 2e-6 });
  });

  it('is folded anew once weights were trained or set, and not for each prediction', async () => {
    const prepares = vi.spyOn(Step.prototype, 'prepareWeights');
    const make = () => sequential([dense({ units: 2, inputShape: [3] }), batchNormalization()]);
    const x = new Tensor(numbers(12, 1), [4, 3]);
    const network = make();
    const compiled = { optimizer: sgd({ learningRate: 0.5 }), loss: 'meanSquaredError', threads: 0 } as const;
    network.compile(compiled);
    const counts: number[] = [];
    const predict = async () => {
      const twin = make();
      twin.setWeights(network.getWeights());
      const expected = (await twin.predict(x)).data;
      prepares.mockClear();
      expectSameBits((await network.predict(x, { batchSize: 4 })).data, expected);
      counts.push(prepares.mock.calls.length);
    };
    await predict();
    await network.fit(x, new Tensor(numbers(8, 2), [4, 2]), { epochs: 1, batchSize: 4, verbose: 0 });
    for (let i = 0; i < 2; i++) await predict();
    network.setWeights(
      network.getWeights().map(
        ({ data, shape }) =>
          new Tensor(
            data.map((v) => 2 * v),
            shape,
          ),
      ),
    );
    for (let i = 0; i < 2; i++) await predict();
    expect(counts).toEqual([2, 1, 0, 2, 0]);
    prepares.mockRestore();
  });
});

describe('batchNormalization refuses', () => {
  it.each<[object, RegExp]>([
    [{ axis: 1.5 }, /^batchNormalization: axis must be −1, the last dimension, got 1.5$/],
    [{ momentum: 1.5 }, /^batchNormalization: momentum must be at most 1, got 1.5$/],
    [{ momentum: -0.1 }, /momentum must be at least 0 and finite, got -0.1/],
    [{ momentum: 'high' }, /momentum must be a number, got 'high'/],
    [{ epsilon: -1 }, /epsilon must be at least 0/],
    [{ center: 1 }, /center must be true or false, got 1/],
    [{ scale: 'yes' }, /scale must be true or false, got 'yes'/],
    [{ decay: 0.9 }, /^batchNormalization: unknown option decay/],
  ])('%j', (options, message) => {
    expect(() => batchNormalization(options as BatchNormalizationOptions)).toThrow(message);
  });

  it('another dimension than the last one, and samples without channels', () => {
    expect(() => batchNormalization({ axis: 1 }).build([4, 3, 2])).toThrow(
      /axis must be −1, the last dimension, where the channels are \(permute brings another there\): got 1 for \[4,3,2\]/,
    );
    expect(batchNormalization({ axis: 3 }).computeOutputShape([4, 3, 2])).toEqual([4, 3, 2]);
    expect(() => batchNormalization().build([])).toThrow(/a sample must have channels, got \[\]/);
  });
});
