/** Models and tensors that can't be used any more, or not here: each says why. */
import { describe, expect, it } from 'vitest';
import * as library from '../../src/index.ts';
import {
  dense,
  encodeKeras,
  encodeModel,
  namedWeights,
  preprocess,
  preprocessingOf,
  sequential,
  Tensor,
  tensor,
  weightsSha256,
} from '../../src/index.ts';
import { compiled, refusal, x } from './refusal.ts';

describe('a tensor whose memory was given away, or made smaller, says so', () => {
  const gone = () => {
    const given = tensor([[1, 2]]);
    structuredClone(given.data.buffer, { transfer: [given.data.buffer as ArrayBuffer] });
    return given;
  };
  const buffer = Reflect.construct(ArrayBuffer, [16, { maxByteLength: 16 }]) as ArrayBuffer;
  const short = new Tensor(new Float32Array(buffer), [4]);
  Reflect.apply(Reflect.get(buffer, 'resize'), buffer, [8]);

  it.each<[string, (given: Tensor) => unknown]>([
    ['reshape', (given) => given.reshape([-1])],
    ['toNested', (given) => given.toNested()],
    ['toJSON', (given) => JSON.stringify(given)],
    ['slice', (given) => given.slice(0)],
    ['at', (given) => given.at(...given.shape.map((size) => size - 1))],
    ['Tensor', (given) => new Tensor(given.data, given.shape)],
  ])('in %s', (name, call) => {
    expect(() => call(gone())).toThrow(/^\w+: .* is empty: its memory was given away/);
    if (name !== 'Tensor')
      expect(() => call(short)).toThrow(/^\w+: .* isn't whole: its buffer was made smaller/);
  });
});

it.each<[string, (bytes: number) => ArrayBufferLike, string]>([
  ['ArrayBuffer', (bytes) => Reflect.construct(ArrayBuffer, [bytes, { maxByteLength: 16 }]), 'resize'],
  [
    'SharedArrayBuffer',
    (bytes) => Reflect.construct(SharedArrayBuffer, [bytes, { maxByteLength: 16 }]),
    'grow',
  ],
])('a tensor whose %s was made larger stays as large as it was', async (_, make, grow) => {
  const buffer = make(8);
  const given = new Tensor(new Float32Array(buffer), [1, 2]);
  given.set(3, 0, 1);
  Reflect.apply(Reflect.get(buffer, grow), buffer, [16]);
  expect(given.size).toBe(2);
  expect(given.slice(0).toNested()).toEqual([[0, 3]]);
  expect(given.reshape([2]).toNested()).toEqual([0, 3]);
  const model = sequential([dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' })]);
  expect((await model.predict(given)).toNested()).toEqual([[3]]);
  new Float32Array(buffer)[0] = 1; // it is the same memory
  expect(given.at(0, 0)).toBe(1);
});

describe('a Proxy around a model', () => {
  const model = compiled();
  const proxy = new Proxy(model, {});
  it.each([encodeModel, encodeKeras, namedWeights, weightsSha256, preprocessingOf])(
    'is refused by %o, with what to give instead',
    async (call) => {
      const error = await refusal(() => call(proxy));
      expect(error?.message).toMatch(/^\w+: expected the model itself, got a Proxy/);
    },
  );

  it.each<[string, (model: typeof proxy) => unknown]>([
    ['compile', (model) => model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })],
    ['fit', (model) => model.fit(x, x)],
    ['trainOnBatch', (model) => model.trainOnBatch(x, x)],
    ['evaluate', (model) => model.evaluate(x, x)],
    ['predict', (model) => model.predict(x)],
    ['add', (model) => model.add(dense({ units: 1 }))],
    ['pop', (model) => model.pop()],
    ['summary', (model) => model.summary()],
    ['parameters', (model) => model.getWeights()],
    ['layers', (model) => model.allLayers()],
  ])('refuses its method %s', async (name, call) => {
    const error = await refusal(() => call(proxy));
    expect(error?.message).toBe(
      `${name}: expected the model itself, got a Proxy, or an object made of it: keep it out of reactive state (Vue: markRaw, toRaw)`,
    );
  });

  it.each(['compile', 'fit', 'evaluate', 'predict', 'trainOnBatch', 'summary'] as const)(
    'is something else than nothing: %s that was taken from its model says how it is called',
    async (name) => {
      const alone = model[name] as () => unknown;
      const error = await refusal(() => alone());
      expect(error?.message).toBe(`${name}: expected the model itself, got nothing: model.${name}(…)`);
    },
  );

  it('does the model no harm; a tensor in a Proxy can be read', async () => {
    expect((await model.predict(x)).shape).toEqual([1, 2]);
    expect(new Proxy(x, {}).at(0, 1)).toBe(2);
  });
});

describe('another copy of degelo', () => {
  it('has models, layers, inputs and images that this one refuses by that name, and tensors that it takes', async () => {
    const other: typeof import('../../src/index.ts') = await import('../../dist/index.js' as never);
    const model = other.sequential([other.dense({ units: 2, inputShape: [2] })]);
    const message = 'of another copy of degelo: let both import the same one';
    for (const call of [encodeModel, encodeKeras, library.cloneModel]) {
      expect(await refusal(() => call(model as never))).toHaveProperty(
        'message',
        expect.stringContaining(message),
      );
    }
    const input = other.input({ shape: [2] });
    const images = new other.ByteImages(new Uint8Array(2), [1, 2]);
    for (const call of [
      () => library.checkGradients(model as never),
      () => library.dense({ units: 1 }).apply(input as never),
      () =>
        library.model({ inputs: input as never, outputs: other.dense({ units: 1 }).apply(input) as never }),
      () => new library.Predictor(model as never),
      () => library.tensor(images as never),
      () => library.sequential([model.layers[0] as never]),
    ]) {
      expect(call).toThrow(message);
    }
    expect(() => library.tensor(library.dense({ units: 1 }) as never)).not.toThrow(message);
    expect(preprocess(other.tensor([[255]]) as never, 'unit').at(0, 0)).toBe(1);
  });
});
