/**
 * Mean absolute error, Keras' MeanAbsoluteError.
 *
 *   loss[n] = (Σ_c |x[n, c] − t[n, c]|) / C,   ∂(mean loss)/∂x[n, c] = sign(x[n, c] − t[n, c]) / (C·batch)
 *
 * The sign of 0 is 0. Computed in float64, c ascending from +0; the gradient is rounded once, when it is stored.
 */
import { knownOptions, unary } from '../checks/options.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import type { Loss, LossRun } from './loss.ts';
import { losses } from './registry.ts';

class MeanAbsoluteError implements Loss {
  readonly name = 'meanAbsoluteError';
  readonly targetKind = 'rows';
  readonly hasKinks = true;

  compute({ C, x, targets, losses, dx }: LossRun, N: number, batch: number): void {
    // compile() checked that these are rows.
    absoluteErrors(N, C, x, targets as FloatArray, batch, losses, dx);
  }
}

/** x, targets [N, C] → losses [N], dx [N, C] unless null; overwritten. */
function absoluteErrors(
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
      sum += Math.abs(error);
      if (dx) dx[i] = Math.sign(error) / (C * batch);
    }
    losses[n] = sum / C;
  }
}

/**
 * For targets of any numbers, where a few of them may be far off: rows of the model's output shape.
 *
 *   model.compile({ optimizer: 'adam', loss: meanAbsoluteError() });   // or loss: 'meanAbsoluteError'
 */
export const meanAbsoluteError: () => Loss = unary('meanAbsoluteError', (options?: object): Loss => {
  knownOptions('meanAbsoluteError', options, []);
  return new MeanAbsoluteError();
});

losses.own('meanAbsoluteError', meanAbsoluteError);
