/** What optimizers, schedules, losses and metrics refuse, each in one line; and what their defaults are. */
import { describe, expect, it } from 'vitest';
import { binaryCrossentropy } from '../../src/losses/binary-crossentropy.ts';
import {
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
} from '../../src/losses/categorical-crossentropy.ts';
import { huber } from '../../src/losses/huber.ts';
import { meanSquaredError } from '../../src/losses/mean-squared-error.ts';
import { auc } from '../../src/metrics/auc.ts';
import { stateSizeOf } from '../../src/metrics/metric.ts';
import { precision, recall } from '../../src/metrics/precision-recall.ts';
import { checkMetric, getMetric } from '../../src/metrics/registry.ts';
import { sumsOf } from '../../src/metrics/sums.ts';
import { sparseTopKCategoricalAccuracy, topKCategoricalAccuracy } from '../../src/metrics/top-k.ts';
import { rmsprop } from '../../src/optimizers/rmsprop.ts';
import { cosineDecay } from '../../src/optimizers/schedules/cosine-decay.ts';
import { cosineDecayRestarts } from '../../src/optimizers/schedules/cosine-decay-restarts.ts';
import { exponentialDecay } from '../../src/optimizers/schedules/exponential-decay.ts';
import { inverseTimeDecay } from '../../src/optimizers/schedules/inverse-time-decay.ts';
import { piecewiseConstantDecay } from '../../src/optimizers/schedules/piecewise-constant-decay.ts';
import { polynomialDecay } from '../../src/optimizers/schedules/polynomial-decay.ts';
import { sgd } from '../../src/optimizers/sgd.ts';
import { learningRateScheduler } from '../../src/training/callbacks/learning-rate-scheduler.ts';
import { reduceLROnPlateau } from '../../src/training/callbacks/reduce-lr-on-plateau.ts';
import { RunningMean } from '../../src/training/loop/running-mean.ts';

/** As in JavaScript, where nobody looks at types. */
const any = (value: unknown): never => value as never;
const rows = { loss: meanSquaredError(), outputShape: [3] };
const classes = { loss: sparseCategoricalCrossentropy(), outputShape: [3] };
const logits = { loss: categoricalCrossentropy({ fromLogits: true }), outputShape: [3] };

