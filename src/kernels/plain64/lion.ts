// Generated from ../plain/lion.ts by generate-float64.mjs: do not edit.
/** The step of optimizers/lion.ts, element by element, for elements from ≤ i < to. Each operation is rounded once. */

/**
 * Lion (Chen et al. 2023, arXiv:2302.06675, algorithm 2), as in Keras. w and m are updated.
 *   w ← w − lr·sign(β₁·m + (1−β₁)·g)       with the old m
 *   m ← β₂·m + (1−β₂)·g
 */
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
