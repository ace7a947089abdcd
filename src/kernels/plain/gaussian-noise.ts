/** Normal noise, a function of (key, position in the batch, element) alone: see tensor/normal.ts. */
import { normalOf } from '../../tensor/normal.ts';
import { threefry2x32Into } from '../../tensor/random.ts';

/** The two random words of two neighbouring elements. */
const words = new Uint32Array(2);

/** x [N, E] → y [N, E] = x + deviation·z, overwritten. See Kernels.gaussianNoise. */
export function gaussianNoise(
  N: number,
  E: number,
  x: Float32Array,
  key0: number,
  key1: number,
  first: number,
  deviation: number,
  y: Float32Array,
): void {
  for (let n = 0; n < N; n++) {
    const row = n * E;
    for (let e = 0; e < E; e++) {
      if ((e & 1) === 0) threefry2x32Into(key0, key1, e >> 1, first + n, words);
      y[row + e] = Math.fround(x[row + e] + Math.fround(deviation * normalOf(words[e & 1])));
    }
  }
}
