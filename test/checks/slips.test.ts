/** Slips of the kind that a glance at the message must mend: a number for a list, a name for a list, nothing where a layer is. */
import { describe, expect, it } from 'vitest';
import {
  adam,
  argMax,
  ByteImages,
  checkGradient,
  checkGradients,
  decodeModel,
  decodeNpz,
  decodeSafetensors,
  dense,
  encodeCheckpoint,
  encodeKeras,
  encodeModel,
  encodeNpz,
  encodeSafetensors,
  fitDigit,
  formatGradients,
  fromPixels,
  initializers,
  input,
  knownOptions,
  model,
  modelCheckpoint,
  type NetworkConfig,
  namedWeights,
  normalization,
  type Sequential,
  type Shape,
  separableConv2d,
  sequential,
  setNamedWeights,
  sizeOf,
  Tensor,
  tensor,
  toCategorical,
  weightsSha256,
  zeros,
} from '../../src/index.ts';
import { networkFromConfig } from '../../src/model/network-config.ts';
import { toNdarray } from '../../src/ndarray.ts';

const pixels = () => ({ data: new Uint8ClampedArray(4), width: 1, height: 1 });

const shape = (inputShape: unknown) => dense({ units: 1, inputShape: inputShape as number[] });

describe('a message says what would be right', () => {
  it.each<[string, () => unknown, string]>([
    [
      'a number for a shape',
      () => shape(3),
      'inputShape must be an array of sizes, without the batch, got 3: [3]',
    ],
    [
      'a number for the shape of an input',
      () => input({ shape: 3 as unknown as number[] }),
      'input: shape must be an array of sizes, without the batch, got 3: [3]',
    ],
    ['a text for a shape', () => shape('3'), "must be an array of sizes, without the batch, got '3'"],
    ['a shape with its batch', () => shape([null, 3]), 'must have known sizes, and none for the batch, got'],
    ['a shape of texts', () => shape(['3']), "inputShape must hold integers ≥ 1, got '3'"],
    [
      'a tensor’s shape of one number',
      () => sizeOf(3 as unknown as Shape),
      'must be an array of sizes, got 3: [3]',
    ],
    [
      'a tensor’s shape of a text',
      () => sizeOf('3' as unknown as Shape),
      "must be an array of sizes, got '3'",
    ],
    [
      'a layer of a model without layers',
      () => sequential().getLayer('dense'),
      "expected one of none, got 'dense'",
    ],
    ['a layer by a place that is none', () => sequential([shape([3])]).getLayer(4), 'expected 0 to 0, got 4'],
    [
      'a metric’s name without a list',
      () => compiled({ metrics: 'accuracy' }),
      "metrics must be an array of names, got 'accuracy': ['accuracy']",
    ],
    [
      'a number for metrics',
      () => compiled({ metrics: 1 }),
      "metrics must be an array of names, got 1: ['accuracy']",
    ],
    [
      'weights that are no tensors',
      () => sequential([shape([3])]).setWeights([[1, 2, 3]] as unknown as Tensor[]),
      'tensor(values, shape)',
    ],
    [
      'no layer between inputs and outputs',
      () => {
        const x = input({ shape: [3] });
        return model({ inputs: x, outputs: x });
      },
      'a model needs at least one layer, got none',
    ],
    [
      'two inputs that never meet',
      () => model({ inputs: input({ shape: [3] }), outputs: input({ shape: [3] }) }),
      'outputs must come from inputs: ',
    ],
    [
      'one report without a list',
      () => formatGradients(checkGradients(net()) as never),
      'reports must be an array, got an object',
    ],
    [
      'models 51 deep',
      () => networkFromConfig(deep(51)),
      'models within models: expected at most 50 deep, got more',
    ],
    ['coordinates below 0', () => checkGradients(net(), { coordinates: -1 }), 'coordinates must be'],
    ['a loss that is not called', () => checkGradients(net(), { loss: adam as never }), 'loss must be'],
  ])('%s', (_, slip, message) => {
    expect(slip).toThrow(message);
  });
});

const circle: unknown[] = [];
circle.push(circle);

