/** sampleWeight, classWeight and validationSplit, against Keras 3 (fixtures/make-keras-fit-fixtures.py). */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as degelo from '../../src/index.ts';
import { compiled, compileOptions } from './compiled.ts';
import { tinyData } from './tiny.ts';
import { getWeightsFlat } from './weights.ts';

const { sequential, dense, sgd, tensor } = degelo;

interface Fixture {
  readonly x: number[][];
  readonly classes: number[];
  readonly binary: number[];
  readonly sampleWeight: number[];
  readonly kernel: Record<string, number[][]>;
  readonly bias: Record<string, number[]>;
  readonly cases: Record<string, { history: Record<string, number[]>; weights: number[][] }>;
}

const keras = JSON.parse(
  readFileSync(new URL('../../fixtures/keras-fit.json', import.meta.url), 'utf8'),
) as Fixture;
const { x, classes, sampleWeight } = keras;
const rows = (scale = 1): number[][] => classes.map((k) => [0, 1, 2].map((c) => (c === k ? scale : 0)));

/** The fixture's model. */
function make(loss: degelo.Loss, units = 3, threads = 0): degelo.Sequential {
  const model = sequential([dense({ units, inputShape: [3] })]);
  model.setWeights([tensor(keras.kernel[units]), tensor(keras.bias[units])]);
  const metrics = units === 3 ? (['accuracy'] as const) : [];
  model.compile({ optimizer: sgd({ learningRate: 0.125 }), loss, metrics, threads });
  return model;
}

const sparse = () => degelo.sparseCategoricalCrossentropy({ fromLogits: true });
const dense3 = () => degelo.categoricalCrossentropy({ fromLogits: true });
const options = { batchSize: 4, epochs: 2, shuffle: false };

afterEach(() => vi.restoreAllMocks());

type Case = readonly [string, () => degelo.Loss, degelo.TargetValues, degelo.FitOptions];
const negative = x.map((row) => row.map((v) => -v));
const cases: Case[] = [
  ['unweighted', sparse, classes, {}],
  ['sampleWeight', sparse, classes, { sampleWeight }],
  ['classWeight', sparse, classes, { classWeight: { 0: 0.5, 2: 3 } }],
  ['classWeightOfRows', dense3, rows(), { classWeight: { 0: 0.5, 2: 3 } }],
  [
    'classWeightOfYesAndNo',
    () => degelo.binaryCrossentropy({ fromLogits: true }),
    keras.binary,
    { classWeight: new Map([[1, 4]]) },
  ],
  ['validationSplit', sparse, classes, { validationSplit: 0.3 }],
  ['validationSplitOfWeights', sparse, classes, { validationSplit: 0.3, sampleWeight }],
  ['validationSplitOfClassWeight', sparse, classes, { validationSplit: 0.3, classWeight: { 0: 0.5, 2: 3 } }],
  [
    'validationWeights',
    sparse,
    classes,
    { sampleWeight, validationData: [negative, classes, [...sampleWeight].reverse()] },
  ],
  ['validationWithoutWeights', sparse, classes, { sampleWeight, validationData: [negative, classes] }],
  ['rowsThatDoNotSumToOne', dense3, rows(2.5), {}],
];

describe('as in Keras 3', () => {
  it.each(cases)('%s: every figure of the history, and the weights', async (name, loss, y, given) => {
    const expected = keras.cases[name];
    const model = make(loss(), name === 'classWeightOfYesAndNo' ? 1 : 3);
    const { history } = await model.fit(x, y, { ...options, ...given });
    expect(Object.keys(history).sort()).toEqual(Object.keys(expected.history).sort());
    for (const [key, values] of Object.entries(expected.history)) {
      for (const [e, value] of values.entries()) expect(history[key][e], `${key} ${e}`).toBeCloseTo(value, 5);
    }
    for (const [i, value] of expected.weights.flat().entries()) {
      expect(getWeightsFlat(model)[i]).toBeCloseTo(value, 5);
    }
  });
});

