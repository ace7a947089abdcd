/** Random numbers: dropout and noise, the same on any thread. */
import type { FloatArray } from '../../tensor/tensor.ts';

/** What `Kernels` has for noise; its conventions are in kernels.ts. */
export interface NoiseKernels {
  /**
   * Inverted dropout (Srivastava et al. 2014, scaled while training as in Keras).
   * x [N, E] → y[n, e] = kept ? x[n, e]·scale : +0, mask[n, e] = kept ? 1 : 0
   * kept ⇔ word(key, first + n, e) ≥ threshold, unsigned, where word is Threefry-2x32-20's output word e & 1 for
   * counter (e >> 1, first + n) under key (key0, key1); see tensor/random.ts. `first` is the position in the
   * batch of the call's first sample, so that the mask doesn't depend on who computes it.
   */
  dropoutForward(
    N: number,
    E: number,
    x: FloatArray,
    key0: number,
    key1: number,
    first: number,
    threshold: number,
    scale: number,
    y: FloatArray,
    mask: Uint8Array,
  ): void;

  /** dx[i] = mask[i] ? dy[i]·scale : +0, for i < size. dx may be dy. */
  dropoutBackward(size: number, mask: Uint8Array, dy: FloatArray, scale: number, dx: FloatArray): void;

  /**
   * x [N, E] → y[n, e] = x[n, e] + r(deviation·z), z being normal with mean 0 and deviation 1, in float64, by tensor/normal.ts
   * from the word of dropoutForward; r rounds.
   */
  gaussianNoise(
    N: number,
    E: number,
    x: FloatArray,
    key0: number,
    key1: number,
    first: number,
    deviation: number,
    y: FloatArray,
  ): void;
}
