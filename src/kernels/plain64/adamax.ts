// Generated from ../plain/adamax.ts by generate-float64.mjs: do not edit.
/** The step of optimizers/adamax.ts, element by element, for elements from ≤ i < to. Each operation is rounded once. */
import type { AdamaxNumbers } from '../kernels.ts';

/**
 * Adamax (Kingma and Ba 2015, arXiv:1412.6980, algorithm 2), as in Keras. w, m and u are updated.
 *   m ← m + (1−β₁)·(g − m)            running mean of gradients
 *   u ← max(β₂·u, |g|)                their largest size, which fades
 *   w ← w − (rate·m)/(u + ε)          rate: the learning rate with the mean's start corrected
 */
export function adamax(
  from: number,
  to: number,
  w: Float64Array,
  g: Float64Array,
  m: Float64Array,
  u: Float64Array,
  { rate, beta1, beta2, epsilon }: AdamaxNumbers,
): void {
  const alpha = (rate);
  const share = (1 - beta1);
  const decay = (beta2);
  const eps = (epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const mi = (m[i] + (share * (gi - m[i])));
    const ui = Math.max((decay * u[i]), Math.abs(gi));
    m[i] = mi;
    u[i] = ui;
    w[i] = (w[i] - ((alpha * mi) / (ui + eps)));
  }
}