describe('refused in one line', () => {
  it.each<[string, () => unknown, string]>([
    [
      'two bounds',
      () => sgd({ clipvalue: 1, clipnorm: 1 }),
      'only one of clipvalue, clipnorm, globalClipnorm',
    ],
    ['a bound of 0', () => sgd({ clipnorm: 0 }), 'clipnorm must be above 0 and finite, got 0'],
    ['no bound', () => sgd({ clipvalue: Infinity }), 'clipvalue must be above 0 and finite, got Infinity'],
    ['a bound in words', () => sgd({ globalClipnorm: any('1') }), "must be above 0 and finite, got '1'"],
    ['an object as learning rate', () => sgd({ learningRate: any({}) }), 'a number ≥ 0 or a schedule'],
    [
      'a schedule of one’s own',
      () => sgd({ learningRate: any({ name: 'mine', at: () => 1 }) }),
      'or a schedule',
    ],
    ['an unknown schedule', () => sgd({ learningRate: any({ name: 'mine' }) }), 'must be one of cosineDecay'],
    ['centered: 1', () => rmsprop({ centered: any(1) }), 'centered must be'],
    ['no decaySteps', () => cosineDecay(any({ initialLearningRate: 1 })), 'decaySteps must be'],
    [
      'a warm-up to nowhere',
      () => cosineDecay({ initialLearningRate: 1, decaySteps: 2, warmupSteps: 3 }),
      'warmupSteps needs a warmupTarget',
    ],
    [
      'decay by 0',
      () => exponentialDecay({ initialLearningRate: 1, decaySteps: 2, decayRate: 0 }),
      'decayRate must be above 0, got 0',
    ],
    [
      'periods that get shorter',
      () => cosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 2, tMul: 0.5 }),
      'cosineDecayRestarts: tMul must be at least 1 and finite, got 0.5',
    ],
    [
      'a period without steps',
      () => cosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 0 }),
      'firstDecaySteps must be an integer ≥ 1, got 0',
    ],
    [
      'a power of 0',
      () => polynomialDecay({ initialLearningRate: 1, decaySteps: 2, power: 0 }),
      'power must be above 0, got 0',
    ],
    [
      'a cycle in words',
      () => polynomialDecay({ initialLearningRate: 1, decaySteps: 2, cycle: any('yes') }),
      "cycle must be true or false, got 'yes'",
    ],
    [
      'no rate of decay',
      () => inverseTimeDecay(any({ initialLearningRate: 1, decaySteps: 2 })),
      'decayRate must',
    ],
    [
      'a step of warm-up to nothing',
      () => cosineDecay({ initialLearningRate: 1, decaySteps: 2, warmupSteps: 1 }),
      'warmupSteps needs a warmupTarget',
    ],
    [
      'boundaries that fall',
      () => piecewiseConstantDecay({ boundaries: [2, 1], values: [1, 2, 3] }),
      'ascending',
    ],
    [
      'a boundary twice',
      () => piecewiseConstantDecay({ boundaries: [2, 2], values: [1, 2, 3] }),
      'ascending',
    ],
    [
      'a boundary below 0',
      () => piecewiseConstantDecay({ boundaries: [-1], values: [1, 2] }),
      'integers ≥ 0',
    ],
    [
      'boundaries in words',
      () => piecewiseConstantDecay({ boundaries: any('2'), values: [1, 2] }),
      'ascending',
    ],
    ['a boundary too many', () => piecewiseConstantDecay({ boundaries: [2], values: [1] }), 'one more than'],
    ['δ = 0', () => huber({ delta: 0 }), 'delta must be above 0 and finite, got 0'],
    ['δ in words', () => huber({ delta: any('1') }), "got '1'"],
    ['all smoothed', () => categoricalCrossentropy({ labelSmoothing: 1 }), 'at least 0 and below 1, got 1'],
    ['smoothed in words', () => binaryCrossentropy({ labelSmoothing: any('0') }), "below 1, got '0'"],
    ['smoothed classes', () => sparseCategoricalCrossentropy(any({ labelSmoothing: 0.1 })), 'labelSmoothing'],
    ['no function', () => learningRateScheduler(any(3)), 'expected a function (epoch, learningRate)'],
    [
      'a factor in words',
      () => reduceLROnPlateau({ factor: any('0.5') }),
      'factor must be above 0 and below 1',
    ],
    ['a metric that is a number', () => checkMetric(3), 'must be a metric'],
    ['a metric that isn’t called', () => checkMetric(precision), ': call it: '],
    ['a metric without a name', () => checkMetric({ k: 3 }), 'must be a metric'],
    [
      'an option of accuracy',
      () => getMetric({ name: 'accuracy', k: 3 }, rows),
      'accuracy: unknown option k',
    ],
    ['top k of class numbers', () => getMetric('topKCategoricalAccuracy', classes), 'needs a row of numbers'],
    ['sparse top k of rows', () => getMetric('sparseTopKCategoricalAccuracy', rows), 'needs class numbers'],
    ['precision of logits of classes', () => getMetric('precision', logits), 'needs probabilities'],
    ['another curve', () => auc({ curve: any('F1') }), 'curve must be one of ROC, PR'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('defaults', () => {
  it('of metrics are Keras’', () => {
    expect([precision(), recall(), auc()]).toEqual([
      { name: 'precision', thresholds: 0.5 },
      { name: 'recall', thresholds: 0.5 },
      { name: 'auc', numThresholds: 200, curve: 'ROC' },
    ]);
    expect([topKCategoricalAccuracy().k, sparseTopKCategoricalAccuracy().k]).toEqual([5, 5]);
  });

  it('of what metrics gather is known from their configurations', () => {
    const sizes = ['accuracy', 'recall', 'auc', { name: 'auc', numThresholds: 5 }, 'nobody'].map(sumsOf);
    expect(sizes).toEqual([1, 2, 400, 10, null]);
    expect(stateSizeOf(getMetric('auc', rows))).toBe(400);
  });
});

describe('figures of nothing', () => {
  it.each(['ROC', 'PR'] as const)('are 0: the area under %s', (curve) => {
    const metric = getMetric({ name: 'auc', numThresholds: 4, curve }, classes);
    expect(metric.result?.(new Array<number>(8).fill(0), 0)).toBe(0);
  });

  it('class numbers say yes to one output', () => {
    const values = new Float64Array(6);
    const metric = getMetric('recall', classes);
    metric.measure(2, 3, Float32Array.of(0.9, 0.1, 0, 0.6, 0.2, 0.2), Int32Array.of(0, 2), values);
    expect([...values.subarray(0, 4)]).toEqual([1, 1, 0, 1]);
  });

  it('sums of other metrics are no place to go on from', () => {
    const metrics = { metrics: ['recall'] as const, measures: [getMetric('recall', classes)] };
    expect(new RunningMean(metrics, { samples: 2, loss: 3, metrics: [1, 2] }).logs()).toEqual({
      loss: 1.5,
      recall: 0.5,
    });
    expect(() => new RunningMean(metrics, { samples: 2, loss: 3, metrics: [1] })).toThrow(
      'expected 2 sums, got 1',
    );
    expect(() => learningRateScheduler(() => 1).onEpochBegin?.(0)).not.toThrow();
  });

  it('a callback without a model waits and does nothing', async () => {
    const callback = reduceLROnPlateau({ patience: 0 });
    await callback.onTrainBegin?.();
    for (const loss of [1, 2])
      expect(await callback.onEpochEnd?.(loss, { loss, val_loss: loss })).toBeUndefined();
  });
});
