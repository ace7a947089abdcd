/** Where metrics are listed by name. A metric is a number a sample; an epoch shows their mean. */
import type { Loss, Targets } from '../losses/loss.ts';
import { canonicalName, type KerasName } from '../registry/aliases.ts';
import type { FloatArray, Shape } from '../tensor/tensor.ts';
import { accuracy } from './accuracy.ts';
import { binaryAccuracy } from './binary-accuracy.ts';
import { meanError } from './regression.ts';

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
  categoricalAccuracy(context: MetricContext): Metric {
    expectTargets('categoricalAccuracy', 'rows', context);
    return accuracy;
  },
  sparseCategoricalAccuracy(context: MetricContext): Metric {
    expectTargets('sparseCategoricalAccuracy', 'classes', context);
    return accuracy;
  },
  meanSquaredError(context: MetricContext): Metric {
    expectTargets('meanSquaredError', 'rows', context);
    return (N, C, predictions, targets, values) => meanError(N, C, predictions, targets, values, 'squared');
  },
  meanAbsoluteError(context: MetricContext): Metric {
    expectTargets('meanAbsoluteError', 'rows', context);
    return (N, C, predictions, targets, values) => meanError(N, C, predictions, targets, values, 'absolute');
  },
};

function expectTargets(metric: string, kind: Loss['targetKind'], { loss }: MetricContext): void {
  if (loss.targetKind === kind) return;
  const what = { rows: 'a row of numbers a sample', classes: 'class numbers' };
  throw new RangeError(
    `compile: metrics: ${metric} needs ${what[kind]} as targets, but ${loss.name} takes ${what[loss.targetKind]}`,
  );
}

type OwnMetric = keyof typeof makers;

/** Metrics, by the names that `compile` takes: ours, and Keras' of the function, of the class, and short. */
export type MetricName = KerasName<OwnMetric> | 'acc' | 'mse' | 'mae';

/** @throws RangeError for an unknown name. */
export function checkMetric(name: string): MetricName {
  ownName(name);
  return name as MetricName; // a name that ownName knows is one of them
}

function ownName(name: string): OwnMetric {
  const names = Object.keys(makers);
  const own = canonicalName(name, names);
  if (own) return own as OwnMetric; // it is one of the keys
  throw new RangeError(`compile: metrics must be among ${names.join(', ')}, got ${name}`);
}

/** The metric of this name for a model. @throws RangeError for an unknown name, or targets that it can't measure. */
export function getMetric(name: string, context: MetricContext): Metric {
  return makers[ownName(name)](context);
}
