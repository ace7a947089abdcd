/**
 * Huber's loss (P. J. Huber 1964, "Robust estimation of a location parameter"), Keras' Huber: squared near the target,
 * linear beyond δ of it, so that a few targets that are far off don't rule the rest. With e = x[n, c] − t[n, c]:
 *
 *   h(e) = e²/2 where |e| ≤ δ,  δ·|e| − δ²/2 elsewhere
 *   loss[n] = (Σ_c h(e)) / C,   ∂(mean loss)/∂x[n, c] = max(−δ, min(δ, e)) / (C·batch)
 *
 * Computed in float64, c ascending from +0; the gradient is rounded once, when it is stored.
 */
import { describe } from '../checks/describe.ts';
import { knownOptions, unary } from '../checks/options.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import type { Loss, LossConfig, LossRun } from './loss.ts';
import { losses } from './registry.ts';

/** How far from its target a number counts as near. */
export interface HuberOptions {
  /** δ, where the parabola becomes a line; above 0. Default: 1, as in Keras. */
  delta?: number;
}

class Huber implements Loss {
  readonly name = 'huber';
  readonly targetKind = 'rows';
  readonly delta: number;

  constructor(options?: HuberOptions) {
    const { delta = 1 } = knownOptions('huber', options, ['delta']);
    if (typeof delta !== 'number' || !(delta > 0 && delta < Infinity)) {
      throw new RangeError(`huber: delta must be above 0 and finite, got ${describe(delta)}`);
    }
    this.delta = delta;
  }

  compute({ C, x, targets, losses, dx }: LossRun, N: number, batch: number): void {
    // compile() checked that these are rows.
    huberErrors(N, C, x, targets as FloatArray, this.delta, batch, losses, dx);
  }

  getConfig(): LossConfig {
    return { name: this.name, delta: this.delta };
  }
}

/** x, targets [N, C] → losses [N], dx [N, C] unless null; overwritten. */
function huberErrors(
  N: number,
  C: number,
  x: FloatArray,
  targets: FloatArray,
  delta: number,
  batch: number,
  losses: Float64Array,
  dx: FloatArray | null,
): void {
  for (let n = 0; n < N; n++) {
    let sum = 0;
    for (let i = n * C; i < (n + 1) * C; i++) {
      const error = x[i] - targets[i];
      const size = Math.abs(error);
      sum += size <= delta ? (error * error) / 2 : delta * size - (delta * delta) / 2;
      if (dx) dx[i] = Math.max(-delta, Math.min(delta, error)) / (C * batch);
    }
    losses[n] = sum / C;
  }
}

/**
 * For targets of any numbers, some of which may be far off: rows of the model's output shape.
 *
 *   model.compile({ optimizer: 'adam', loss: huber({ delta: 0.5 }) });
 *
 * @throws RangeError where delta isn't above 0 and finite.
 */
export const huber = unary('huber', (options?: HuberOptions): Loss => new Huber(options));

losses.own('huber', huber);
