/**
 * Mean squared and mean absolute error of a sample's numbers, as Keras' metrics of these names; Keras' RootMeanSquaredError is the root of
 * the mean of mse over all samples.
 *
 *   mse[n] = Σ_c (y[n, c] − t[n, c])² / C    mae[n] = Σ_c |y[n, c] − t[n, c]| / C    c ascending from +0, in float64
 */
import type { Targets } from '../losses/loss.ts';
import type { FloatArray } from '../tensor/tensor.ts';

/** predictions, targets [N, C] → values [N]. */
export function meanError(
  N: number,
  C: number,
  predictions: FloatArray,
  targets: Targets,
  values: Float64Array,
  measure: 'squared' | 'absolute',
): void {
  for (let n = 0; n < N; n++) {
    let sum = 0;
    for (let i = n * C; i < (n + 1) * C; i++) {
      const error = predictions[i] - targets[i];
      sum += measure === 'squared' ? error * error : Math.abs(error);
    }
    values[n] = sum / C;
  }
}
