/** Losses as metrics: what they look at, by which names, and where they are refused. */
import { afterAll, describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/formats/model.ts';
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  cosineSimilarity,
  dense,
  huber,
  type Loss,
  meanSquaredError,
  type Sequential,
  sequential,
} from '../../src/index.ts';
import type { CompileOptions } from '../../src/training/options.ts';
import { decodeModel } from '../../src/training/saved/own-model.ts';

const X = Array.from({ length: 12 }, (_, n) => [Math.sin(n), Math.cos(3 * n)]);
const CLASSES = X.map((_, n) => n % 3);
const ONE_HOT = CLASSES.map((k) => [0, 1, 2].map((c) => Number(c === k)));
const models: Sequential[] = [];
afterAll(() => Promise.all(models.map((model) => model.dispose())));

function make(
  options: Omit<CompileOptions, 'optimizer'>,
  activation: 'softmax' | 'sigmoid' | 'linear' = 'softmax',
): Sequential {
  const model = sequential([dense({ units: 3, activation, inputShape: [2] })]);
  model.compile({ optimizer: 'sgd', threads: 0, ...options });
  models.push(model);
  return model;
}

/** Figures of metrics must be the loss of a model that is trained with it. */
describe('a loss as a metric is the loss', () => {
  it.each([
    'categoricalCrossentropy',
    'categoricalFocalCrossentropy',
    'klDivergence',
    'meanSquaredLogarithmicError',
    'dice',
    'poisson',
  ] as const)('%s', async (loss) => {
    const expected = await make({ loss }).evaluate(X, ONE_HOT);
    const figures = await make({ loss: 'mse', metrics: [loss] }).evaluate(X, ONE_HOT);
    expect(figures[loss]).toBeCloseTo(expected.loss, 6); // probabilities have a rounding behind them
  });

  it('of class numbers, of yes and no, and of logits', async () => {
    const sparse = await make({
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['sparse_categorical_crossentropy'],
    }).evaluate(X, CLASSES);
    expect(sparse.sparse_categorical_crossentropy).toBeCloseTo(sparse.loss, 6);
    const binary = await make(
      { loss: 'binaryCrossentropy', metrics: ['bce', 'binaryFocalCrossentropy'] },
      'sigmoid',
    ).evaluate(X, ONE_HOT);
    expect(binary.bce).toBeCloseTo(binary.loss, 6);
    expect(binary.binaryFocalCrossentropy).toBeGreaterThan(0);
    const loss = categoricalCrossentropy({ fromLogits: true });
    const logits = await make({ loss, metrics: ['categoricalCrossentropy'] }, 'linear').evaluate(X, ONE_HOT);
    expect(logits.categoricalCrossentropy).toBe(logits.loss);
  });

  it('whatever is measured before it: predictions stay as they are', async () => {
    const logits = categoricalCrossentropy({ fromLogits: true });
    for (const [loss, metric, activation] of [
      [logits, 'categoricalCrossentropy', 'linear'],
      [binaryCrossentropy({ fromLogits: true }), 'binaryCrossentropy', 'linear'],
      ['categoricalCrossentropy', 'categoricalCrossentropy', 'softmax'],
      ['binaryCrossentropy', 'binaryCrossentropy', 'sigmoid'],
    ] as const) {
      const [first, last] = [
        await make({ loss, metrics: [metric, 'mae'] }, activation).evaluate(X, ONE_HOT),
        await make({ loss, metrics: ['mae', metric] }, activation).evaluate(X, ONE_HOT),
      ];
      expect(first).toEqual(last);
    }
  });

  it('on threads, in any number of them', async () => {
    const options = { loss: 'binaryCrossentropy', metrics: ['kld', 'huber'] } as const;
    const alone = await make(options, 'sigmoid').evaluate(X, ONE_HOT);
    expect(await make({ ...options, threads: 2 }, 'sigmoid').evaluate(X, ONE_HOT, { batchSize: 5 })).toEqual(
      alone,
    );
  });
});

it('cosineSimilarity is the cosine as a metric, and −1 times that as a loss, as in Keras', async () => {
  const figures = await make({ loss: cosineSimilarity(), metrics: ['cosine_similarity'] }).evaluate(
    X,
    ONE_HOT,
  );
  expect(figures.cosine_similarity).toBe(-figures.loss);
});

it('may be handed in as losses, and are then saved and read by name and options', async () => {
  const metrics = [
    huber({ delta: 0.3 }),
    meanSquaredError(),
    categoricalCrossentropy({ labelSmoothing: 0.2 }),
  ];
  const model = make({ loss: 'categoricalCrossentropy', metrics });
  expect(model.compiled?.metrics).toEqual([
    { name: 'huber', delta: 0.3 },
    { name: 'meanSquaredError' },
    { name: 'categoricalCrossentropy', labelSmoothing: 0.2 },
  ]);
  const { json, weights } = await encodeModel(model);
  const again = await decodeModel(json, weights);
  models.push(again as Sequential);
  expect(again.compiled?.metrics).toEqual(model.compiled?.metrics);
  const figures = await model.evaluate(X, ONE_HOT);
  expect(Object.keys(figures)).toEqual(['loss', 'huber', 'meanSquaredError', 'categoricalCrossentropy']);
  expect(await again.evaluate(X, ONE_HOT)).toEqual(figures);
});

describe('are refused', () => {
  it.each<[unknown, string, 'softmax' | 'linear', RegExp]>([
    [
      'categoricalCrossentropy',
      'sparseCategoricalCrossentropy',
      'softmax',
      /categoricalCrossentropy needs a row of numbers a sample as targets/,
    ],
    [
      categoricalCrossentropy({ fromLogits: true }),
      'categoricalCrossentropy',
      'softmax',
      /metrics: categoricalCrossentropy takes logits, but with categoricalCrossentropy the model gives probabilities/,
    ],
    [
      'crossentropy',
      'mse',
      'linear',
      /got 'crossentropy': use 'sparseCategoricalCrossentropy' for class numbers/,
    ],
    ['f1', 'mse', 'linear', /got 'f1': use 'f1Score'/],
    ['hubr', 'mse', 'linear', /or a loss, got 'hubr' \(did you mean 'huber'\?\)/],
    [{ name: 'own', targetKind: 'rows', compute() {} } as Loss, 'mse', 'linear', /metrics must be among/],
    [huber, 'mse', 'linear', /metrics\[0\] must be a metric's name.*call it: huber\(\)/],
  ])('%o with %s', (metric, loss, activation, message) => {
    expect(() => make({ loss: loss as 'mse', metrics: [metric as 'mse'] }, activation)).toThrow(message);
  });

  it('probabilities of another kind than the model’s logits', () => {
    const loss = categoricalCrossentropy({ fromLogits: true });
    expect(() => make({ loss, metrics: ['binaryCrossentropy'] }, 'linear')).toThrow(
      'metrics: binaryCrossentropy takes probabilities, but with categoricalCrossentropy the model gives logits',
    );
  });
});
