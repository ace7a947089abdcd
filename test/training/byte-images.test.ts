/** Images that stay bytes: what they stand for, and that nothing else changes. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  ByteImages,
  dense,
  flatten,
  type Model,
  normalization,
  sequential,
  tensor,
} from '../../src/index.ts';

const N = 20;
const bytes = Uint8Array.from({ length: N * 4 }, (_, i) => (i * 67) % 256);
const x = new ByteImages(bytes, [N, 2, 2, 1]);
const floats = tensor(
  Array.from(bytes, (byte) => byte / 255),
  [N, 2, 2, 1],
);
const y = Int32Array.from({ length: N }, (_, n) => n % 3);

const models: Model[] = [];
afterEach(() => Promise.all(models.splice(0).map((model) => model.dispose())));

function make(threads: number): Model {
  const layers = [
    flatten({ inputShape: [2, 2, 1] }),
    dense({ units: 4 }),
    dense({ units: 3, activation: 'softmax' }),
  ];
  const model = sequential({ layers, seed: 1 });
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', threads });
  models.push(model);
  return model;
}

const bits = (model: Model): number[][] => model.getWeights().map(({ data }) => [...data]);

describe('bytes give the bits of their numbers / 255', () => {
  it.each([0, 2])('in fit, validation, evaluate and predict, with %i threads', async (threads) => {
    const [one, other] = [make(threads), make(threads)];
    const options = { batchSize: 8, epochs: 2, validationSplit: 0.25 };
    const [given, expected] = [await one.fit(x, y, options), await other.fit(floats, y, options)];
    expect(given.history).toEqual(expected.history);
    expect(bits(one)).toEqual(bits(other));
    expect(await one.evaluate(x, y)).toEqual(await other.evaluate(floats, y));
    expect(await one.predict(x)).toEqual(await other.predict(floats));
  });

  it('where frozen features are kept', async () => {
    const [one, other] = [make(0), make(0)];
    for (const [model, images] of [
      [one, x],
      [other, floats],
    ] as const) {
      model.layers[1].trainable = false;
      model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', threads: 0 });
      await model.fit(images, y, { batchSize: 8, epochs: 2 });
    }
    expect(bits(one)).toEqual(bits(other));
  });

  it('in batches one by one', async () => {
    const [one, other] = [make(0), make(0)];
    const half = (images: ByteImages | typeof floats) => () => [[images, y] as const];
    await one.fit(half(x));
    await other.fit(half(floats));
    expect(bits(one)).toEqual(bits(other));
  });

  it('for a model that learns its input shape from them', async () => {
    const model = sequential({ layers: [flatten(), dense({ units: 2 })], seed: 1 });
    models.push(model);
    expect((await model.predict(x)).shape).toEqual([N, 2]);
    expect(model.inputShape).toEqual([2, 2, 1]);
  });
});

describe('refused in one line', () => {
  it.each([
    [
      'numbers that are no bytes',
      () => new ByteImages([1, 2] as never, [1, 2]),
      'data must be a Uint8Array of bytes, got [1, 2]: numbers go into a tensor',
    ],
    ['too few bytes', () => new ByteImages(bytes, [N, 2, 2, 3]), 'expected 240 bytes for [20,2,2,3], got 80'],
    ['bytes that are one sample', () => new ByteImages(bytes, [80]), '[samples, …shape of one]'],
    ['a shape that is none', () => new ByteImages(bytes, 80 as never), 'shape must be an array of sizes'],
  ])('%s', (_, build, message) => expect(build).toThrow(message));

  it('images of another shape than the model takes', async () => {
    const other = new ByteImages(bytes, [N, 4, 1, 1]);
    await expect(make(0).fit(other, y)).rejects.toThrow(
      'fit: x must have shape [n, 2, 2, 1], got [20, 4, 1, 1]',
    );
  });

  it('targets', async () => {
    await expect(make(0).fit(x, x as never)).rejects.toThrow('y must');
  });

  it('what a normalization adapts to', async () => {
    await expect(normalization().adapt(x as never)).rejects.toThrow('data must be samples');
  });
});
