/** What someone who knows Keras writes at the first try: it works, or one line says what would be right. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as degelo from '../../src/index.ts';
import { compiled } from './compiled.ts';
import { tinyData } from './tiny.ts';

const { activation, adam, conv2d, cosineDecay, dense, input, Layer, leakyReLU, reLU, sequential, tensor } =
  degelo;
const { x, y } = tinyData(8);
const loose = (options: object) => options as never;

describe('a choice by Keras’ name', () => {
  it('is the same choice', () => {
    const layer = conv2d(
      loose({
        filters: 1,
        kernelSize: 3,
        padding: 'SAME',
        activation: 'hard_swish',
        kernelRegularizer: 'L2',
      }),
    );
    expect([layer.padding, layer.activation, layer.kernelRegularizer]).toEqual([
      ...['same', 'hardSwish', { l2: 0.01 }],
    ]);
    expect(tensor([1], [1], loose({ dtype: 'Float64' })).dtype).toBe('float64');
  });

  it.each<[string, () => unknown, string]>([
    [
      'a function',
      () => dense(loose({ units: 1, activation: reLU })),
      "got the function reLU (did you mean 'relu'?)",
    ],
    ['a layer', () => dense(loose({ units: 1, activation: reLU() })), "(did you mean 'relu'?)"],
    [
      'a layer that has options',
      () => dense(loose({ units: 1, activation: leakyReLU() })),
      'add the layer leakyReLU() after it',
    ],
    ['its name', () => activation('leaky_relu' as never), 'add the layer leakyReLU() after it'],
    ['another name', () => activation('maxout' as never), "got 'maxout'"],
    ['another kind', () => activation(3 as never), 'activation'],
    [
      'a kind of preprocessing',
      () => degelo.preprocess(tensor([[1]]), 'tff' as never),
      "(did you mean 'tf'?)",
    ],
  ])('and %s in its place is told', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('a row of layers', () => {
  it('may begin with an input, as in Keras', () => {
    const layers = () => [dense({ units: 2, name: 'a' })];
    const first = sequential([input({ shape: [3] }), ...layers()]);
    expect(first.getWeights()).toEqual(
      sequential([dense({ units: 2, name: 'a', inputShape: [3] })]).getWeights(),
    );
    const later = sequential();
    later.add(input({ shape: [3] }));
    expect(later.layers).toEqual([]);
    later.add(layers()[0]);
    expect(later.inputShape).toEqual([3]);
  });

  it('has no input elsewhere, and no other tensors', () => {
    const start = input({ shape: [3] });
    expect(() => sequential(loose([dense({ units: 2 }), start]))).toThrow(
      'sequential: layers[1] must be a layer, got a tensor of shape [3]: an input comes before all layers',
    );
    expect(() => sequential(loose([dense({ units: 2 }).apply(start)]))).toThrow('model({ inputs, outputs })');
  });
});

describe('a layer of one’s own', () => {
  const made = (members: object) => {
    class Own extends (Layer as unknown as new (options: object) => object) {}
    Object.assign(Own.prototype, members);
    return () => sequential(loose([new Own({ inputShape: [3] })]));
  };
  const nothing = () => {};
  const passes = { forward: nothing, backward: nothing };

  it.each<[string, object, string]>([
    ['without a class name', passes, 'must have a className: class Own extends Layer'],
    [
      'with Keras’ call',
      { className: 'Called', call: nothing },
      "must have a method forward, which Keras' call is here: Called has none",
    ],
    [
      'without a backward pass',
      { className: 'Half', forward: nothing },
      'must have a method backward: Half has none',
    ],
    [
      'with Keras’ build',
      { className: 'Built', build: nothing, ...passes },
      'its build must call super.build',
    ],
  ])('%s', (_, members, message) => {
    expect(made(members)).toThrow(message);
  });
});

describe('compile', () => {
  it('takes no function of targets and predictions for one that makes a loss', () => {
    const loss = (yTrue: number, yPred: number) => yTrue - yPred;
    expect(() => compiled().compile(loose({ optimizer: 'sgd', loss }))).toThrow(
      /got the function loss: expected .* with name, compute/,
    );
    const right = { name: 'mine', targetKind: 'row', compute() {} };
    expect(() => compiled().compile(loose({ optimizer: 'sgd', loss: right }))).toThrow(
      "must be one of rows, classes, got 'row'",
    );
  });

  it('says what a learning rate by a function may be', () => {
    expect(() => adam(loose({ learningRate: cosineDecay }))).toThrow('call it: cosineDecay({ … })');
    expect(() => adam(loose({ learningRate: (step: number) => step }))).toThrow('learningRateScheduler');
  });
});

describe('fit', () => {
  afterEach(() => vi.restoreAllMocks());
  const model = compiled();
  const fitting = async (given: readonly unknown[]) => model.fit(...(given as [never]));
  const batches =
    (...all: unknown[]) =>
    () =>
      all;

  it.each<[string, unknown[], string]>([
    ['nothing', [], 'x is missing: fit(x, y, { … })'],
    [
      'x and y in one object',
      [{ x, y }],
      'y is missing: expected one target per sample, fit(x, y, { … }), got x alone, an object',
    ],
    ['x and y in one array', [[x, y]], 'batches of [x, y] come from a function or a generator'],
    [
      'one sample',
      [x.slice(0, 1).reshape(x.shape.slice(1)), y],
      'one sample alone is a batch of one: tensor(x).reshape([1, 10, 10, 1])',
    ],
    [
      'a folder to go on from',
      [x, y, { resumeFrom: 'run' }],
      "resumeFrom must be the position that loadCheckpoint gave, or model.fitPosition, got 'run'",
    ],
    [
      'other samples to validate',
      [x, y, { validationData: [[[1]], [0]] }],
      'fit: validationData: x must have shape',
    ],
    ['another sample in a batch', [batches([x, y], [[[1]], [0]])], 'fit: batch 2: x must have shape'],
    ['names of classes', [x, ['cat', 'dog']], 'give class numbers for names: names.indexOf(text)'],
    ['names of files', [['a.jpg'], y], 'read it: decodeImage(bytes)'],
    [
      'an image',
      [[{ data: [], width: 1, height: 1 }], y],
      'resizeImage(image, { size }) makes a tensor of it',
    ],
  ])('of %s is refused where it stands', async (_, given, message) => {
    await expect(fitting(given)).rejects.toThrow(message);
  });

  it('says how images of another kind become the model’s', async () => {
    const seeing = sequential([conv2d({ filters: 1, kernelSize: 1, inputShape: [2, 4, 3] })]);
    const zeros = (...shape: number[]) => tensor(new Float32Array(shape.reduce((a, b) => a * b)), shape);
    const told = (...shape: number[]) => expect(seeing.predict(zeros(...shape))).rejects;
    await told(1, 3, 2, 4).toThrow('images are channels last, [height, width, channels]');
    await told(1, 8, 8, 3).toThrow('resizeImage(image, { size: [height, width] }) makes each image fit');
    await told(2, 24).toThrow('as many numbers in another shape: tensor(x).reshape([-1, 2, 4, 3])');
    await told(1, 8, 8, 1).toThrow(/got \[1, 8, 8, 1\]$/);
    // What has another number of axes is no image to be resized.
    await told(1, 8, 8, 3, 1).toThrow(/got \[1, 8, 8, 3, 1\]$/);
  });

  it('says that flatten is missing, where a model answers for each place of an image', async () => {
    const places = (units: number, loss: string) => {
      const model = sequential([
        conv2d({ filters: 1, kernelSize: 3, inputShape: [4, 4, 1] }),
        dense({ units }),
      ]);
      model.compile(loose({ optimizer: 'sgd', loss, threads: 0 }));
      return model;
    };
    const images = degelo.zeros([3, 4, 4, 1]);
    const right =
      ': for one answer per sample put flatten() or globalAveragePooling2d() before the dense layers';
    await expect(
      places(2, 'mse').fit(images, [
        [1, 0],
        [0, 1],
        [0, 1],
      ]),
    ).rejects.toThrow(`fit: y must have shape [n, 2, 2, 2], got [3, 2]${right}`);
    await expect(places(1, 'mse').fit(images, [0, 1, 1])).rejects.toThrow(
      `got one number per sample${right}`,
    );
    const classes = degelo.sparseCategoricalCrossentropy({ fromLogits: true });
    await expect(places(2, classes as never).fit(images, [0, 1, 1])).rejects.toThrow(
      `fit: y must hold 4 class numbers per sample for sparseCategoricalCrossentropy, got one number per sample${right}`,
    );
    const flat = sequential([...places(2, 'mse').layers.slice(0, 1), degelo.flatten(), dense({ units: 2 })]);
    flat.compile({ optimizer: 'sgd', loss: 'mse', threads: 0 });
    await flat.fit(images, [
      [1, 0],
      [0, 1],
      [0, 1],
    ]);
  });

  it('warns where nothing can be trained', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const frozen = compiled();
    await frozen.fit(x, y, { initialEpoch: 3, epochs: 2 });
    await frozen.fit(x, y, { initialEpoch: 1 }); // of one epoch by default
    frozen.trainable = false;
    frozen.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', threads: 0 });
    await frozen.trainOnBatch(x, y);
    expect(warn.mock.calls).toEqual([
      ["fit: nothing is trained: initialEpoch 3 isn't below epochs 2, which counts from the first epoch on"],
      ["fit: nothing is trained: initialEpoch 1 isn't below epochs 1, which counts from the first epoch on"],
      [
        'trainOnBatch: no weight is trained: all layers that have weights were frozen when compile was called',
      ],
    ]);
  });
});

describe('a checkpoint', () => {
  it.each<[object, string]>([
    [{ path: 'best.keras' }, 'a checkpoint is a file of safetensors, and .keras'],
    [{ folder: 'best.h5' }, 'a checkpoint is a file of safetensors, and .h5'],
    [{ folder: 'run-{epoch}' }, 'figures such as {epoch} go into path'],
  ])('isn’t written to %o', (options, message) => {
    expect(() => degelo.modelCheckpoint(options)).toThrow(message);
  });
});

describe('reshape', () => {
  it('finds one size by itself, as in NumPy', () => {
    expect(tensor([[1, 2, 3, 4]]).reshape([2, -1]).shape).toEqual([2, 2]);
    expect(tensor([], [0, 3]).reshape([-1, 3]).shape).toEqual([0, 3]);
    expect(() => tensor([1, 2, 3]).reshape([2, -1])).toThrow('expected 3 as in [3], got 4 in [2,2]');
    expect(() => tensor([1, 2, 3, 4]).reshape([-1, -1])).toThrow('must be integers ≥ 0');
  });
});
