// Generated from ../plain/arithmetic.ts by generate-float64.mjs: do not edit.
export function addTo(size: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < size; i++) y[i] = (y[i] + x[i]);
}

export function multiplyBy(size: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < size; i++) y[i] = (y[i] * x[i]);
}
