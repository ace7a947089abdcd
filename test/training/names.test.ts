/** Losses, metrics and optimizers by Keras' names. */
import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { tinyData } from './tiny.ts';

const { sequential, dense } = degelo;
const { x, y, classes } = tinyData(12);

function make(options: object, linear = false): degelo.Sequential {
  const model = sequential([
    dense({ units: 3, activation: linear ? 'linear' : 'softmax', inputShape: [100] }),
  ]);
  model.compile({ optimizer: 'sgd', loss: 'mse', threads: 0, ...options } as degelo.CompileOptions);
  return model;
}

describe('Keras’ names', () => {
  it.each([
    ['mse', 'meanSquaredError'],
    ['MSE', 'meanSquaredError'],
    ['mean_squared_error', 'meanSquaredError'],
    ['MeanSquaredError', 'meanSquaredError'],
    ['categorical_crossentropy', 'categoricalCrossentropy'],
    ['CategoricalCrossentropy', 'categoricalCrossentropy'],
    ['bce', 'binaryCrossentropy'],
    ['mae', 'meanAbsoluteError'],
  ])('of losses: %s is %s', (name, expected) => {
    const model = sequential([
      dense({ units: 3, activation: name === 'bce' ? 'sigmoid' : 'softmax', inputShape: [100] }),
    ]);
    model.compile({ optimizer: 'sgd', loss: name as degelo.LossName, threads: 0 });
    expect(model.compiled?.loss.name).toBe(expected);
  });

  it.each([
    ['Adam', 'adam'],
    ['SGD', 'sgd'],
    ['Adadelta', 'adadelta'],
    ['AdamW', 'adamW'],
    ['RMSprop', 'rmsprop'],
  ])('of optimizers: %s is %s', (optimizer, expected) => {
    expect(make({ optimizer }).optimizer.name).toBe(expected);
  });

  it('of metrics: their figures stand in the history by the name that was given, as in Keras', async () => {
    const loss = 'categorical_crossentropy';
    const metrics = ['acc', 'CategoricalAccuracy', 'mse', 'mean_absolute_error'];
    const model = make({ loss, metrics });
    const { history } = await model.fit(x.data, y, { validationData: [x.data, y] });
    const val = metrics.map((name) => `val_${name}`);
    expect(Object.keys(history)).toEqual(['loss', ...metrics, 'val_loss', ...val]);
    const { data } = await model.predict(x.data);
    const mean = (f: (error: number) => number) =>
      Array.from(data, (p, i) => f(p - y.data[i])).reduce((sum, e) => sum + e, 0) / data.length;
    expect(history.val_mse[0]).toBeCloseTo(
      mean((e) => e * e),
      10,
    );
    expect(history.val_mean_absolute_error[0]).toBeCloseTo(mean(Math.abs), 10);
    expect(history.val_acc).toEqual(history.val_CategoricalAccuracy);
    const { json, weights } = await degelo.encodeModel(model);
    expect((await degelo.decodeModel(json, weights)).compiled?.metrics).toEqual(metrics);
  });

  it('mean squared error as a metric is the loss of that name', async () => {
    const model = make({ metrics: ['mse'] }, true);
    const { loss, mse } = await model.evaluate(x.data, y);
    expect(mse).toBe(loss);
  });

  it('of class numbers has sparseCategoricalAccuracy, and refuses what needs rows', async () => {
    const loss = 'sparse_categorical_crossentropy';
    const model = make({ loss, metrics: ['accuracy', 'sparse_categorical_accuracy'] });
    const figures = await model.evaluate(x.data, classes);
    expect(figures.sparse_categorical_accuracy).toBe(figures.accuracy);
    expect(() => make({ loss, metrics: ['mse'] })).toThrow(
      'compile: metrics: meanSquaredError needs a row of numbers a sample as targets, but sparseCategoricalCrossentropy takes class numbers',
    );
    expect(() => make({ metrics: ['sparseCategoricalAccuracy'] })).toThrow(/needs class numbers as targets/);
  });

  it('are watched in the right direction', async () => {
    const callbacks = ['val_mse', 'val_acc', 'val_meanAbsoluteError', 'val_BinaryAccuracy'];
    for (const monitor of callbacks) expect(() => degelo.earlyStopping({ monitor })).not.toThrow();
    const stop = degelo.earlyStopping({ monitor: 'acc', patience: 3 });
    for (const [epoch, acc] of [0.2, 0.6].entries()) stop.onEpochEnd(epoch, { acc });
    expect(stop.best).toEqual({ value: 0.6, epoch: 1 });
    const mse = degelo.earlyStopping({ monitor: 'mse', patience: 3 });
    for (const [epoch, value] of [0.6, 0.2].entries()) mse.onEpochEnd(epoch, { mse: value });
    expect(mse.best).toEqual({ value: 0.2, epoch: 1 });
  });
});
