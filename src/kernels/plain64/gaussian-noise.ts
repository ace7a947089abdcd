// Generated from ../plain/gaussian-noise.ts by generate-float64.mjs: do not edit.
import { normalOf } from '../../tensor/normal.ts';
import { threefry2x32Into } from '../../tensor/random.ts';

const words = new Uint32Array(2);

export function gaussianNoise(
  N: number,
  E: number,
  x: Float64Array,
  key0: number,
  key1: number,
  first: number,
  deviation: number,
  y: Float64Array,
): void {
  for (let n = 0; n < N; n++) {
    const row = n * E;
    for (let e = 0; e < E; e++) {
      if ((e & 1) === 0) threefry2x32Into(key0, key1, e >> 1, first + n, words);
      y[row + e] = (x[row + e] + (deviation * normalOf(words[e & 1])));
    }
  }
}
