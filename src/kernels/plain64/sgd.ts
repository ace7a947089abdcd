// Generated from ../plain/sgd.ts by generate-float64.mjs: do not edit.
export function sgd(from: number, to: number, w: Float64Array, g: Float64Array, learningRate: number): void {
  const lr = (learningRate);
  for (let i = from; i < to; i++) w[i] = (w[i] - (lr * g[i]));
}

export function sgdMomentum(
  from: number,
  to: number,
  w: Float64Array,
  g: Float64Array,
  v: Float64Array,
  learningRate: number,
  momentum: number,
  nesterov: boolean,
): void {
  const lr = (learningRate);
  const decay = (momentum);
  for (let i = from; i < to; i++) {
    const step = (lr * g[i]);
    const vi = ((decay * v[i]) - step);
    v[i] = vi;
    if (nesterov) w[i] = ((w[i] + (decay * vi)) - step);
    else w[i] = (w[i] + vi);
  }
}
