/**
 * A loss as a figure beside the one that is trained, as Keras' metrics of these names: the mean over samples of what the loss says of the model's predictions.
 * Cross-entropies look at probabilities as Keras does: divided by their sum, and kept within [1e-7, 1 − 1e-7].
 */
import { computeLoss, type Loss, type LossConfig, lossConfig, rowSize } from '../losses/loss.ts';
import { getLoss } from '../losses/registry.ts';
import { log } from '../tensor/exp.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { expectTargets, type Metric, type MetricConfig, type MetricContext } from './metric.ts';
import { type MetricChoice, ownLossMetrics } from './registry.ts';

const NEAREST = 1e-7;

/** @throws RangeError or TypeError where the loss doesn't fit the targets or the predictions. */
export function lossMetric(config: LossConfig, context: MetricContext): Metric {
  const { outputShape } = context;
  const loss = ofPredictions(config, context);
  const K = rowSize(loss, outputShape);
  expectTargets(loss.name, loss.targetKind, context);
  loss.expectSize?.(K);
  // Keras' metric of this name is the cosine itself, its loss −1 times that.
  const isNegated = loss.name === 'cosineSimilarity';
  const takesLogs = loss.folds === 'softmax' && !loss.fromLogits;
  return {
    measure(N, C, predictions, targets, values) {
      const x = takesLogs ? logsOf(predictions, N * C, K) : predictions;
      const probabilities = loss.folds ? new Float64Array(N * C) : x;
      const run = { C, x, folded: false, probabilities, y: predictions, targets, losses: values, dx: null };
      computeLoss(loss, outputShape, run, N, N);
      if (isNegated) for (let n = 0; n < N; n++) values[n] = -values[n];
    },
  };
}

/** The loss, from logits where the model gives these. */
function ofPredictions(config: LossConfig, { loss: trained }: MetricContext): Loss {
  const loss = getLoss(config);
  const givesLogits = trained.fromLogits ?? false;
  if (!loss.folds || (loss.fromLogits ?? false) === givesLogits) return loss;
  if (givesLogits && trained.folds === loss.folds) return getLoss({ ...config, fromLogits: true });
  if (!givesLogits && !trained.folds) return loss; // of any outputs: logits, if one says so
  const [takes, gives] = givesLogits ? ['probabilities', 'logits'] : ['logits', 'probabilities'];
  throw new RangeError(
    `compile: metrics: ${loss.name} takes ${takes}, but with ${trained.name} the model gives ${gives}`,
  );
}

/** Logarithms of rows of K probabilities: logits whose softmax they are. */
function logsOf(p: FloatArray, count: number, K: number): Float64Array {
  const logs = new Float64Array(count);
  for (let row = 0; row < count; row += K) {
    let sum = 0;
    for (let i = row; i < row + K; i++) sum += p[i];
    for (let i = row; i < row + K; i++) logs[i] = log(Math.min(Math.max(p[i] / sum, NEAREST), 1 - NEAREST));
  }
  return logs;
}

function configOf(choice: MetricChoice | Loss): MetricConfig | null {
  if (typeof choice !== 'object' || typeof choice.compute !== 'function') return null;
  const { fromLogits, ...config } = lossConfig(choice as Loss);
  return (fromLogits ? { ...config, fromLogits } : config) as MetricConfig; // all of it is given
}

/**
 * Losses as metrics, in a bundle of `degelo/core`: `metrics: ['huber']` is known there by `register(allLossMetrics, huber)`. The entry point `degelo` has
 * them without this.
 */
export function allLossMetrics(): void {}

ownLossMetrics({ configOf, make: lossMetric });
