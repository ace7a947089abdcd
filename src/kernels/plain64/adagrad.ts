// Generated from ../plain/adagrad.ts by generate-float64.mjs: do not edit.
export function adagrad(
  from: number,
  to: number,
  w: Float64Array,
  g: Float64Array,
  G: Float64Array,
  learningRate: number,
  initial: number,
  epsilon: number,
): void {
  const lr = (learningRate);
  const start = (initial);
  const eps = (epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const Gi = (G[i] + (gi * gi));
    G[i] = Gi;
    const root = (Math.sqrt(((Gi + start) + eps)));
    w[i] = (w[i] - ((lr * gi) / root));
  }
}
