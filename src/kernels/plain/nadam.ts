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
  w: Float32Array,
  g: Float32Array,
  m: Float32Array,
  v: Float32Array,
  { ofMean, ofGradient, correction, beta1, beta2, epsilon }: NadamNumbers,
): void {
  const meanRate = Math.fround(ofMean);
  const gradientRate = Math.fround(ofGradient);
  const factor = Math.fround(correction);
  const meanShare = Math.fround(1 - beta1);
  const squareShare = Math.fround(1 - beta2);
  const eps = Math.fround(epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const mi = Math.fround(m[i] + Math.fround(meanShare * Math.fround(gi - m[i])));
    const vi = Math.fround(v[i] + Math.fround(squareShare * Math.fround(Math.fround(gi * gi) - v[i])));
    m[i] = mi;
    v[i] = vi;
    const ahead = Math.fround(Math.fround(meanRate * mi) + Math.fround(gradientRate * gi));
    const below = Math.fround(Math.fround(Math.sqrt(Math.fround(factor * vi))) + eps);
    w[i] = Math.fround(w[i] - Math.fround(ahead / below));
  }
}
