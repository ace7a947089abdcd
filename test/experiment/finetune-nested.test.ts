/** Bases that hold models, Keras' own way. */
import { describe, expect, it } from 'vitest';
import { networkOf } from '../../src/experiment/finetune/base.ts';
import { unnested } from '../../src/experiment/finetune/unnest.ts';
import {
  add,
  conv2d,
  dense,
  dropout,
  globalAveragePooling2d,
  input,
  type Model,
  model,
  preprocessingOf,
  randomFlip,
  rescaling,
  sequential,
  Tensor,
} from '../../src/index.ts';
import { SIDE, tinyBase } from './photos.ts';

const head = { classNames: ['a', 'b'], hidden: 0, dropout: 0, seed: 0 };
const photos = new Tensor(
  Float32Array.from({ length: 2 * SIDE * SIDE * 3 }, (_, i) => (i * 37) % 256),
  [2, SIDE, SIDE, 3],
);

/** Augmentation, units and a network with branches, each a model or a layer of the outer one; names come twice. */
function guideModel(): Model {
  const x = input({ shape: [SIDE, SIDE, 3] });
  const first = conv2d({
    name: 'conv',
    filters: 3,
    kernelSize: 3,
    padding: 'same',
    activation: 'relu',
  }).apply(x);
  const second = conv2d({ name: 'top', filters: 3, kernelSize: 1, activation: 'relu' }).apply(first);
  const inner = model({
    inputs: x,
    outputs: add({ name: 'sum' }).apply([second, first]),
    name: 'base_model',
  });
  const augmentation = sequential({ name: 'augment', layers: [randomFlip({ inputShape: [SIDE, SIDE, 3] })] });
  const photo = input({ shape: [SIDE, SIDE, 3] });
  const units = rescaling({ scale: 1 / 127.5, offset: -1 }).apply(augmentation.apply(photo));
  const maps = conv2d({ name: 'conv', filters: 3, kernelSize: 1 }).apply(units);
  const average = globalAveragePooling2d({ name: 'average' }).apply(inner.apply(maps));
  const classes = dense({ units: 4, activation: 'softmax' }).apply(dropout({ rate: 0.5 }).apply(average));
  return model({ inputs: photo, outputs: classes, name: 'guide', seed: 3 });
}

const predict = async (network: Model): Promise<unknown> => {
  network.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
  return (await network.predict(photos)).data;
};

describe('a base with models in it', () => {
  it('is one graph that predicts the same, to the bit', async () => {
    const nested = guideModel();
    const { model: flat } = unnested(nested);
    expect(flat.layers.map(({ name }) => name)).toEqual([
      ...[
        'photo',
        'random_flip',
        'rescaling',
        'conv',
        'base_model_conv',
        'top',
        'sum',
        'average',
        'dropout',
        'dense',
      ],
    ]);
    expect(await predict(flat)).toEqual(await predict(nested));
    expect(flat.layers.map(({ trainable }) => trainable)).toEqual(flat.layers.map(() => true));
    const plain = tinyBase();
    expect(unnested(plain).model).toBe(plain);
  });

  it('is cut before its classifier, wherever that is', () => {
    const cutOf = (base: Model, cut?: string): string =>
      networkOf({ base: { model: base, source: 'x' }, preprocessing: 'none', ...(cut && { cut }) }, head).cut;
    expect(cutOf(guideModel())).toBe('average');
    // The whole network is the last layer, and the only one.
    const wrapped = sequential({
      name: 'outer',
      layers: [sequential({ name: 'between', layers: [tinyBase()] })],
    });
    expect(cutOf(wrapped)).toBe('average');
    expect(cutOf(wrapped, 'two')).toBe('two');
    expect(cutOf(guideModel(), 'base_model')).toBe('sum');
    expect(cutOf(guideModel(), 'base_model/conv')).toBe('base_model_conv');
    expect(() => cutOf(wrapped, 'avrage')).toThrow('outer has no layer avrage: did you mean average?');
  });

  it('is thawed within', () => {
    const network = networkOf({ base: { model: guideModel(), source: 'x' }, preprocessing: 'none' }, head);
    expect(network.thaw('top').layers).toEqual(['top']);
  });

  it('says behind its augmentation what it wants of pixels', () => {
    expect(preprocessingOf(guideModel())).toBe('none');
    const named = sequential({
      name: 'mobilenet_like',
      layers: [randomFlip({ inputShape: [SIDE, SIDE, 3] }), conv2d({ filters: 1, kernelSize: 1 })],
    });
    expect(preprocessingOf(named)).toBe('tf');
  });
});
