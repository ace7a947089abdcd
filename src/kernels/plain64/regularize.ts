// Generated from ../plain/regularize.ts by generate-float64.mjs: do not edit.
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
