/** The step of optimizers/rmsprop.ts, element by element, for elements from ≤ i < to. Each operation is rounded once. */
import type { RmspropNumbers, RmspropSlots } from '../kernels.ts';

/**
 * RMSprop (Tieleman and Hinton 2012, lecture 6.5 of "Neural networks for machine learning"; centred: Graves 2013,
 * arXiv:1308.0850, section 4.2), as in Keras. w and the slots are updated.
 *   V ← ρ·V + (1−ρ)·g²               running mean of squared gradients
 *   A ← ρ·A + (1−ρ)·g                 of gradients, where centred
 *   s = (lr·g)/√(V + ε)               or, where centred, (lr·g)/√((V − A²) + ε): V − A² is their variance
 *   w ← w − s                         or, with momentum, M ← momentum·M + s and w ← w − M
 */
export function rmsprop(
  from: number,
  to: number,
  w: Float32Array,
  g: Float32Array,
  { velocity: V, average: A, momentum: M }: RmspropSlots<Float32Array>,
  { learningRate, rho, momentum, epsilon }: RmspropNumbers,
): void {
  const lr = Math.fround(learningRate);
  const decay = Math.fround(rho);
  const share = Math.fround(1 - rho);
  const along = Math.fround(momentum);
  const eps = Math.fround(epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    V[i] = Math.fround(Math.fround(decay * V[i]) + Math.fround(share * Math.fround(gi * gi)));
    let below = V[i];
    if (A) {
      A[i] = Math.fround(Math.fround(decay * A[i]) + Math.fround(share * gi));
      below = Math.fround(below - Math.fround(A[i] * A[i]));
    }
    let step = Math.fround(Math.fround(lr * gi) / Math.fround(Math.sqrt(Math.fround(below + eps))));
    if (M) {
      M[i] = Math.fround(Math.fround(along * M[i]) + step);
      step = M[i];
    }
    w[i] = Math.fround(w[i] - step);
  }
}
