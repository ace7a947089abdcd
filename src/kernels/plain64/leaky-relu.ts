// Generated from ../plain/leaky-relu.ts by generate-float64.mjs: do not edit.
export function leakyReluForward(size: number, x: Float64Array, slope: number, y: Float64Array): void {
  const s = (slope);
  for (let i = 0; i < size; i++) y[i] = x[i] > 0 ? x[i] : (s * x[i]);
}

export function leakyReluBackward(
  size: number,
  y: Float64Array,
  dy: Float64Array,
  slope: number,
  dx: Float64Array,
): void {
  const s = (slope);
  for (let i = 0; i < size; i++) dx[i] = y[i] > 0 ? dy[i] : (s * dy[i]);
}
