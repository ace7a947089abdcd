/** The step of optimizers/adagrad.ts, element by element, for elements from ≤ i < to. Each operation is rounded once. */

/**
 * Adagrad (Duchi, Hazan, Singer 2011, JMLR 12), as in Keras. w and G are updated.
 *   G ← G + g²                             sum of squared gradients
 *   w ← w − (lr·g)/√((G + initial) + ε)
 */
export function adagrad(
  from: number,
  to: number,
  w: Float32Array,
  g: Float32Array,
  G: Float32Array,
  learningRate: number,
  initial: number,
  epsilon: number,
): void {
  const lr = Math.fround(learningRate);
  const start = Math.fround(initial);
  const eps = Math.fround(epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    const Gi = Math.fround(G[i] + Math.fround(gi * gi));
    G[i] = Gi;
    const root = Math.fround(Math.sqrt(Math.fround(Math.fround(Gi + start) + eps)));
    w[i] = Math.fround(w[i] - Math.fround(Math.fround(lr * gi) / root));
  }
}
