// Generated from ../plain/adamax.ts by generate-float64.mjs: do not edit.
import type { AdamaxNumbers } from '../kernels.ts';

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
