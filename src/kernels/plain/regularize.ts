/** Penalties of weights, in their gradient. */

/** g[i] ← g[i] + (r(l1)·sign(w[i]) + r(2·l2)·w[i]). See Kernels.regularize. */
export function regularize(
  from: number,
  to: number,
  w: Float32Array,
  l1: number,
  l2: number,
  g: Float32Array,
): void {
  const side = Math.fround(l1);
  const slope = Math.fround(2 * l2);
  for (let i = from; i < to; i++) {
    const v = w[i];
    const sign = v > 0 ? side : v < 0 ? -side : 0;
    g[i] = Math.fround(g[i] + Math.fround(sign + Math.fround(slope * v)));
  }
}
