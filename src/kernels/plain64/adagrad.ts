// Generated from ../plain/adagrad.ts by generate-float64.mjs: do not edit.
/** The step of optimizers/adagrad.ts, element by element, for elements from ≤ i < to. Each operation is rounded once. */

/**
 * Adagrad (Duchi, Hazan, Singer 2011, JMLR 12), as in Keras. w and G are updated.
 *   G ← G + g²                             sum of squared gradients
 *   w ← w − (lr·g)/√((G + initial) + ε)
 */
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
