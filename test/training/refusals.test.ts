/** What a model refuses, and what it says then. */
import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { compiled, compileOptions } from './compiled.ts';
import { tinyData, tinyModel } from './tiny.ts';

const { sgd, sequential, dense, activation, tensor } = degelo;

describe('fit', () => {
  it('refuses to do two things at once', async () => {
    const { x, y } = tinyData(8);
    const model = compiled();
    const first = model.fit(x, y);
    await expect(model.fit(x, y)).rejects.toThrow(/fit: this model is busy with fit/);
    await first;
  });

  it('says which step made the loss NaN, and that the learning rate may be why', async () => {
    const { x, y } = tinyData(8);
    const model = tinyModel(degelo);
    model.compile({ ...compileOptions, optimizer: sgd({ learningRate: 1e30 }) });
    await expect(model.fit(x, y, { epochs: 3 })).rejects.toThrow(degelo.NonFiniteError);
  });

  it('refuses data that is not finite, which ReLU would hide from the loss', async () => {
    const { x, y } = tinyData(8);
    x.data[250] = Number.NaN;
    await expect(compiled().fit(x, y)).rejects.toThrow(/x must be finite numbers, got NaN in sample 2/);
    x.data[250] = 0;
    y.data[3] = Number.POSITIVE_INFINITY;
    await expect(compiled().fit(x, y)).rejects.toThrow(/y must be finite numbers, got Infinity in sample 1/);
  });

  it('says which weight is not finite, even where the loss hides it', async () => {
    // The only input is 0, so a wild weight never shows in the loss.
    const model = sequential([dense({ units: 2, inputShape: [2] }), activation('softmax')]);
    model.setWeights([
      tensor([
        [Number.POSITIVE_INFINITY, 0],
        [0, 0],
      ]),
      tensor([0, 0]),
    ]);
    model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', threads: 0 });
    await expect(model.fit(tensor([[0, 1]]), Int32Array.of(1))).rejects.toThrow(
      /weight 0 of dense\/kernel became Infinity/,
    );
  });

  it('says which of the optimizer’s means is not finite, where loss and weights still are', async () => {
    // The gradient is 1e25, and its square is more than a float32 holds.
    const model = sequential([dense({ units: 1, useBias: false, inputShape: [1] })]);
    model.compile({ optimizer: 'adam', loss: 'meanAbsoluteError', threads: 0 });
    await expect(model.fit(tensor([[1e25]]), tensor([[0]]))).rejects.toThrow(
      "fit: epoch 1: the optimizer's velocity 0 of dense/kernel became Infinity: lower the learning rate",
    );
  });

  it.each([
    [{ batchSize: 0 }, /fit: batchSize must be an integer ≥ 1, got 0/],
    [{ batchSize: Number.NaN }, /batchSize must be an integer ≥ 1, got NaN/],
    [{ epochs: -1 }, /epochs must be an integer ≥ 0, got -1/],
    [{ epochs: 1.5 }, /epochs must be an integer ≥ 0, got 1.5/],
    [{ featureCacheMB: -1 }, /featureCacheMB must be a number ≥ 0, got -1/],
  ])('refuses %j', async (options, message) => {
    const { x, y } = tinyData(8);
    await expect(compiled().fit(x, y, options)).rejects.toThrow(message);
  });

  it('refuses data that does not fit, naming both shapes', async () => {
    const { x, y, classes } = tinyData(8);
    const model = compiled();
    await expect(model.fit(x.reshape([8, 100]), y)).rejects.toThrow(
      /x must have shape \[n, 10, 10, 1\], got \[8, 100\]/,
    );
    await expect(model.fit(x, y.reshape([4, 6]))).rejects.toThrow(/y must have shape \[n, 3\], got \[4, 6\]/);
    await expect(model.fit(x, tinyData(9).y)).rejects.toThrow(/the same number of samples, got 8 and 9/);
    await expect(model.fit(x.data.subarray(1), y)).rejects.toThrow(/whole samples of 100 numbers, got 799/);
    await expect(model.fit([], [])).rejects.toThrow(/at least one sample, got none/);
    await expect(model.fit(x, y, { validationData: [[], []] })).rejects.toThrow(
      'fit: validationData: x must hold at least one sample, got none',
    );
    await expect(model.fit(3, y)).rejects.toThrow(/x must be a tensor or an array of samples, got 3/);
    await expect(model.fit(x, undefined as never)).rejects.toThrow(/y is missing/);
    const sparse = tinyModel(degelo);
    sparse.compile({ ...compileOptions, loss: 'sparseCategoricalCrossentropy', optimizer: 'sgd' });
    classes[5] = 3;
    await expect(sparse.fit(x, classes)).rejects.toThrow(/class numbers from 0 to 2, got 3 for sample 5/);
    await expect(sparse.fit(x, [0, 1, 2, 0, 1.5, 0, 0, 0])).rejects.toThrow(/got 1.5 for sample 4/);
  });
});

