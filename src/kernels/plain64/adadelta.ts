// Generated from ../plain/adadelta.ts by generate-float64.mjs: do not edit.
export function adadelta(
  from: number,
  to: number,
  w: Float64Array,
  g: Float64Array,
  G: Float64Array,
  D: Float64Array,
  learningRate: number,
  rho: number,
  epsilon: number,
): void {
  const lr = (learningRate);
  const decay = (rho);
  const share = (1 - rho);
  const eps = (epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const Gi = ((decay * G[i]) + (share * (gi * gi)));
    const rootD = (Math.sqrt((D[i] + eps)));
    const rootG = (Math.sqrt((Gi + eps)));
    const delta = (-(rootD * gi) / rootG);
    G[i] = Gi;
    D[i] = ((decay * D[i]) + (share * (delta * delta)));
    w[i] = (w[i] + (lr * delta));
  }
}
