// Generated from ../plain/lion.ts by generate-float64.mjs: do not edit.
export function lion(
  from: number,
  to: number,
  w: Float64Array,
  g: Float64Array,
  m: Float64Array,
  learningRate: number,
  beta1: number,
  beta2: number,
): void {
  const lr = (learningRate);
  const [decay1, share1] = [(beta1), (1 - beta1)];
  const [decay2, share2] = [(beta2), (1 - beta2)];
  for (let i = from; i < to; i++) {
    const direction = ((decay1 * m[i]) + (share1 * g[i]));
    m[i] = ((decay2 * m[i]) + (share2 * g[i]));
    w[i] = (w[i] - (lr * Math.sign(direction)));
  }
}
