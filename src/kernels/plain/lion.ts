/** The step of optimizers/lion.ts, element by element, for elements from ≤ i < to. Each operation is rounded once. */

/**
 * Lion (Chen et al. 2023, arXiv:2302.06675, algorithm 2), as in Keras. w and m are updated.
 *   w ← w − lr·sign(β₁·m + (1−β₁)·g)       with the old m
 *   m ← β₂·m + (1−β₂)·g
 */
export function lion(
  from: number,
  to: number,
  w: Float32Array,
  g: Float32Array,
  m: Float32Array,
  learningRate: number,
  beta1: number,
  beta2: number,
): void {
  const lr = Math.fround(learningRate);
  const [decay1, share1] = [Math.fround(beta1), Math.fround(1 - beta1)];
  const [decay2, share2] = [Math.fround(beta2), Math.fround(1 - beta2)];
  for (let i = from; i < to; i++) {
    const direction = Math.fround(Math.fround(decay1 * m[i]) + Math.fround(share1 * g[i]));
    m[i] = Math.fround(Math.fround(decay2 * m[i]) + Math.fround(share2 * g[i]));
    w[i] = Math.fround(w[i] - Math.fround(lr * Math.sign(direction)));
  }
}