describe('compile', () => {
  it.each([
    [
      { optimizer: 'mine' },
      /optimizer must be one of adadelta, adagrad, adam, adamW, adamax, lion, nadam, rmsprop, sgd, got 'mine'/,
    ],
    [{ loss: 'triplet' }, /loss must be one of .* got 'triplet'/],
    [{ metrics: ['f1'] }, /metrics must be among accuracy, binaryAccuracy, .*, got 'f1'/],
    [{ threads: -1 }, /threads must be an integer ≥ 0, got -1/],
    [{ threads: Number.NaN }, /threads must be an integer ≥ 0, got NaN/],
    [{ kernel: 'gpu' }, /kernel must be one of .*got 'gpu'/],
    [{ convolution: 'fft' }, /convolution must be one of .*got 'fft'/],
  ])('refuses %j', (options, message) => {
    const all = { ...compileOptions, optimizer: 'sgd', ...options } as degelo.CompileOptions;
    expect(() => tinyModel(degelo).compile(all)).toThrow(message);
    expect(() => tinyModel(degelo).compile(all)).toThrow(/^compile: /);
  });

  it('takes names of kernels and of convolutions with other capitals', () => {
    const model = tinyModel(degelo);
    model.compile({
      ...compileOptions,
      optimizer: 'sgd',
      kernel: 'Plain' as never,
      convolution: 'DIRECT' as never,
    });
    expect(model.compiled).toMatchObject({ kernel: 'plain', convolution: 'direct' });
  });

  it('refuses a loss that does not fit the model, at once or when the model is built', async () => {
    const linear = sequential([dense({ units: 3, inputShape: [2] })]);
    const rule = 'compile: categoricalCrossentropy needs probabilities: end the model with activation';
    expect(() => linear.compile({ ...compileOptions, optimizer: 'sgd' })).toThrow(RangeError);
    expect(() => linear.compile({ ...compileOptions, optimizer: 'sgd' })).toThrow(rule);
    const later = sequential([dense({ units: 3 })]);
    later.compile({ ...compileOptions, optimizer: 'sgd' });
    await expect(later.fit([[1, 2]], [[1, 0, 0]])).rejects.toThrow(rule);
  });

  it('is asked for where it is missing', async () => {
    const { x, y } = tinyData(2);
    await expect(tinyModel(degelo).fit(x, y)).rejects.toThrow(/fit: the model isn't compiled: call compile/);
    await expect(tinyModel(degelo).evaluate(x, y)).rejects.toThrow(/evaluate: the model isn't compiled/);
    await expect(tinyModel(degelo).trainOnBatch(x, y)).rejects.toThrow(/trainOnBatch: the model isn't/);
    expect(() => tinyModel(degelo).plan()).toThrow(/plan: the model isn't compiled/);
    expect(() => tinyModel(degelo).describePlan()).toThrow(/plan: the model isn't compiled/);
    expect(() => tinyModel(degelo).optimizerState()).toThrow(/optimizerState: the model isn't compiled/);
  });
});

describe('trainOnBatch, evaluate and predict refuse', () => {
  const { x, y } = tinyData(4);
  const flat = x.reshape([4, 100]);
  const shape = /x must have shape \[n, 10, 10, 1\], got \[4, 100\]/;

  it('samples of another shape, naming both', async () => {
    await expect(compiled().trainOnBatch(flat, y)).rejects.toThrow(shape);
    await expect(compiled().evaluate(flat, y)).rejects.toThrow(shape);
    await expect(compiled().predict(flat)).rejects.toThrow(shape);
    await expect(compiled().predict(flat)).rejects.toThrow(RangeError);
  });

  it('a loss that became NaN or infinite', async () => {
    const model = tinyModel(degelo);
    model.compile({ ...compileOptions, optimizer: sgd({ learningRate: 1e30 }) });
    await model.trainOnBatch(x, y);
    await expect(model.trainOnBatch(x, y)).rejects.toThrow(degelo.NonFiniteError);
  });

  it.each([
    degelo.adam({ epsilon: 0 }),
    degelo.adamW({ epsilon: 0 }),
    degelo.nadam({ epsilon: 0 }),
    degelo.adamax({ epsilon: 0 }),
    degelo.rmsprop({ epsilon: 0 }),
    degelo.adagrad({ epsilon: 0, initialAccumulatorValue: 0 }),
    degelo.adam({ epsilon: 1e-50 }), // 0 in float32
  ])(
    'NaN of a weight without gradient where epsilon is 0, which is then what is to be raised: %s',
    async (optimizer) => {
      const model = sequential([dense({ units: 1, inputShape: [2] })]);
      model.compile({ optimizer, loss: 'mse', threads: 0 });
      // The second input is always 0, so its weight has no gradient.
      const advice =
        /became NaN.*: (check that the data is finite, or )?raise the optimizer's epsilon, which is 0$/;
      await expect(model.fit([[1, 0]], [[1]], { epochs: 3 })).rejects.toThrow(advice);
    },
  );
});

describe('summary', () => {
  it('is refused before the model is built', () => {
    expect(() => sequential([dense({ units: 1 })]).summary()).toThrow(
      /not built yet: give the first layer an inputShape/,
    );
  });
});
