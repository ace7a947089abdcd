/** Batch normalisation: sums over a channel, and both passes. */
import type { Rectifier } from '../../../src/kernels/kernels.ts';
import { type Numbers, type Round, rectified, table } from './loops.ts';

export function normalization(round: Round) {
  return {
    // Sums over a channel are float64 in either dtype.
    channelMoments(rows: number, C: number, x: Numbers): number[] {
      const channels = table(C, rows, (c, row) => x[row * C + c]);
      const of = (c: number): number[] => channels.slice(c * rows, (c + 1) * rows);
      const means = Array.from({ length: C }, (_, c) => of(c).reduce((sum, v) => sum + v, 0) / rows);
      return [
        ...means,
        ...means.map((mean, c) => of(c).reduce((sum, v) => sum + (v - mean) * (v - mean), 0)),
      ];
    },

    channelSums: (rows: number, C: number, x: Numbers, dy: Numbers, mean: Numbers): number[] =>
      table(2, C, (which, c) => {
        let sum = 0;
        for (let row = 0; row < rows; row++) {
          const i = row * C + c;
          sum += which === 0 ? dy[i] : dy[i] * (x[i] - mean[c]);
        }
        return sum;
      }),

    normalizeForward: (
      x: Numbers,
      mean: Numbers,
      scale: Numbers,
      shift: Numbers,
      withRelu: Rectifier,
    ): number[] =>
      Array.from(x, (v, i) => {
        const c = i % mean.length;
        const y = round(round(round(v - mean[c]) * scale[c]) + shift[c]);
        return rectified(y, withRelu);
      }),

    normalizeBackward: (
      x: Numbers,
      dy: Numbers,
      mean: Numbers,
      scale: Numbers,
      a: Numbers,
      b: Numbers,
    ): number[] =>
      Array.from(x, (v, i) => {
        const c = i % mean.length;
        return round(scale[c] * round(round(dy[i] - a[c]) - round(round(v - mean[c]) * b[c])));
      }),
  };
}
