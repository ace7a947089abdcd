// Generated from ../plain/dropout.ts by generate-float64.mjs: do not edit.
/**
 * Inverted dropout (Srivastava et al. 2014): drops elements at random while training and scales the others up by
 * 1/(1 − rate), so that nothing has to be scaled in inference.
 *
 * Whether an element is kept is a function of (key, position in the batch, element) alone: see tensor/random.ts.
 */
import { threefry2x32Into } from '../../tensor/random.ts';

/** The two random words of two neighbouring elements. */
const words = new Uint32Array(2);

/**
 * x [N, E] → y [N, E], mask [N, E], overwritten. See Kernels.dropoutForward.
 *   kept ⇔ word e & 1 of counter (e >> 1, first + n) ≥ threshold
 *   y[n, e] = kept ? x[n, e]·scale : +0
 */
export function dropoutForward(
  N: number,
  E: number,
  x: Float64Array,
  key0: number,
  key1: number,
  first: number,
  threshold: number,
  scale: number,
  y: Float64Array,
  mask: Uint8Array,
): void {
  const s = (scale);
  for (let n = 0; n < N; n++) {
    const row = n * E;
    for (let e = 0; e < E; e++) {
      if ((e & 1) === 0) threefry2x32Into(key0, key1, e >> 1, first + n, words);
      const kept = words[e & 1] >= threshold;
      y[row + e] = kept ? (x[row + e] * s) : 0;
      mask[row + e] = kept ? 1 : 0;
    }
  }
}

/** dx[i] = mask[i] ? dy[i]·scale : +0, for i < size. dx may be dy. */
export function dropoutBackward(
  size: number,
  mask: Uint8Array,
  dy: Float64Array,
  scale: number,
  dx: Float64Array,
): void {
  const s = (scale);
  for (let i = 0; i < size; i++) dx[i] = mask[i] === 1 ? (dy[i] * s) : 0;
}
