/** Sums of arrays, element by element. */

export function addTo(size: number, x: Float32Array, y: Float32Array): void {
  for (let i = 0; i < size; i++) y[i] = Math.fround(y[i] + x[i]);
}

export function multiplyBy(size: number, x: Float32Array, y: Float32Array): void {
  for (let i = 0; i < size; i++) y[i] = Math.fround(y[i] * x[i]);
}
