// Generated from ../plain/rmsprop.ts by generate-float64.mjs: do not edit.
import type { RmspropNumbers, RmspropSlots } from '../kernels.ts';

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
