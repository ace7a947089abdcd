// Generated from ../plain/adam.ts by generate-float64.mjs: do not edit.
export function adam(
  from: number,
  to: number,
  w: Float64Array,
  g: Float64Array,
  m: Float64Array,
  v: Float64Array,
  rate: number,
  beta1: number,
  beta2: number,
  epsilon: number,
  peak: Float64Array | null = null,
): void {
  const alpha = (rate);
  const share1 = (1 - beta1);
  const share2 = (1 - beta2);
  const eps = (epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const mi = (m[i] + (share1 * (gi - m[i])));
    const vi = (v[i] + (share2 * ((gi * gi) - v[i])));
    m[i] = mi;
    v[i] = vi;
    if (peak && vi > peak[i]) peak[i] = vi;
    const root = (Math.sqrt(peak ? peak[i] : vi));
    w[i] = (w[i] - ((alpha * mi) / (root + eps)));
  }
}
