/**
 * Precision: of the outputs that say yes, the share that should. Recall: of those that should say yes, the share that does. Keras'
 * Precision and Recall: all outputs of all samples are counted together, and nothing divided by nothing is 0.
 *
 *   precision = (yes and should) / yes          recall = (yes and should) / should          yes: prediction > threshold
 */
import { describe } from '../checks/describe.ts';
import { knownOptions } from '../checks/options.ts';
import { rowSize } from '../losses/loss.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { choiceOf } from './choice-of.ts';
import { isYes, type Metric, type MetricContext } from './metric.ts';
import { probabilityOf } from './probability.ts';
import { ownMetric } from './registry.ts';

/** What counts as a yes. */
export interface ThresholdOptions {
  /** A prediction above this says yes; from 0 to 1. Default: 0.5. */
  thresholds?: number | undefined;
}

/** The metric. @throws TypeError or RangeError where an option is unknown or out of bounds. */
function makePrecisionOrRecall(
  name: 'precision' | 'recall',
  options: ThresholdOptions,
  context: MetricContext,
): Metric {
  const threshold = readThreshold(name, options);
  const probability = probabilityOf(context);
  const counts = (prediction: number, should: boolean): boolean =>
    name === 'precision' ? probability(prediction) > threshold : should;
  const K = rowSize(context.loss, context.outputShape);
  return {
    width: 2, // yes and should; what it is divided by
    measure(N, C, predictions: FloatArray, targets, values) {
      for (let n = 0; n < N; n++) {
        let right = 0;
        let all = 0;
        for (let c = 0; c < C; c++) {
          const prediction = predictions[n * C + c];
          const should = isYes(targets, n * C + c, K);
          if (should && probability(prediction) > threshold) right++;
          if (counts(prediction, should)) all++;
        }
        values[2 * n] = right;
        values[2 * n + 1] = all;
      }
    },
    result: ([right, all]) => (all === 0 ? 0 : right / all),
  };
}

/** @throws TypeError or RangeError where an option is unknown or out of bounds. */
export function readThreshold(name: string, options: ThresholdOptions): number {
  const { thresholds = 0.5 } = knownOptions(name, options, ['thresholds', 'name']);
  if (typeof thresholds !== 'number' || !(thresholds >= 0 && thresholds <= 1)) {
    throw new RangeError(`${name}: thresholds must be one number from 0 to 1, got ${describe(thresholds)}`);
  }
  return thresholds;
}

/**
 * Of the outputs that say yes, the share that should.
 *
 *     model.compile({ optimizer, loss: 'binaryCrossentropy', metrics: [precision({ thresholds: 0.7 }), 'recall'] });
 *     precision() // outputs [[0.9], [0.6], [0.3], [0.1]], targets [[1], [0], [1], [0]] → 0.5
 *
 * @throws TypeError or RangeError where an option is unknown or out of bounds.
 */
export const precision = choiceOf('precision', (options: ThresholdOptions) => ({
  thresholds: readThreshold('precision', options),
}));

/**
 * Of the outputs that should say yes, the share that does.
 *
 *     recall() // outputs [[0.9], [0.6], [0.3], [0.1]], targets [[1], [0], [1], [1]] → 0.3333
 *
 * @throws TypeError or RangeError as precision does.
 */
export const recall = choiceOf('recall', (options: ThresholdOptions) => ({
  thresholds: readThreshold('recall', options),
}));

for (const name of ['precision', 'recall'] as const) {
  ownMetric(name, (options, context) => makePrecisionOrRecall(name, options, context));
}
