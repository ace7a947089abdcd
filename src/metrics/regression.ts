/**
 * Mean squared and mean absolute error of a sample's numbers, as Keras' metrics of these names; Keras' RootMeanSquaredError is the root of
 * the mean of mse over all samples.
 *
 *   mse[n] = Σ_c (y[n, c] − t[n, c])² / C    mae[n] = Σ_c |y[n, c] − t[n, c]| / C    c ascending from +0, in float64
 */
import type { Metric } from './metric.ts';

/** The mean of a row's numbers e(y − t): predictions, targets [N, C] → values [N]. */
const meanOf =
  (e: (difference: number) => number): Metric['measure'] =>
  (N, C, predictions, targets, values) => {
    for (let n = 0; n < N; n++) {
      let sum = 0;
      for (let i = n * C; i < (n + 1) * C; i++) sum += e(predictions[i] - targets[i]);
      values[n] = sum / C;
    }
  };

export const squaredError = meanOf((difference) => difference * difference);
export const absoluteError = meanOf(Math.abs);
