/** What draws random numbers: dropout and noise. */
import { normalOf } from '../../../src/tensor/normal.ts';
import { threefry2x32 } from '../../../src/tensor/random.ts';
import { type Numbers, type Round, table } from './loops.ts';

export function random(round: Round) {
  return {
    gaussianNoise: (
      N: number,
      E: number,
      x: Numbers,
      key0: number,
      key1: number,
      first: number,
      deviation: number,
    ) =>
      table(N, E, (n, e) => {
        const word = threefry2x32(key0, key1, e >> 1, first + n)[e & 1];
        return round(x[n * E + e] + round(deviation * normalOf(word)));
      }),

    dropoutForward(
      N: number,
      E: number,
      x: Numbers,
      key0: number,
      key1: number,
      first: number,
      threshold: number,
      scale: number,
    ) {
      const mask = table(N, E, (n, e) =>
        threefry2x32(key0, key1, e >> 1, first + n)[e & 1] >= threshold ? 1 : 0,
      );
      return { mask, y: mask.map((kept, i) => (kept === 1 ? round(x[i] * round(scale)) : 0)) };
    },
  };
}
