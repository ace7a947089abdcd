// Generated from ../plain/regularize.ts by generate-float64.mjs: do not edit.
/** Penalties of weights, in their gradient. */

/** g[i] ← g[i] + (r(l1)·sign(w[i]) + r(2·l2)·w[i]). See Kernels.regularize. */
export function regularize(
  from: number,
  to: number,
  w: Float64Array,
  l1: number,
  l2: number,
  g: Float64Array,
): void {
  const side = (l1);
  const slope = (2 * l2);
  for (let i = from; i < to; i++) {
    const v = w[i];
    const sign = v > 0 ? side : v < 0 ? -side : 0;
    g[i] = (g[i] + (sign + (slope * v)));
  }
}
