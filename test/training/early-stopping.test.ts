import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Settled } from '../../src/checks/options.ts';
import * as degelo from '../../src/index.ts';
import { type EarlyStoppingOptions, earlyStopping } from '../../src/index.ts';
import { tinyData, tinyModel } from './tiny.ts';
import { getWeightsFlat } from './weights.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Keras 3's EarlyStopping, line by line: the epoch that it stops after and the epoch whose weights it keeps. */
function keras(values: readonly number[], options: Settled<EarlyStoppingOptions>) {
  const { patience, baseline, startFromEpoch, mode } = options;
  const minDelta = Math.abs(options.minDelta) * (mode === 'max' ? 1 : -1);
  const monitorOp = (a: number, b: number): boolean => (mode === 'max' ? a > b : a < b);
  const isImprovement = (value: number, reference: number | null): boolean =>
    reference === null ? true : monitorOp(value - minDelta, reference);
  let wait = 0;
  let best: number | null = null;
  let bestWeights: number | null = null;
  for (const [epoch, current] of values.entries()) {
    if (epoch < startFromEpoch) continue;
    if (bestWeights === null) bestWeights = epoch;
    wait += 1;
    if (isImprovement(current, best)) {
      best = current;
      bestWeights = epoch;
      if (baseline === null || isImprovement(current, baseline)) wait = 0;
      continue;
    }
    if (wait >= patience && epoch > 0) return { stopped: epoch, bestWeights };
  }
  return { stopped: null, bestWeights };
}

/** The same of ours, on a model that is nothing but the number of the epoch that it has trained last. */
function ours(values: readonly number[], options: EarlyStoppingOptions) {
  let weights = -1;
  const model = {
    stopTraining: false,
    getWeights: () => [weights],
    setWeights([w]: number[]) {
      weights = w;
    },
  };
  const callback = earlyStopping({ ...options, restoreBestWeights: true });
  callback.setModel(model as unknown as degelo.Sequential); // these are all that it needs
  callback.onTrainBegin();
  let stopped: number | null = null;
  for (const [epoch, value] of values.entries()) {
    weights = epoch;
    callback.onEpochEnd(epoch, { val_loss: value });
    if (model.stopTraining) {
      stopped = epoch;
      break;
    }
  }
  expect(callback.stoppedEpoch).toBe(stopped);
  callback.onTrainEnd();
  return { stopped, bestWeights: weights };
}

const close = fc.double({ min: -2, max: 2, noNaN: true });

