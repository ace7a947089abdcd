/** The step of optimizers/adam.ts, element by element, for elements from ≤ i < to. Each operation is rounded once. */

/**
 * Adam (Kingma and Ba 2015, arXiv:1412.6980, the form at the end of section 2, which is Keras'). w, m and v are updated.
 *   m ← m + (1−β₁)·(g − m)            running mean of gradients
 *   v ← v + (1−β₂)·(g² − v)           running mean of squared gradients
 *   w ← w − (rate·m)/(√v + ε)         rate: the learning rate with both means' start corrected
 * With `peak`, the largest v so far (AMSGrad, Reddi et al. 2018, arXiv:1904.09237), peak ← max(peak, v) stands in place of v in the last line.
 */
export function adam(
  from: number,
  to: number,
  w: Float32Array,
  g: Float32Array,
  m: Float32Array,
  v: Float32Array,
  rate: number,
  beta1: number,
  beta2: number,
  epsilon: number,
  peak: Float32Array | null = null,
): void {
  const alpha = Math.fround(rate);
  const share1 = Math.fround(1 - beta1);
  const share2 = Math.fround(1 - beta2);
  const eps = Math.fround(epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const mi = Math.fround(m[i] + Math.fround(share1 * Math.fround(gi - m[i])));
    const vi = Math.fround(v[i] + Math.fround(share2 * Math.fround(Math.fround(gi * gi) - v[i])));
    m[i] = mi;
    v[i] = vi;
    if (peak && vi > peak[i]) peak[i] = vi;
    const root = Math.fround(Math.sqrt(peak ? peak[i] : vi));
    w[i] = Math.fround(w[i] - Math.fround(Math.fround(alpha * mi) / Math.fround(root + eps)));
  }
}
