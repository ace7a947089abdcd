/** Data as people hand it in: what is taken, and what is refused with the way to make it right. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as degelo from '../../src/index.ts';

const { dense, flatten, sequential, tensor } = degelo;

const N = 6;
const flat = Float32Array.from({ length: N * 4 }, (_, i) => ((i * 37) % 11) / 11);
const x = tensor(flat, [N, 2, 2]);
const y = Int32Array.from({ length: N }, (_, i) => i % 3);
const oneHot = Array.from(y, (label) => [0, 1, 2].map((k) => +(k === label)));

function make(loss: degelo.LossName = 'sparseCategoricalCrossentropy', units = 3, activation = 'softmax') {
  const layers = [flatten({ inputShape: [2, 2] }), dense({ units, activation: activation as 'softmax' })];
  const model = sequential(layers);
  model.compile({ optimizer: 'sgd', loss, threads: 0 });
  return model;
}

const lossOf = async (a: unknown, b: unknown = y) =>
  (await make().fit(a as degelo.Samples, b as degelo.TargetValues)).history.loss;

describe('x may be', () => {
  it.each([
    ['one flat typed array', flat],
    ['one typed array a sample', Array.from({ length: N }, (_, n) => flat.slice(4 * n, 4 * n + 4))],
    [
      'one tensor a sample',
      Array.from({ length: N }, (_, n) => tensor(flat.slice(4 * n, 4 * n + 4), [2, 2])),
    ],
    [
      'nested arrays with typed rows',
      Array.from({ length: N }, (_, n) => [0, 2].map((i) => flat.slice(4 * n + i, 4 * n + i + 2))),
    ],
    ['nested arrays', x.toNested()],
    ['float64', Float64Array.from(flat)],
    ['a tensor of another copy of degelo', { data: flat, shape: [N, 2, 2] }],
  ])('%s', async (_, values) => {
    expect(await lossOf(values)).toEqual(await lossOf(x));
  });
});

describe('fit refuses', () => {
  it.each([
    [
      'a promise',
      Promise.resolve(x),
      y,
      'x must be a number or hold numbers, got a promise (is an await missing?)',
    ],
    ['null', null, y, 'x must be a number or hold numbers, got null'],
    [
      'an ArrayBuffer',
      flat.buffer,
      y,
      'got an ArrayBuffer of 96 bytes: give its numbers: new Float32Array(buffer)',
    ],
    [
      'a DataView',
      new DataView(flat.buffer),
      y,
      'got a DataView of 96 bytes: give its numbers: new Float32Array',
    ],
    ['a string', 'images', y, "x must be a number or hold numbers, got 'images'"],
    [
      'an ndarray',
      { data: flat, shape: [N, 2, 2], stride: [4, 2, 1], offset: 0 },
      y,
      'fromNdarray(array), of degelo/ndarray',
    ],
    ['a tensor of TensorFlow.js', { shape: [N, 2, 2], dataSync() {} }, y, 'tensor(await t.data(), t.shape)'],
    [
      'strings for labels',
      x,
      Array.from(y, String),
      "y[0] must be a number or hold numbers, got '0': convert it: Number(text)",
    ],
    [
      'booleans for labels',
      x,
      Array.from(y, (v) => v > 0),
      'y[0] must be a number or hold numbers, got false: convert it',
    ],
    [
      'BigInts',
      x,
      BigInt64Array.from(y, BigInt),
      'got a BigInt64Array of 6 numbers: Int32Array.from(values, Number)',
    ],
    [
      'a BigInt among numbers',
      x,
      [0, 1n, 2, 0, 1, 2],
      'y[1] must be a number or hold numbers, got 1n: convert it',
    ],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tried
    ['a hole', x, [0, , 2, 0, 1, 2], 'y[1] must be a number or hold numbers, got undefined'],
    ['null among numbers', x, [0, 1, null, 0, 1, 2], 'y[2] must be a number or hold numbers, got null'],
    ['no targets', x, undefined, 'y is missing: expected one target per sample'],
    [
      'one-hot rows for the sparse loss',
      x,
      oneHot,
      'y must hold class numbers for sparseCategoricalCrossentropy, got rows of 3 numbers: use categoricalCrossentropy',
    ],
    [
      'the same, flat',
      x,
      Float32Array.from(oneHot.flat()),
      'got rows of 3 numbers: use categoricalCrossentropy',
    ],
    [
      'a short row',
      Array.from({ length: N }, (_, n) => flat.slice(0, n === 2 ? 3 : 4)),
      y,
      'ragged: expected shape [4] at x[2], got a Float32Array of 3 numbers',
    ],
  ])('%s', async (_, a, b, message) => {
    const fit = make().fit(a as degelo.Samples, b as degelo.TargetValues);
    await expect(fit).rejects.toThrow(message);
    await expect(fit).rejects.toThrow(/^fit: [^\n]*$/);
  });

  it.each(['fit', 'evaluate', 'trainOnBatch'] as const)(
    'samples or targets that are missing in %s',
    async (name) => {
      const call = (...given: unknown[]) => Reflect.apply(make()[name], make(), given) as Promise<unknown>;
      const missing = `${name}: y is missing: expected one target per sample, ${name}(x, y, { … }), got x alone`;
      for (const nothing of [undefined, null]) {
        await expect(call(nothing, nothing)).rejects.toThrow(`${name}: x is missing: ${name}(x, y, { … })`);
        await expect(call(tensor([[1, 2, 3, 4]]), nothing)).rejects.toThrow(missing);
      }
    },
  );

  it('a set, whose order says nothing', async () => {
    await expect(make().trainOnBatch(new Set([1]) as never, y)).rejects.toThrow(/x .*a Set/);
  });

  it('columns of several numbers, or in brackets of their own, for a model of one output', async () => {
    const one = Float32Array.from(y, (label) => +(label === 1));
    const lossWith = async (targets: degelo.Tensor) =>
      (await make('meanSquaredError', 1, 'linear').fit(x, targets)).history.loss;
    expect(await lossWith(tensor(one))).toEqual(await lossWith(tensor(one, [N, 1])));
    for (const shape of [
      [N / 2, 2],
      [N, 1, 1],
    ]) {
      await expect(lossWith(tensor(one, shape))).rejects.toThrow(
        `fit: y must have shape [n, 1], got [${shape.join(', ')}]`,
      );
    }
  });

  it('class numbers for a loss of rows', async () => {
    for (const classes of [y, [...y], tensor(y), tensor(y, [N, 1])]) {
      await expect(make('categoricalCrossentropy').fit(x, classes)).rejects.toThrow(
        'fit: y must hold a row of 3 numbers per sample for categoricalCrossentropy, got one number per sample: ' +
          'use sparseCategoricalCrossentropy, or one-hot rows',
      );
    }
  });
});

describe('targets', () => {
  const rows = (value: number) => oneHot.map((row, n) => (n === 4 ? [value, 0, 0] : row));

  it('of categorical cross-entropy are at least 0, and may be above 1', async () => {
    const model = make('categoricalCrossentropy');
    await expect(model.fit(x, rows(-0.5))).rejects.toThrow(
      new RangeError('fit: y must be at least 0 for categoricalCrossentropy, got -0.5 in sample 4'),
    );
    await expect(model.fit(x, rows(Number.NaN))).rejects.toThrow(
      /y must be finite numbers, got NaN in sample 4/,
    );
    await model.fit(x, rows(2));
  });

  it.each<[loss: degelo.LossName, least: number, most: number]>([
    ['categoricalFocalCrossentropy', 0, 1],
    ['binaryCrossentropy', 0, 1],
    ['binaryFocalCrossentropy', 0, 1],
    ['categoricalHinge', 0, 1],
    ['klDivergence', 0, 1],
    ['dice', 0, 1],
    ['tversky', 0, 1],
    ['hinge', -1, 1],
    ['squaredHinge', -1, 1],
    ['poisson', 0, Infinity],
    ['meanSquaredLogarithmicError', 0, Infinity],
  ])('of %s are from %i to %i', async (loss, least, most) => {
    const model = make(loss, 3, loss.startsWith('categorical') ? 'softmax' : 'sigmoid');
    const range = most === Infinity ? `at least ${least}` : `from ${least} to ${most}`;
    for (const value of [least, Math.min(most, 1e6)]) await model.evaluate(x, rows(value));
    for (const value of [least - 1e-3, ...(most === Infinity ? [] : [most + 1e-3])]) {
      await expect(model.evaluate(x, rows(value))).rejects.toThrow(
        new RangeError(`evaluate: y must be ${range} for ${loss}, got ${Math.fround(value)} in sample 4`),
      );
    }
  });

  it('of mean squared error are any finite numbers', async () => {
    await make('meanSquaredError', 3, 'linear').fit(x, rows(-7));
  });
});

describe('a softmax over one number', () => {
  afterEach(() => vi.restoreAllMocks());

  it('is warned of, once a layer, as in Keras', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const model = make('binaryCrossentropy', 1);
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
    expect(warn.mock.calls).toEqual([
      ['compile: layer dense has a softmax over one number, which is always 1: did you mean sigmoid?'],
    ]);
    make('binaryCrossentropy', 1, 'sigmoid');
    expect(warn).toHaveBeenCalledTimes(1);
    make('meanSquaredError', 1, 'logSoftmax');
    expect(warn).toHaveBeenLastCalledWith(
      expect.stringContaining('a logSoftmax over one number, which is always 0'),
    );
  });
});

describe('setWeights', () => {
  it('takes tensors, of another copy too, and refuses plain arrays', () => {
    const model = make();
    const weights = model.getWeights();
    model.setWeights(weights.map(({ data, shape }) => ({ data, shape })) as never);
    expect(() => model.setWeights(weights.map(({ data }) => data) as never)).toThrow(
      'setWeights: weights[0] must be a tensor, got a Float32Array of 12 numbers: tensor(values, shape)',
    );
    expect(() => model.setWeights(weights[0] as never)).toThrow(
      /weights must be an array of tensors, got a tensor/,
    );
    expect(() => model.layers[1].setWeights([[1]] as never)).toThrow(
      /weights\[0\] must be a tensor, got \[1\]/,
    );
  });
});
