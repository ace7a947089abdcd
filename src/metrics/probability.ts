/** Predictions as probabilities, for metrics with thresholds: a model whose loss takes logits predicts logits. */
import { sigmoid } from '../tensor/sigmoid.ts';
import type { MetricContext } from './metric.ts';

/** What makes a probability of one prediction. @throws RangeError where a row's logits would have to go through softmax together. */
export function probabilityOf({ loss }: MetricContext): (prediction: number) => number {
  if (!loss.fromLogits) return (prediction) => prediction;
  if (loss.folds === 'softmax') {
    throw new RangeError(
      `compile: this metric needs probabilities, but ${loss.name} takes logits: end the model with activation('softmax')`,
    );
  }
  return sigmoid;
}
