/** What predict and evaluate take a model's outputs for: probabilities are never put through softmax again. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadClassifier } from '../../src/cli/classifier.ts';
import { photoClassifier } from '../../src/cli/photo-classifier.ts';
import { tally } from '../../src/cli/probabilities.ts';
import {
  activation,
  average,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAveragePooling2d,
  input,
  type Layer,
  type Model,
  model,
  reshape,
  sequential,
  softmax,
  toCategorical,
  zeros,
} from '../../src/index.ts';
import { tinyHalf } from '../experiment/tiny.ts';
import { temporaryFolder } from '../temporary.ts';
import { degeloHere, tinyIdxFolder } from './degelo.ts';

const K = 5;
const [SIDE, PIXELS] = [12, 144];
const seed = 3;
const inputShape = [SIDE, SIDE, 1];
const scores = (): Layer[] => [flatten({ inputShape }), dense({ units: K })];
/** A model within that another one begins or ends with. */
const ending = (): Model => sequential([dense({ units: K, activation: 'softmax', inputShape: [PIXELS] })]);

const probabilities: Readonly<Record<string, () => Model>> = {
  'a dense layer with softmax': () =>
    sequential({ seed, layers: [flatten({ inputShape }), dense({ units: K, activation: 'softmax' })] }),
  'a softmax layer': () => sequential({ seed, layers: [...scores(), softmax()] }),
  'an activation layer': () => sequential({ seed, layers: [...scores(), activation('softmax')] }),
  'a softmax and a reshaping behind it': () =>
    sequential({ seed, layers: [...scores(), reshape({ targetShape: [1, 1, K] }), softmax(), flatten()] }),
  'what does nothing behind it': () =>
    sequential({ seed, layers: [...scores(), softmax(), dropout({ rate: 0.5 }), activation('linear')] }),
  'a softmax at every pixel and their mean': () =>
    sequential({
      seed,
      layers: [
        conv2d({ filters: K, kernelSize: 3, activation: 'softmax', inputShape }),
        globalAveragePooling2d(),
      ],
    }),
  'a model within that ends with it': () => sequential({ seed, layers: [flatten({ inputShape }), ending()] }),
  'a softmax before a model that only reshapes': () =>
    sequential({
      seed,
      layers: [
        ...scores(),
        softmax(),
        sequential([reshape({ targetShape: [1, K], inputShape: [K] }), flatten()]),
      ],
    }),
  'the mean of two': () => {
    const x = input({ shape: inputShape });
    const flat = flatten().apply(x);
    const each = [1, 2].map(() => dense({ units: K, activation: 'softmax' }).apply(flat));
    return model({ inputs: x, outputs: average().apply(each), seed });
  },
};

const perClass: Readonly<Record<string, () => Model>> = {
  'sigmoid, class by class': () => sequential({ seed, layers: [...scores(), activation('sigmoid')] }),
  'hard sigmoid': () => sequential({ seed, layers: [...scores(), activation('hardSigmoid')] }),
};

const logits: Readonly<Record<string, () => Model>> = {
  'a dense layer': () => sequential({ seed, layers: scores() }),
  'a dense layer behind a softmax': () =>
    sequential({ seed, layers: [...scores(), softmax(), dense({ units: K })] }),
  'rows of probabilities of something else': () =>
    sequential({
      seed,
      layers: [
        flatten({ inputShape }),
        dense({ units: 6 }),
        reshape({ targetShape: [3, 2] }),
        softmax(),
        flatten(),
      ],
    }),
};

const images = tinyHalf(2).images.subarray(0, 2 * PIXELS);
const pixels = [images.subarray(0, PIXELS), images.subarray(PIXELS)];

/** What predict says of two images, and what the model itself gives. */
async function both(network: Model): Promise<{ said: number[][]; given: Float32Array }> {
  const classifier = await loadClassifier(
    { folder: 'tiny', model: network },
    { threads: 0, kernel: 'plain' },
  );
  const x = zeros([2, ...inputShape]);
  x.data.set(Float32Array.from(images, (pixel) => pixel / 255));
  const { data } = await network.predict(x);
  return { said: await classifier.probabilities(pixels), given: data as Float32Array };
}

describe('probabilities are shown unchanged where a model ends in', () => {
  it.each(Object.entries({ ...probabilities, ...perClass }))('%s', async (_, make) => {
    const { said, given } = await both(make());
    expect(said.flat()).toEqual(Array.from(given));
  });
});

describe('scores are put through softmax, where a model ends in', () => {
  it.each(Object.entries(logits))('%s', async (_, make) => {
    const { said, given } = await both(make());
    expect(said.flat()).not.toEqual(Array.from(given));
    for (const row of said) expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
  });
});

