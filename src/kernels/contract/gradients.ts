/** What becomes of gradients before an optimizer takes them. */
import type { FloatArray } from '../../tensor/tensor.ts';

/** What `Kernels` has for gradients; its conventions are in kernels.ts. */
export interface GradientKernels {
  /**
   * Adds up the shards' partial gradients for elements from ≤ i < to.
   * partial [S, stride] → sum[i] = partial[0, i] + partial[1, i] + …, shards ascending.
   */
  sumShards(S: number, stride: number, partial: FloatArray, from: number, to: number, sum: FloatArray): void;

  /** g[i] ← g[i]·r(factor), for elements from ≤ i < to. */
  scale(from: number, to: number, factor: number, g: FloatArray): void;

  /** g[i] ← g[i] + (r(l1)·sign(w[i]) + r(2·l2)·w[i]), for elements from ≤ i < to: the gradient of l1·Σ|w| + l2·Σw². */
  regularize(from: number, to: number, w: FloatArray, l1: number, l2: number, g: FloatArray): void;

  /** g[i] ← max(−r(limit), min(r(limit), g[i])), for elements from ≤ i < to; NaN stays NaN. */
  clip(from: number, to: number, limit: number, g: FloatArray): void;
}
