/**
 * Mean squared error, Keras' MeanSquaredError.
 *
 *   loss[n] = (Σ_c (x[n, c] − t[n, c])²) / C,   ∂(mean loss)/∂x[n, c] = 2·(x[n, c] − t[n, c]) / (C·batch)
 *
 * Computed in float64, c ascending from +0; the gradient is rounded once, when it is stored.
 */
import { knownOptions, unary } from '../checks/options.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import type { Loss, LossRun } from './loss.ts';
import { losses } from './registry.ts';

class MeanSquaredError implements Loss {
  readonly name = 'meanSquaredError';
  readonly targetKind = 'rows';

  compute({ C, x, targets, losses, dx }: LossRun, N: number, batch: number): void {
    // compile() checked that these are rows.
    squaredErrors(N, C, x, targets as FloatArray, batch, losses, dx);
  }
}

/** x, targets [N, C] → losses [N], dx [N, C] unless null; overwritten. */
function squaredErrors(
  N: number,
  C: number,
  x: FloatArray,
  targets: FloatArray,
  batch: number,
  losses: Float64Array,
  dx: FloatArray | null,
): void {
  for (let n = 0; n < N; n++) {
    let sum = 0;
    for (let i = n * C; i < (n + 1) * C; i++) {
      const error = x[i] - targets[i];
      sum += error * error;
      if (dx) dx[i] = (2 * error) / (C * batch);
    }
    losses[n] = sum / C;
  }
}

/** For targets of any numbers: rows of the model's output shape. */
export const meanSquaredError: () => Loss = unary('meanSquaredError', (options?: object): Loss => {
  knownOptions('meanSquaredError', options, []);
  return new MeanSquaredError();
});

losses.own('meanSquaredError', meanSquaredError);
