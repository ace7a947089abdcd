// Generated from ../plain/relu.ts by generate-float64.mjs: do not edit.
/** ReLU: y = max(x, 0); its gradient passes where y > 0. NaN and −0 give +0. */
import type { Rectifier } from '../kernels.ts';

/** v at the end of another kernel. */
export function rectify(v: number, relu: Rectifier): number {
  if (relu === false) return v;
  if (!(v > 0)) return 0;
  return relu === true || v < relu ? v : relu;
}

/** y[i] = x[i] > 0 ? x[i] : +0, for i < size. y may be x. */
export function reluForward(size: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < size; i++) {
    const v = x[i];
    // Not Math.max, which gives NaN for NaN: SIMD's comparison gives +0.
    y[i] = v > 0 ? v : 0;
  }
}

/** dx[i] = y[i] > 0 ? dy[i] : +0, for i < size. dx may be dy. */
export function reluBackward(size: number, y: Float64Array, dy: Float64Array, dx: Float64Array): void {
  for (let i = 0; i < size; i++) dx[i] = y[i] > 0 ? dy[i] : 0;
}