it('photos likewise', async () => {
  const network = sequential([
    globalAveragePooling2d({ inputShape: [2, 2, 3] }),
    dense({ units: 4 }),
    reshape({ targetShape: [1, 4] }),
    softmax(),
    flatten(),
  ]);
  network.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
  const x = zeros([1, 2, 2, 3]);
  x.data.set([9, 1, 4], 3);
  const { data } = await network.predict(x);
  expect((await photoClassifier({ folder: '', model: network }).probabilities(x)).flat()).toEqual(
    Array.from(data),
  );
});

describe('a single output behind a sigmoid is the probability of the second of two classes', () => {
  const grey = sequential([flatten({ inputShape }), dense({ units: 1, activation: 'sigmoid' })]);

  it('of grey images', async () => {
    const { said, given } = await both(grey);
    const second = Array.from(given);
    expect(said.map(([, p]) => p)).toEqual(second);
    expect(said.map(([p]) => p)).toEqual(second.map((p) => Math.fround(1 - p)));
    const classifier = await loadClassifier(
      { folder: '', model: grey },
      { threads: 0, kernel: 'plain', classes: [3, 8] },
    );
    const x = zeros([2, ...inputShape]);
    x.data.set(Float32Array.from(images, (pixel) => pixel / 255));
    const { loss, accuracy, predictions } = await classifier.test(x, toCategorical([1, 0], 2), [1, 0]);
    expect(predictions.shape).toEqual([2, 2]);
    expect(loss).toBeCloseTo(-(Math.log(second[0]) + Math.log(1 - second[1])) / 2, 5);
    expect(accuracy).toBe((Number(second[0] > 0.5) + Number(second[1] <= 0.5)) / 2);
  });

  it('of photos, with names', async () => {
    const network = sequential([
      globalAveragePooling2d({ inputShape: [2, 2, 3] }),
      dense({ units: 1, activation: 'sigmoid' }),
    ]);
    network.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
    const x = zeros([1, 2, 2, 3]);
    const { data } = await network.predict(x);
    const classifier = photoClassifier({ folder: '', model: network }, 'cat,dog');
    expect(classifier.classes).toEqual(['cat', 'dog']);
    expect(photoClassifier({ folder: '', model: network }).classes).toEqual(['0', '1']);
    expect(await classifier.probabilities(x)).toEqual([[1 - data[0], data[0]]]);
  });

  it('and a score alone, or a map, is refused', () => {
    for (const layer of [dense({ units: 1 }), dense({ units: 1, activation: 'relu' })]) {
      const network = sequential([globalAveragePooling2d({ inputShape: [2, 2, 3] }), layer]);
      expect(() => photoClassifier({ folder: 'm', model: network })).toThrow(
        'm: the model must have one output per class, at least two, or a single one behind a sigmoid: got output [1]',
      );
    }
    const map = sequential([conv2d({ filters: 2, kernelSize: 1, inputShape: [2, 2, 3] })]);
    expect(() => photoClassifier({ folder: 'm', model: map })).toThrow('got output [2,2,2]');
  });
});

it('loss and accuracy are the same, wherever the softmax stands', async () => {
  const [direct, moved] = [
    probabilities['a softmax layer'](),
    probabilities['a softmax and a reshaping behind it'](),
  ];
  moved.setWeights(direct.getWeights());
  const labels = Int32Array.of(1, 4);
  const x = zeros([2, ...inputShape]);
  x.data.set(Float32Array.from(images, (pixel) => pixel / 255));
  const [one, other] = await Promise.all(
    [direct, moved].map(async (network) =>
      (await loadClassifier({ folder: '', model: network }, { threads: 0, kernel: 'plain' })).test(
        x,
        toCategorical(labels, K),
        labels,
      ),
    ),
  );
  expect(other.loss).toBeCloseTo(one.loss, 5);
  expect(other.accuracy).toBe(one.accuracy);
  expect(other.predictions.data).toEqual(one.predictions.data);
});

it('degelo evaluate tests a model whose softmax is not its last layer', async () => {
  const folder = temporaryFolder();
  await probabilities['a softmax and a reshaping behind it']().save(join(folder, 'moved'));
  const data = tinyIdxFolder(folder);
  const args = ['evaluate', join(folder, 'moved'), '--data', data, '--threads', '1', '--json'];
  const { code, stdout } = await degeloHere(...args);
  expect(code).toBe(0);
  const { test, confusion, samples } = JSON.parse(stdout);
  expect(test.loss).toBeGreaterThan(0);
  expect(test.accuracy).toBe(
    confusion.reduce((sum: number, row: number[], k: number) => sum + row[k], 0) / samples,
  );
});

it('a loss of probabilities that do not add up to 1 is that of their shares, as Keras has it', () => {
  const { loss, right } = tally(
    [
      [0.8, 0.8],
      [0, 0.4],
    ],
    [0, 1],
  );
  expect(loss).toBeCloseTo(Math.log(2), 12);
  expect(right).toBe(2);
  expect(tally([[1, 0]], [1]).loss).toBeCloseTo(-Math.log(1e-7), 6);
});