describe('what JavaScript would take for something else is refused', () => {
  const built = sequential([shape([3])]);
  const bytes = new Uint8Array(9);
  const wrong = (value: unknown) => value as never;

  it.each<[string, () => unknown, string]>([
    [
      'an array that holds itself',
      () => tensor(wrong(circle)),
      'at most 32 deep, got more: does it hold itself?',
    ],
    [
      'options behind a tensor’s shape',
      () => Reflect.construct(Tensor, [new Float32Array(2), [2], {}]),
      'got an object',
    ],
    [
      'a number for an initializer’s options',
      () => initializers.constant(wrong(0.1)),
      'constant({ value: 0.1 })',
    ],
    [
      'an initializer’s option of Keras',
      () => initializers.randomNormal(wrong({ std: 1 })),
      'unknown option std',
    ],
    [
      'an initializer’s NaN',
      () => initializers.constant({ value: Number.NaN }),
      'value must be finite, got NaN',
    ],
    ['no classes', () => toCategorical([0], 0), 'toCategorical: classes must be an integer ≥ 1, got 0'],
    ['classes in a text', () => toCategorical([0], wrong('3')), "classes must be an integer ≥ 1, got '3'"],
    ['neither labels nor classes', () => toCategorical([]), 'without labels, classes must be given'],
    ['an object for an axis', () => argMax(zeros([2, 3]), wrong({ axis: 1 })), 'got an object { axis }'],
    [
      'an object for channels',
      () => fromPixels(pixels(), wrong({ channels: 1 })),
      'got an object { channels }',
    ],
    [
      'a list for a model',
      () => checkGradients(wrong([built])),
      'must be a model or a layer, got an array of 1',
    ],
    ['something else among reports', () => formatGradients([wrong(null)]), 'reports[0] must be a report, as'],
    ['a place for a file’s name', () => decodeNpz(bytes, wrong(0)), 'decodeNpz: file must be a string'],
    ['options for a file’s name', () => encodeNpz(new Map(), wrong({})), 'encodeNpz: file must be a string'],
    [
      'a place for another file’s name',
      () => decodeSafetensors(bytes, wrong(0)),
      'decodeSafetensors: file must',
    ],
    [
      'options for weights’ file',
      () => setNamedWeights(built, namedWeights(built), wrong({})),
      'file must be a',
    ],
    ['options of .keras', () => encodeKeras(built, wrong({})), 'encodeKeras: file must be a string'],
    [
      'nothing where an ndarray’s tensor is',
      () => toNdarray(wrong(undefined)),
      'tensor must be a tensor, got undefined',
    ],
    ['a list where an ndarray’s tensor is', () => toNdarray(wrong([1])), 'got [1]: tensor(values, shape)'],
    [
      'a text for known options',
      () => knownOptions('mine', { a: 1 }, wrong('abc')),
      "must be an array of names, got 'abc'",
    ],
  ])('%s', (_, slip, message) => {
    expect(slip).toThrow(message);
  });

  it.each<[string, unknown, string]>([
    ['a number', 7, 'metadata must be an object, got 7'],
    ['a list', [1], 'metadata must be an object, got [1]'],
    [
      'a function in it',
      { made: () => 1 },
      'metadata.made must be what JSON can hold (texts, finite numbers, true, ',
    ],
    ['a Map deep in it', { a: [{ b: new Map() }] }, 'metadata.a[0].b must be what JSON can hold'],
    ['a typed array in it', { a: new Float32Array(2) }, 'got a Float32Array of 2 numbers'],
    ['a circle', { circle }, 'metadata is nested too deep: expected at most 31 levels'],
  ])('as what a checkpoint is to hold: %s', async (_, metadata, message) => {
    await expect(encodeCheckpoint(built, wrong(metadata))).rejects.toThrow(message);
    expect(() => modelCheckpoint({ path: 'x', metadata: wrong(metadata) })).toThrow(message);
  });

  it('a text of several lines is named on one', () => {
    expect(() => decodeNpz(wrong('{\n  "a": 1\n}'))).toThrow(`got '{   "a": 1 }'`);
  });
});

