/**
 * R², the share of the targets' variance that the model explains, Keras' R2Score: 1 is perfect, 0 no better than always saying the mean, and below 0 worse.
 * Of each column along the last dimension, over all rows of all samples:
 *
 *   R² = 1 − Σ (t − y)² / (Σ t² − (Σ t)²/n)
 *
 * and of these the mean, or the mean weighted by variance. Targets that are all the same have none: 0 then. In float64, samples ascending.
 */
import { knownOptions } from '../checks/options.ts';
import { oneOf } from '../checks/values.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { choiceOf } from './choice-of.ts';
import { expectTargets, type Metric, type MetricContext } from './metric.ts';
import { ownMetric } from './registry.ts';

/** What is made of several outputs. */
export interface R2ScoreOptions {
  /** `uniformAverage`, the default: the mean of the outputs' figures; `varianceWeightedAverage`: those of larger variance count more. */
  classAggregation?: 'uniformAverage' | 'varianceWeightedAverage' | undefined;
}

function readAggregation(options: R2ScoreOptions): 'uniformAverage' | 'varianceWeightedAverage' {
  const { classAggregation = 'uniformAverage' } = knownOptions('r2Score', options, [
    'classAggregation',
    'name',
  ]);
  return oneOf('r2Score', 'classAggregation', classAggregation, [
    'uniformAverage',
    'varianceWeightedAverage',
  ]);
}

/** The metric. @throws TypeError or RangeError where an option is unknown or out of bounds. */
function makeR2Score(options: R2ScoreOptions, context: MetricContext): Metric {
  const aggregation = readAggregation(options);
  expectTargets('r2Score', 'rows', context);
  const { outputShape } = context;
  const K = outputShape[outputShape.length - 1];
  const rows = sizeOf(outputShape) / K;
  return {
    // Of each column the sums of targets, of their squares, and of squared errors.
    width: 3 * K,
    measure(N, C, predictions, targets, values) {
      values.fill(0, 0, N * 3 * K);
      for (let i = 0; i < N * C; i++) {
        const at = 3 * (Math.floor(i / C) * K + (i % K));
        const t = targets[i];
        values[at] += t;
        values[at + 1] += t * t;
        values[at + 2] += (t - predictions[i]) * (t - predictions[i]);
      }
    },
    result(state, samples) {
      let sum = 0;
      let weights = 0;
      for (let k = 0; k < K; k++) {
        const [total, squares, errors] = state.slice(3 * k, 3 * k + 3);
        const variance = squares - total * (total / (samples * rows));
        const weight = aggregation === 'uniformAverage' ? 1 : variance;
        sum += variance > 0 ? weight * (1 - errors / variance) : 0;
        weights += weight;
      }
      return weights > 0 ? sum / weights : 0;
    },
  };
}

/**
 * The share of the variance that is explained.
 *
 *     model.compile({ optimizer, loss: 'meanSquaredError', metrics: ['r2Score'] });
 *     r2Score() // outputs [[1], [2], [4]], targets [[1], [2], [3]] → 0.5
 *
 * @throws TypeError or RangeError where an option is unknown or out of bounds.
 */
export const r2Score = choiceOf('r2Score', (options: R2ScoreOptions) => ({
  classAggregation: readAggregation(options),
}));

ownMetric('r2Score', makeR2Score);
