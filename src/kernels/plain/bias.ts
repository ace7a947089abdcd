/** The tail of convolution and dense layer. */
import type { Rectifier } from '../kernels.ts';
import { rectify } from './relu.ts';

/** y[m, n] ← relu( y[m, n] + b[n] ) for y [M, N]: the bias comes last, after the whole sum. */
export function addBias(M: number, N: number, b: Float32Array, relu: Rectifier, y: Float32Array): void {
  for (let m = 0; m < M; m++) {
    const row = m * N;
    for (let n = 0; n < N; n++) {
      const v = Math.fround(y[row + n] + b[n]);
      y[row + n] = rectify(v, relu);
    }
  }
}