describe('memory that was given away', () => {
  const own = sequential([dense({ units: 1, inputShape: [3] })]);
  own.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const gone = <T extends ArrayBufferView>(view: T): T => {
    structuredClone(view.buffer, { transfer: [view.buffer as ArrayBuffer] });
    return view;
  };
  const goneTensor = (...shape: number[]) => {
    const whole = zeros(shape);
    gone(whole.data);
    return whole;
  };
  const goneBytes = () => {
    const images = new ByteImages(new Uint8Array(6), [2, 3]);
    gone(images.data);
    return images;
  };
  const y = [0, 1];
  function* batches() {
    yield [zeros([2, 3]), y] as const;
    yield [zeros([2, 3]), gone(new Float32Array(2))] as const;
  }
  const robbed = () => {
    const model = sequential([dense({ units: 1, inputShape: [3] })]);
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
    gone(model.parameters()[0].value.data);
    return model;
  };

  it.each<[string, () => unknown]>([
    ['a flat array', () => own.predict(gone(new Float32Array(6)))],
    ['an array among others', () => own.predict([new Float32Array(3), gone(new Float32Array(3))])],
    ['a tensor', () => own.predict(goneTensor(2, 3))],
    ['targets', () => own.fit(zeros([2, 3]), gone(Float64Array.from(y)))],
    ['targets in a tensor', () => own.fit(zeros([2, 3]), goneTensor(2, 1))],
    ['what becomes a tensor', () => tensor(gone(new Uint8Array(2)))],
    ['weights', () => own.setWeights([goneTensor(3, 1), zeros([1])])],
    ['tensors of a file', () => encodeSafetensors(new Map([['a', goneTensor(2)]]))],
    ['a file', () => decodeNpz(gone(new Uint8Array(9)))],
    ['photos that stay bytes', () => own.predict(goneBytes())],
    ['what argMax looks at', () => argMax(goneTensor(2, 3))],
    ['class numbers', () => toCategorical(gone(new Int32Array(2)), 2)],
    ['what is adapted to', () => normalization({ inputShape: [3] }).adapt(goneTensor(2, 3))],
    [
      'a place to check',
      () => checkGradient({ f: () => 0, gradient: () => [0], at: gone(new Float64Array(1)) }),
    ],
    ['a file’s buffer', () => decodeNpz(gone(new Uint8Array(9)).buffer)],
    ['a batch', () => own.fit(() => [[goneTensor(2, 3), y]])],
    ['the second batch of a generator', () => own.fit(batches)],
    ['a batch of photos that stay bytes', () => own.fit(() => [[goneBytes(), y]])],
    ['a batch’s weights', () => own.fit(() => [[zeros([2, 3]), y, gone(new Float32Array(2))]])],
    ['sample weights', () => own.fit(zeros([2, 3]), y, { sampleWeight: goneTensor(2) })],
    [
      'weights of validation',
      () => own.fit(zeros([2, 3]), y, { validationData: [zeros([2, 3]), y, gone(new Float32Array(2))] }),
    ],
    [
      'weights of evaluate',
      () => own.evaluate(zeros([2, 3]), y, { sampleWeight: gone(new Float32Array(2)) }),
    ],
    ['samples to check gradients by', () => checkGradients(own, { x: gone(new Float32Array(6)) })],
    ['an element', () => goneTensor(2).at(0)],
    ['an element that is set', () => goneTensor(2).set(1, 0)],
    ['rows', () => goneTensor(2, 3).slice(0, 1)],
    ['pixels', () => fitDigit({ width: 1, height: 1, data: gone(new Uint8ClampedArray(4)) })],
    ...(
      [
        ['fit', (model) => model.fit(zeros([2, 3]), y)],
        ['evaluate', (model) => model.evaluate(zeros([2, 3]), y)],
        ['predict', (model) => model.predict(zeros([2, 3]))],
        ['getWeights', (model) => model.getWeights()],
        ['setWeights', (model) => model.setWeights([zeros([3, 1]), zeros([1])])],
        ['layer.getWeights', (model) => model.layers[0].getWeights()],
        ['weightsSha256', (model) => weightsSha256(model)],
        ['save', (model) => encodeModel(model)],
      ] as const satisfies [string, (model: Sequential) => unknown][]
    ).map(([what, use]): [string, () => unknown] => [
      `a model’s own weights in ${what}`,
      () => use(robbed()),
    ]),
  ])('is said of %s', async (_, call) => {
    await expect((async () => call())()).rejects.toThrow(/ its memory was given away \(postMessage, /);
  });
});

it('a model’s JSON is a text', async () => {
  await expect(decodeModel({ format: 'degelo-model' } as never, new Uint8Array(8))).rejects.toThrow(
    'model.json: its JSON must be text, got an object { format }',
  );
});

it.each([encodeSafetensors, encodeNpz])('%o takes tensors by their names alone', (encode) => {
  const call = (key: unknown, value: unknown) => () => encode(new Map([[key, value]]) as never);
  expect(call('a', new Float32Array(2))).toThrow(
    /: tensor a must be a tensor, got a Float32Array of 2 numbers: tensor\(values, shape\)$/,
  );
  expect(call(1, zeros([1]))).toThrow(/: names of tensors must be strings, got 1$/);
});

/** So many models, one within the other. */
function deep(models: number): NetworkConfig {
  const layers =
    models > 1 ? [{ className: 'Sequential', config: { trainable: true, ...deep(models - 1) } }] : [];
  return { name: 'm', seed: 0, inputShape: null, layers };
}

it('a layer’s configuration names the beginnings of its weights that aren’t usual', () => {
  const own = { depthwiseInitializer: 'ones', pointwiseInitializer: 'zeros' } as const;
  const config = { filters: 2, kernelSize: 3 };
  expect(separableConv2d({ ...config, ...own }).getConfig()).toMatchObject(own);
  expect(Object.keys(separableConv2d(config).getConfig())).not.toContain('depthwiseInitializer');
});

const net = () => sequential([dense({ units: 2, inputShape: [3] })]);

function compiled(options: object): void {
  net().compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0, ...options });
}
