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
  dense,
  encodeNpz,
  encodeSafetensors,
  formatGradients,
  input,
  model,
  type NetworkConfig,
  normalization,
  type Shape,
  separableConv2d,
  sequential,
  sizeOf,
  type Tensor,
  tensor,
  toCategorical,
  zeros,
} from '../../src/index.ts';
import { networkFromConfig } from '../../src/model/network-config.ts';

const shape = (inputShape: unknown) => dense({ units: 1, inputShape: inputShape as number[] });

describe('a message says what would be right', () => {
  it.each<[string, () => unknown, string]>([
    [
      'a number for a shape',
      () => shape(3),
      'inputShape must be an array of sizes, without the batch, got 3: [3]',
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
  ])('is said of %s', async (_, call) => {
    await expect((async () => call())()).rejects.toThrow(/ its memory was given away \(postMessage, /);
  });
});

it('a model’s JSON is a text', async () => {
  await expect(decodeModel({ format: 'degelo-model' } as never, new Uint8Array(8))).rejects.toThrow(
    'model.json: its JSON must be a text, got an object { format }',
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
