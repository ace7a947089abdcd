// Generated from ../plain/nadam.ts by generate-float64.mjs: do not edit.
/** The step of optimizers/nadam.ts, element by element, for elements from ≤ i < to. Each operation is rounded once. */
import type { NadamNumbers } from '../kernels.ts';

/**
 * Nadam (Dozat 2016, "Incorporating Nesterov momentum into Adam"), as in Keras. w, m and v are updated.
 *   m ← m + (1−β₁)·(g − m)            running mean of gradients
 *   v ← v + (1−β₂)·(g² − v)           running mean of squared gradients
 *   w ← w − (ofMean·m + ofGradient·g)/(√(correction·v) + ε)
 */
export function nadam(
  from: number,
  to: number,
  w: Float64Array,
  g: Float64Array,
  m: Float64Array,
  v: Float64Array,
  { ofMean, ofGradient, correction, beta1, beta2, epsilon }: NadamNumbers,
): void {
  const meanRate = (ofMean);
  const gradientRate = (ofGradient);
  const factor = (correction);
  const meanShare = (1 - beta1);
  const squareShare = (1 - beta2);
  const eps = (epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const mi = (m[i] + (meanShare * (gi - m[i])));
    const vi = (v[i] + (squareShare * ((gi * gi) - v[i])));
    m[i] = mi;
    v[i] = vi;
    const ahead = ((meanRate * mi) + (gradientRate * gi));
    const below = ((Math.sqrt((factor * vi))) + eps);
    w[i] = (w[i] - (ahead / below));
  }
}
