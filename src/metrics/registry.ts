/** Where metrics are listed by name. A metric is a number a sample; an epoch shows their mean. */
import type { Targets } from '../losses/loss.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { accuracy } from './accuracy.ts';

export type MetricName = 'accuracy';

/** Computes one value for each of N samples. */
export type Metric = (
  N: number,
  C: number,
  predictions: FloatArray,
  targets: Targets,
  values: Float64Array,
) => void;

/** @throws RangeError for an unknown name. */
export function getMetric(name: string): Metric {
  if (name === 'accuracy') return accuracy;
  throw new RangeError(`compile: metrics must be among accuracy, got ${name}`);
}
