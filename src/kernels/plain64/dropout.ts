// Generated from ../plain/dropout.ts by generate-float64.mjs: do not edit.
import { threefry2x32Into } from '../../tensor/random.ts';

const words = new Uint32Array(2);

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
