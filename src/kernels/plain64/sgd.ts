// Generated from ../plain/sgd.ts by generate-float64.mjs: do not edit.
/** The steps of optimizers/sgd.ts, element by element, for elements from ≤ i < to. Each operation is rounded once. */

/** Gradient descent: w[i] ← w[i] − lr·g[i]. */
export function sgd(from: number, to: number, w: Float64Array, g: Float64Array, learningRate: number): void {
  const lr = (learningRate);
  for (let i = from; i < to; i++) w[i] = (w[i] - (lr * g[i]));
}

/**
 * Gradient descent with momentum, as in Keras (Sutskever et al. 2013, "On the importance of initialization and momentum
 * in deep learning"). w and v are updated.
 *   v ← momentum·v − lr·g
 *   w ← w + v                         or, with Nesterov's, w ← (w + momentum·v) − lr·g, with the new v
 */
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
