/** Samples that count more or less than others. */
import type { FloatArray } from '../tensor/tensor.ts';
import type { LossRun } from './loss.ts';

/**
 * Weighs what a loss computed for N samples, Keras 3's rule: each sample's loss and gradient, times its weight. The mean is
 * still taken over the number of samples.
 *
 *     loss[n] = w[n]·loss[n]   dx[n, c] = w[n]·dx[n, c]
 *
 * weights [N], which have one rounding to float32 behind them.
 */
export function weighLoss({ C, losses, dx }: LossRun, N: number, weights: FloatArray): void {
  for (let n = 0; n < N; n++) {
    losses[n] *= weights[n];
    if (dx === null) continue;
    for (let i = n * C; i < (n + 1) * C; i++) dx[i] *= weights[n];
  }
}
