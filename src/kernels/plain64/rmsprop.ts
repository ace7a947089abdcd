// Generated from ../plain/rmsprop.ts by generate-float64.mjs: do not edit.
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
  w: Float64Array,
  g: Float64Array,
  { velocity: V, average: A, momentum: M }: RmspropSlots<Float64Array>,
  { learningRate, rho, momentum, epsilon }: RmspropNumbers,
): void {
  const lr = (learningRate);
  const decay = (rho);
  const share = (1 - rho);
  const along = (momentum);
  const eps = (epsilon);
  for (let i = from; i < to; i++) {
    const gi = g[i];
    V[i] = ((decay * V[i]) + (share * (gi * gi)));
    let below = V[i];
    if (A) {
      A[i] = ((decay * A[i]) + (share * gi));
      below = (below - (A[i] * A[i]));
    }
    let step = ((lr * gi) / (Math.sqrt((below + eps))));
    if (M) {
      M[i] = ((along * M[i]) + step);
      step = M[i];
    }
    w[i] = (w[i] - step);
  }
}
