/** Where metrics are listed by name. A metric is a number a sample; an epoch shows their mean. */
import type { Loss, Targets } from '../losses/loss.ts';
import type { FloatArray, Shape } from '../tensor/tensor.ts';
import { accuracy } from './accuracy.ts';
import { binaryAccuracy } from './binary-accuracy.ts';

/** Computes one value for each of N samples. */
export type Metric = (
  N: number,
  C: number,
  predictions: FloatArray,
  targets: Targets,
  values: Float64Array,
) => void;

/** What a metric may depend on. */
export interface MetricContext {
  readonly loss: Loss;
  readonly outputShape: Shape;
}

const makers = {
  /** Keras' choice: of yes and no where there is one output a sample; and, as in TensorFlow.js, by the loss. */
  accuracy({ loss, outputShape }: MetricContext): Metric {
    const isBinary =
      loss.folds === 'sigmoid' || (loss.folds !== 'softmax' && outputShape[outputShape.length - 1] === 1);
    return isBinary ? makers.binaryAccuracy({ loss, outputShape }) : accuracy;
  },
  binaryAccuracy({ loss }: MetricContext): Metric {
    const threshold = loss.fromLogits ? 0 : 0.5;
    return (N, C, predictions, targets, values) =>
      binaryAccuracy(N, C, predictions, targets, values, threshold);
  },
};

/** Metrics, by the name that `compile` takes. */
export type MetricName = keyof typeof makers;

/** @throws RangeError for an unknown name. */
export function checkMetric(name: string): MetricName {
  // A name that is among the keys is one of them.
  if (Object.hasOwn(makers, name)) return name as MetricName;
  throw new RangeError(`compile: metrics must be among ${Object.keys(makers).join(', ')}, got ${name}`);
}

/** The metric of this name for a model. @throws RangeError for an unknown name. */
export function getMetric(name: string, context: MetricContext): Metric {
  return makers[checkMetric(name)](context);
}