describe('sample weights', () => {
  const outcome = async (given: degelo.FitOptions, threads = 0) => {
    await using model = make(sparse(), 3, threads);
    const { history } = await model.fit(x, classes, { ...options, ...given });
    return { history, weights: getWeightsFlat(model) };
  };

  it('of 1 change no bit', async () => {
    expect(await outcome({ sampleWeight: new Float32Array(11).fill(1) })).toEqual(await outcome({}));
  });

  it('give the same bits with two threads, shuffled', async () => {
    const given = { sampleWeight, shuffle: true, validationSplit: 0.3 };
    expect(await outcome(given, 2)).toEqual(await outcome(given));
  });

  it('may be a tensor, a column, or classes’', async () => {
    const expected = await outcome({ sampleWeight });
    expect(await outcome({ sampleWeight: tensor(sampleWeight) })).toEqual(expected);
    expect(await outcome({ sampleWeight: sampleWeight.map((w) => [w]) })).toEqual(expected);
    const byClass = await outcome({ classWeight: { 1: 2 } });
    expect(await outcome({ sampleWeight: classes.map((k) => (k === 1 ? 2 : 1)) })).toEqual(byClass);
  });

  it('weigh evaluate’s loss, not its metrics, and trainOnBatch’s step', async () => {
    const model = make(sparse());
    const plain = await model.evaluate(x, classes);
    const doubled = await model.evaluate(x, classes, { sampleWeight: classes.map(() => 2) });
    expect(doubled).toEqual({ loss: 2 * plain.loss, accuracy: plain.accuracy });
    const [a, b] = [make(sparse()), make(sparse())];
    await a.trainOnBatch(x, classes, { classWeight: { 1: 2 } });
    await b.fit(x, classes, { batchSize: 11, shuffle: false, classWeight: { 1: 2 } });
    expect(getWeightsFlat(a)).toEqual(getWeightsFlat(b));
    expect(getWeightsFlat(a)).not.toEqual(getWeightsFlat(make(sparse())));
  });

  it.each([
    [{ sampleWeight, classWeight: { 0: 1 } }, /sampleWeight and classWeight can't both be given/],
    [{ sampleWeight: [1, 2] }, /sampleWeight must have one number per sample: expected 11, got 2/],
    [
      { sampleWeight: classes.map(() => Number.NaN) },
      /sampleWeight must be finite numbers, got NaN for sample 0/,
    ],
    [{ sampleWeight: classes.map(() => '1') }, /finite numbers, got '1' for sample 0/],
    [
      { sampleWeight: 'all' },
      /sampleWeight must be a tensor or an array of one number per sample, got 'all'/,
    ],
    [{ classWeight: { 3: 1 } }, /classWeight must name classes from 0 to 2, got '3'/],
    [{ classWeight: { cat: 1 } }, /classes from 0 to 2, got 'cat'/],
    [{ classWeight: { 1: Infinity } }, /classWeight must be finite numbers, got Infinity for class 1/],
    [{ classWeight: 2 }, /classWeight must be an object of one number per class/],
    [{ validationSplit: 1 }, /validationSplit must be/],
    [{ validationSplit: -0.1 }, /validationSplit must be/],
    [
      { validationSplit: 0.95 },
      /validationSplit must leave samples in both parts: 0.95 of 11 leaves 0 to train on and 11/,
    ],
    [
      { validationSplit: 0.3, validationData: [x, classes] },
      /validationSplit and validationData can't both be given/,
    ],
    [{ stepsPerEpoch: 0 }, /stepsPerEpoch must be an integer ≥ 1, got 0/],
    [{ verbose: 3 }, /verbose must be one of/],
  ])('%#: what makes no sense is refused', async (given, message) => {
    const all = { ...options, ...given } as degelo.FitOptions;
    await expect(make(sparse()).fit(x, classes, all)).rejects.toThrow(message);
  });

  it('by class are refused where several answers are yes or no', async () => {
    const model = make(degelo.binaryCrossentropy({ fromLogits: true }));
    await expect(model.fit(x, rows(), { classWeight: { 1: 2 } })).rejects.toThrow(
      /classWeight needs one class per sample, which binaryCrossentropy of 3 outputs doesn't have: use sampleWeight/,
    );
  });

  it.each([
    ['hinge', [-1, 1]],
    ['meanSquaredError', [0.2, 7.4]],
  ] as const)(
    'by class are refused where targets of %s are no classes: no weight would be found',
    async (loss, y) => {
      const model = sequential([degelo.dense({ units: 1, inputShape: [1] })]);
      model.compile({ optimizer: 'sgd', loss, threads: 0 });
      await expect(model.fit([[1], [2]], [...y], { classWeight: { 0: 5 } })).rejects.toThrow(
        `classWeight needs one class per sample, which ${loss} of 1 outputs doesn't have: use sampleWeight`,
      );
      await model.fit([[1], [2]], [0, 1], { classWeight: { 0: 5 } });
    },
  );

  it('by class are refused where targets are images, which have no class', async () => {
    const model = sequential([degelo.conv2d({ filters: 3, kernelSize: 1, inputShape: [2, 2, 1] })]);
    model.compile({ optimizer: 'sgd', loss: 'mse', threads: 0 });
    const [x, y] = [tensor(new Float32Array(8), [2, 2, 2, 1]), tensor(new Float32Array(24), [2, 2, 2, 3])];
    await expect(model.fit(x, y, { classWeight: { 1: 2 } })).rejects.toThrow(
      /classWeight needs one class per sample, which meanSquaredError of 12 outputs doesn't have: use sampleWeight/,
    );
  });
});

describe('validationSplit', () => {
  it('takes the last samples, and is the same as handing them in', async () => {
    const { x: images, y } = tinyData(20);
    const [a, b] = [compiled(), compiled()];
    const { history } = await a.fit(images, y, { batchSize: 8, epochs: 2, validationSplit: 0.26 });
    const part = (from: number, to: number) =>
      [images.data.slice(from * 100, to * 100), y.data.slice(from * 3, to * 3)] as const;
    const other = await b.fit(...part(0, 14), { batchSize: 8, epochs: 2, validationData: part(14, 20) });
    expect(history).toEqual(other.history);
    expect(getWeightsFlat(a)).toEqual(getWeightsFlat(b));
  });

  it('warns where classes are in one part alone, naming them', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const sorted = [...classes].sort();
    await make(sparse()).fit(x, sorted, { validationSplit: 0.3 });
    expect(warn.mock.calls).toEqual([
      [
        'fit: validationSplit takes the last samples in the order given, which leaves no sample of class 2 to train on and ' +
          'none of class 0 to validate on: ' +
          'splitDataset([x, y], { leftSize, shuffle: true }) mixes them first and gives two parts, for fit and for validationData',
      ],
    ]);
    warn.mockClear();
    await make(dense3()).fit(
      x,
      sorted.map((k) => rows()[classes.indexOf(k)]),
      { validationSplit: 0.8 },
    );
    expect(warn.mock.calls[0][0]).toContain('leaves no sample of class 1, 2 to train on: ');
    warn.mockClear();
    await make(sparse()).fit(x, classes, { validationSplit: 0.3 });
    expect(warn).not.toHaveBeenCalled();
  });
});

describe('rows that do not sum to 1', () => {
  it('have the gradient of the loss that is reported', async () => {
    const model = sequential([dense({ units: 3, activation: 'softmax', inputShape: [2] })]);
    model.compile({ ...compileOptions, optimizer: sgd({ learningRate: 1e-3 }) });
    const [sample, row] = [[[0.3, -0.7]], [[0, 5, 1]]];
    const [kernel, bias] = model.getWeights();
    const numeric: number[] = [];
    for (let i = 0; i < 3; i++) {
      const losses: number[] = [];
      for (const step of [1e-2, -1e-2]) {
        const moved = tensor(bias.data, [3]);
        moved.data[i] += step;
        model.setWeights([kernel, moved]);
        losses.push((await model.evaluate(sample, row)).loss);
      }
      numeric.push((losses[0] - losses[1]) / 2e-2);
    }
    model.setWeights([kernel, bias]);
    await model.trainOnBatch(sample, row);
    const [, after] = model.getWeights();
    for (let i = 0; i < 3; i++) expect((bias.data[i] - after.data[i]) / 1e-3).toBeCloseTo(numeric[i], 3);
  });
});
