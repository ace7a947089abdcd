/** The steps of optimizers/sgd.ts, element by element, for elements from ≤ i < to. Each operation is rounded once. */

/** Gradient descent: w[i] ← w[i] − lr·g[i]. */
export function sgd(from: number, to: number, w: Float32Array, g: Float32Array, learningRate: number): void {
  const lr = Math.fround(learningRate);
  for (let i = from; i < to; i++) w[i] = Math.fround(w[i] - Math.fround(lr * g[i]));
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
  w: Float32Array,
  g: Float32Array,
  v: Float32Array,
  learningRate: number,
  momentum: number,
  nesterov: boolean,
): void {
  const lr = Math.fround(learningRate);
  const decay = Math.fround(momentum);
  for (let i = from; i < to; i++) {
    const step = Math.fround(lr * g[i]);
    const vi = Math.fround(Math.fround(decay * v[i]) - step);
    v[i] = vi;
    if (nesterov) w[i] = Math.fround(Math.fround(w[i] + Math.fround(decay * vi)) - step);
    else w[i] = Math.fround(w[i] + vi);
  }
}
