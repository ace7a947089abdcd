/** A class for each pixel: losses over the last dimension of an image, against Keras 3 (fixtures/make-keras-pixels-fixtures.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { getWeightsFlat } from '../training/weights.ts';

const { auc, categoricalCrossentropy, conv2d, precision, sequential, sgd, tensor } = degelo;
const { sparseCategoricalCrossentropy } = degelo;

interface Fixture {
  readonly x: number[][][][];
  readonly classes: number[][][];
  readonly sampleWeight: number[];
  readonly kernel: number[][][][];
  readonly bias: number[];
  readonly cases: Record<string, { history: Record<string, number[]>; weights: number[][] }>;
}

const keras = JSON.parse(
  readFileSync(new URL('../../fixtures/keras-pixels.json', import.meta.url), 'utf8'),
) as Fixture;
const { x, classes, sampleWeight } = keras;
const oneHot = (k: number): number[] => [0, 1, 2].map((c) => (c === k ? 1 : 0));
const rows = classes.map((image) => image.map((line) => line.map(oneHot)));

type Metrics = NonNullable<degelo.CompileOptions['metrics']>;

function make(loss: degelo.CompileOptions['loss'], metrics: Metrics = [], threads = 0): degelo.Sequential {
  const fromLogits = typeof loss === 'object' && loss.fromLogits;
  const activation = fromLogits ? 'linear' : 'softmax';
  const model = sequential([conv2d({ filters: 3, kernelSize: 1, activation, inputShape: [3, 2, 2] })]);
  model.setWeights([tensor(keras.kernel), tensor(keras.bias)]);
  model.compile({ optimizer: sgd({ learningRate: 0.125 }), loss, threads, metrics });
  return model;
}

interface Given {
  readonly loss: degelo.Loss;
  readonly y: degelo.TargetValues;
  readonly metrics?: Metrics;
  readonly options?: degelo.FitOptions;
}
const sparse = sparseCategoricalCrossentropy;
const accuracies: Metrics = ['accuracy', 'categorical_accuracy', precision(), auc()];
const cases: Record<string, Given> = {
  sparse: { loss: sparse(), y: classes, metrics: ['accuracy', 'sparse_categorical_accuracy'] },
  sparseOfLogits: { loss: sparse({ fromLogits: true }), y: classes, metrics: ['accuracy'] },
  sparseWeighted: { loss: sparse(), y: classes, options: { sampleWeight } },
  sparseSplit: { loss: sparse(), y: classes, metrics: ['accuracy'], options: { validationSplit: 0.3 } },
  categorical: { loss: categoricalCrossentropy(), y: rows, metrics: accuracies },
  categoricalSmoothed: {
    loss: categoricalCrossentropy({ labelSmoothing: 0.25 }),
    y: rows,
    metrics: ['accuracy'],
  },
  klDivergence: { loss: degelo.klDivergence(), y: rows },
  categoricalHinge: { loss: degelo.categoricalHinge(), y: rows },
};
const options = { batchSize: 4, epochs: 2, shuffle: false };

describe('a class for each pixel, as in Keras 3', () => {
  it.each(Object.entries(cases))('%s: every figure of the history, and the weights', async (name, given) => {
    const expected = keras.cases[name];
    const model = make(given.loss, given.metrics);
    const { history } = await model.fit(x, given.y, { ...options, ...given.options });
    expect(Object.keys(history).sort()).toEqual(Object.keys(expected.history).sort());
    for (const [key, values] of Object.entries(expected.history)) {
      for (const [e, value] of values.entries()) expect(history[key][e], `${key} ${e}`).toBeCloseTo(value, 5);
    }
    for (const [i, value] of expected.weights.flat().entries()) {
      expect(getWeightsFlat(model)[i]).toBeCloseTo(value, 5);
    }
  });

  it('predicts rows that each add up to 1, and measures what it predicts', async () => {
    const model = make('sparseCategoricalCrossentropy', ['accuracy', precision(), auc()]);
    const { data, shape } = await model.predict(x);
    expect(shape).toEqual([11, 3, 2, 3]);
    const numbers = classes.flat(2);
    let [loss, right] = [0, 0];
    for (const [r, k] of numbers.entries()) {
      const row = [...data.subarray(3 * r, 3 * r + 3)];
      expect(row[0] + row[1] + row[2]).toBeCloseTo(1, 6);
      loss -= Math.log(row[k]) / numbers.length;
      if (row[k] === Math.max(...row)) right++;
    }
    const logs = await model.evaluate(x, classes);
    expect(logs.loss).toBeCloseTo(loss, 6);
    expect(logs.accuracy).toBe(right / numbers.length);
    // What is counted of class numbers is counted of one-hot rows.
    const ofRows = make('categoricalCrossentropy', ['accuracy', precision(), auc()]);
    expect(await ofRows.evaluate(x, rows)).toEqual(logs);
  });

  it('takes class numbers in brackets of their own, flat, and as flat samples', async () => {
    const model = make('sparseCategoricalCrossentropy');
    const expected = await model.evaluate(x, classes);
    const flat = Int32Array.from(classes.flat(2));
    const asColumn = classes.map((image) => image.map((line) => line.map((k) => [k])));
    const samples = classes.map((image) => Uint8Array.from(image.flat()));
    for (const y of [flat, tensor(flat, [11, 3, 2]), asColumn, samples]) {
      expect(await model.evaluate(x, y)).toEqual(expected);
    }
  });

  it('refuses targets of other places in one line', async () => {
    const model = make('sparseCategoricalCrossentropy');
    const flat = Int32Array.from(classes.flat(2));
    await expect(model.evaluate(x, tensor(flat, [11, 2, 3]))).rejects.toThrow(
      'evaluate: y must have shape [n, 3, 2], got [11, 2, 3]',
    );
    await expect(model.evaluate(x, rows)).rejects.toThrow(
      'evaluate: y must hold class numbers for sparseCategoricalCrossentropy, got rows of 3 numbers: use categoricalCrossentropy',
    );
    await expect(model.evaluate(x, flat.slice(0, 11))).rejects.toThrow(
      /y must hold 6 class numbers per sample for sparseCategoricalCrossentropy, got one number per sample/,
    );
    flat[13] = 3;
    await expect(model.evaluate(x, flat)).rejects.toThrow('class numbers from 0 to 2, got 3 for sample 2');
    await expect(make('categoricalCrossentropy').evaluate(x, classes)).rejects.toThrow(
      'evaluate: y must have shape [n, 3, 2, 3], got [11, 3, 2]',
    );
    await expect(model.fit(x, classes, { classWeight: { 1: 2 } })).rejects.toThrow(
      /classWeight needs one class per sample/,
    );
  });

  it('gives the same bits with two threads, shuffled', async () => {
    const outcome = async (threads: number) => {
      await using model = make('sparseCategoricalCrossentropy', ['accuracy'], threads);
      const { history } = await model.fit(x, classes, { ...options, shuffle: true, validationSplit: 0.3 });
      return { history, weights: getWeightsFlat(model) };
    };
    expect(await outcome(2)).toEqual(await outcome(0));
  });
});
