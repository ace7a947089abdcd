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
  w: Float32Array,
  g: Float32Array,
  m: Float32Array,
  u: Float32Array,
  { rate, beta1, beta2, epsilon }: AdamaxNumbers,
): void {
  const alpha = Math.fround(rate);
  const share = Math.fround(1 - beta1);
  const decay = Math.fround(beta2);
  const eps = Math.fround(epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const mi = Math.fround(m[i] + Math.fround(share * Math.fround(gi - m[i])));
    const ui = Math.max(Math.fround(decay * u[i]), Math.abs(gi));
    m[i] = mi;
    u[i] = ui;
    w[i] = Math.fround(w[i] - Math.fround(Math.fround(alpha * mi) / Math.fround(ui + eps)));
  }
}
