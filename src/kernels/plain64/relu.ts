// Generated from ../plain/relu.ts by generate-float64.mjs: do not edit.
import type { Rectifier } from '../kernels.ts';

export function rectify(v: number, relu: Rectifier): number {
  if (relu === false) return v;
  if (!(v > 0)) return 0;
  return relu === true || v < relu ? v : relu;
}

export function reluForward(size: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < size; i++) {
    const v = x[i];
    // Not Math.max, which gives NaN for NaN: SIMD's comparison gives +0.
    y[i] = v > 0 ? v : 0;
  }
}

export function reluBackward(size: number, y: Float64Array, dy: Float64Array, dx: Float64Array): void {
  for (let i = 0; i < size; i++) dx[i] = y[i] > 0 ? dy[i] : 0;
}
