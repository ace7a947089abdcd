/**
 * The hinge loss of several classes, Keras' CategoricalHinge, for rows of targets t from 0 to 1:
 *
 *   loss[n] = max(1 + neg − pos, 0),   pos = Σ_c t·x,   neg = max_c (1 − t)·x
 *   ∂(mean loss)/∂x[n, c] = ((1 − t)·[c is neg's] − t)/batch, and 0 where 1 + neg − pos ≤ 0; of equal ones the first is neg's
 *
 * neg is never below 0 in one-hot rows: the right class itself gives 0 there. Computed in float64, c ascending from +0; the gradient is
 * rounded once, when it is stored.
 */
import { knownOptions, unary } from '../checks/options.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import type { Loss, LossRun } from './loss.ts';
import { losses } from './registry.ts';

class CategoricalHinge implements Loss {
  readonly name = 'categoricalHinge';
  readonly targetKind = 'rows';
  readonly targetRange = [0, 1] as const;
  readonly isOfRow = true;

  compute({ C, x, targets, losses, dx }: LossRun, N: number, batch: number): void {
    const t = targets as FloatArray; // compile() checked that these are rows
    for (let n = 0; n < N; n++) {
      const [row, end] = [n * C, (n + 1) * C];
      let pos = 0;
      let wrong = row;
      for (let i = row; i < end; i++) {
        pos += t[i] * x[i];
        if ((1 - t[i]) * x[i] > (1 - t[wrong]) * x[wrong]) wrong = i;
      }
      const margin = 1 + (1 - t[wrong]) * x[wrong] - pos;
      losses[n] = Math.max(margin, 0);
      if (!dx) continue;
      for (let i = row; i < end; i++) {
        const slope = (i === wrong ? 1 - t[i] : 0) - t[i];
        dx[i] = margin > 0 ? slope / batch : 0;
      }
    }
  }
}

/**
 * For one-hot rows, and an output a class that is the larger the surer: `loss: 'categoricalHinge'`.
 *
 *     categoricalHinge() // outputs [[0.7, 0.2, 0.1]], targets [[1, 0, 0]] → 0.5
 */
export const categoricalHinge: () => Loss = unary('categoricalHinge', (options?: object): Loss => {
  knownOptions('categoricalHinge', options, []);
  return new CategoricalHinge();
});

losses.own('categoricalHinge', categoricalHinge);
