// Generated from ../plain/bias.ts by generate-float64.mjs: do not edit.
import type { Rectifier } from '../kernels.ts';
import { rectify } from './relu.ts';

export function addBias(M: number, N: number, b: Float64Array, relu: Rectifier, y: Float64Array): void {
  for (let m = 0; m < M; m++) {
    const row = m * N;
    for (let n = 0; n < N; n++) {
      const v = (y[row + n] + b[n]);
      y[row + n] = rectify(v, relu);
    }
  }
}