describe('earlyStopping', () => {
  it('stops after the epoch that Keras stops after, and keeps the weights that Keras keeps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(close, fc.integer({ min: -2, max: 2 }), fc.constant(Number.NaN)), { minLength: 1 }),
        fc.record({
          minDelta: fc.constantFrom(0, 0.5, -0.5, 1),
          patience: fc.integer({ min: 0, max: 4 }),
          mode: fc.constantFrom('min', 'max'),
          baseline: fc.option(close),
          startFromEpoch: fc.integer({ min: 0, max: 3 }),
        }),
        (values, options) => {
          const all = { monitor: 'val_loss', restoreBestWeights: true, ...options };
          const { stopped, bestWeights } = keras(values, all);
          expect(ours(values, options)).toEqual({ stopped, bestWeights: bestWeights ?? values.length - 1 });
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('of figures that only rise stops after the second epoch, and goes on for so many epochs more as patience says', () => {
    const rising = [1, 2, 3, 4, 5, 6];
    expect(ours(rising, {})).toEqual({ stopped: 1, bestWeights: 0 });
    expect(ours(rising, { patience: 3 })).toEqual({ stopped: 3, bestWeights: 0 });
  });

  it('knows the best figure and its epoch', () => {
    const callback = earlyStopping({ monitor: 'binaryAccuracy', patience: 5 });
    expect(callback.best).toBeNull();
    for (const [epoch, binaryAccuracy] of [0.5, 0.75, 0.7].entries())
      callback.onEpochEnd(epoch, { binaryAccuracy });
    expect(callback.best).toEqual({ value: 0.75, epoch: 1 });
  });

  it('ends fit, and puts the best epoch’s weights back at the end', async () => {
    const { x, y } = tinyData(20);
    const make = (): degelo.Sequential => {
      const model = tinyModel(degelo);
      model.compile({
        optimizer: degelo.sgd({ learningRate: 0.3 }),
        loss: 'categoricalCrossentropy',
        threads: 0,
      });
      return model;
    };
    const options = { batchSize: 5, epochs: 12, validationData: [x, y] } as const;
    const weights: number[][] = [];
    const spied = make();
    const spy = { onEpochEnd: () => void weights.push(getWeightsFlat(spied)) };
    const { history } = await spied.fit(x, y, { ...options, callbacks: [spy] });
    const expected = keras(history.val_loss, {
      ...{ monitor: 'val_loss', minDelta: 0, patience: 1, mode: 'min', baseline: null },
      ...{ startFromEpoch: 0, restoreBestWeights: true },
    });

    const model = make();
    const callback = earlyStopping({ patience: 1, restoreBestWeights: true });
    const stopped = await model.fit(x, y, { ...options, callbacks: [callback] });
    expect(stopped.history.val_loss).toEqual(history.val_loss.slice(0, (expected.stopped ?? 11) + 1));
    expect(getWeightsFlat(model)).toEqual(weights[expected.bestWeights as number]);
  });

  it('resumed, stops after the same epoch as if training had never been interrupted', async () => {
    const { x, y } = tinyData(20);
    const make = (): degelo.Sequential => {
      const model = tinyModel(degelo);
      model.compile({
        optimizer: degelo.sgd({ learningRate: 0.9 }),
        loss: 'categoricalCrossentropy',
        threads: 0,
      });
      return model;
    };
    const options = { batchSize: 5, epochs: 15 } as const;
    const stop = () => earlyStopping({ monitor: 'loss', minDelta: 0.02, patience: 4 });
    const expected = await make().fit(x, y, { ...options, callbacks: [stop()] });
    const epochs = expected.epoch.length;
    expect(epochs).toBeGreaterThan(3);
    expect(epochs).toBeLessThan(15);
    for (let interrupted = 1; interrupted <= epochs; interrupted++) {
      const model = make();
      await model.fit(x, y, { ...options, epochs: interrupted });
      const history = await model.fit(x, y, {
        ...{ ...options, callbacks: [stop()], resumeFrom: model.fitPosition },
      });
      expect(history).toEqual(expected);
    }
  });

  it('in a second fit begins anew: it stops and puts back as a new one would', async () => {
    const { x, y } = tinyData(20);
    const outcome = async (callbacks: readonly degelo.EarlyStopping[]) => {
      const model = tinyModel(degelo);
      const optimizer = degelo.sgd({ learningRate: 0.9 });
      model.compile({ optimizer, loss: 'categoricalCrossentropy', threads: 0 });
      const options = { batchSize: 5, epochs: 12, validationData: [x, y] } as const;
      const stopped: unknown[] = [];
      for (const callback of callbacks) {
        const { epoch } = await model.fit(x, y, { ...options, callbacks: [callback] });
        stopped.push(epoch, callback.stoppedEpoch, callback.best);
      }
      return [...stopped, getWeightsFlat(model)];
    };
    const make = () => earlyStopping({ patience: 2, restoreBestWeights: true });
    const again = make();
    expect(await outcome([again, again])).toEqual(await outcome([make(), make()]));
  });

  it('resumed, puts back no weights of epochs that it has not seen, nor those it resumed from', () => {
    let weights = 1;
    const model = {
      stopTraining: false,
      // The best epoch was number 1, and the model has its weights now.
      fitPosition: { history: { epoch: [0, 1], history: { val_loss: [3, 1] } } },
      getWeights: () => [weights],
      setWeights([w]: number[]) {
        weights = w;
      },
    };
    const callback = earlyStopping({ patience: 5, restoreBestWeights: true });
    callback.setModel(model as unknown as degelo.Sequential); // these are all that it needs
    callback.onTrainBegin();
    for (const [epoch, val_loss] of [
      [2, 2],
      [3, 2.5],
    ]) {
      weights = epoch;
      callback.onEpochEnd(epoch, { val_loss });
    }
    callback.onTrainEnd();
    expect(callback.best).toEqual({ value: 1, epoch: 1 });
    expect(weights).toBe(2);
  });

  it('says what it misses, and lets training go on', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    earlyStopping().onEpochEnd(0, { loss: 1, accuracy: 1 });
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      "earlyStopping: needs val_loss, which doesn't exist: expected one of loss, accuracy",
    );
  });

  it.each([
    [{ minDelta: Number.NaN }, /earlyStopping: minDelta must be finite, got NaN/],
    [{ patience: -1 }, /earlyStopping: patience must be an integer ≥ 0, got -1/],
    [{ patience: 1.5 }, /patience must be an integer ≥ 0, got 1.5/],
    [{ startFromEpoch: -1 }, /startFromEpoch must be an integer ≥ 0, got -1/],
    [{ baseline: '1' }, /baseline must be a number or null, got '1'/],
    [{ mode: 'most' }, /earlyStopping: mode must be one of auto, min, max, got 'most'/],
    [{ monitor: 'lr' }, /mode must be min or max where monitor is lr, got auto/],
  ])('refuses %j', (options, message) => {
    expect(() => earlyStopping(options as EarlyStoppingOptions)).toThrow(message);
  });
});
