/**
 * How far probabilities are from those of the target (Kullback and Leibler 1951), Keras' KLDivergence; all of them limited to [ε, 1], ε = 1e-7.
 *
 *   loss[n] = Σ_c t·ln(t/p),   ∂(mean loss)/∂p[n, c] = −t/p/batch, 0 where p is beyond its limits
 *
 * Computed in float64, c ascending from +0; the gradient is rounded once, when it is stored.
 */
import { knownOptions, unary } from '../checks/options.ts';
import { log } from '../tensor/exp.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import type { Loss, LossRun } from './loss.ts';
import { losses } from './registry.ts';

const EPSILON = 1e-7;

class KullbackLeiblerDivergence implements Loss {
  readonly name = 'klDivergence';
  readonly targetKind = 'rows';
  readonly targetRange = [0, 1] as const;
  readonly isOfRow = true;

  compute({ C, x, targets, losses, dx }: LossRun, N: number, batch: number): void {
    const rows = targets as FloatArray; // compile() checked that these are rows
    for (let n = 0; n < N; n++) {
      let sum = 0;
      for (let i = n * C; i < (n + 1) * C; i++) {
        const t = limited(rows[i]);
        const p = limited(x[i]);
        sum += t * (log(t) - log(p));
        if (dx) dx[i] = p === x[i] ? -t / p / batch : 0;
      }
      losses[n] = sum;
    }
  }
}

function limited(p: number): number {
  return Math.min(Math.max(p, EPSILON), 1);
}

/**
 * For probabilities whose targets are probabilities: `loss: 'klDivergence'`.
 *
 *     klDivergence() // outputs [[0.5, 0.5]], targets [[0.25, 0.75]] → 0.1308
 */
export const klDivergence: () => Loss = unary('klDivergence', (options?: object): Loss => {
  knownOptions('klDivergence', options, []);
  return new KullbackLeiblerDivergence();
});

losses.own('klDivergence', klDivergence);
