// Generated from ../plain/hard-sigmoid.ts by generate-float64.mjs: do not edit.
function hardSigmoid(x: number, slope: number): number {
  const v = ((slope * x) + 0.5);
  return v > 0 ? (v < 1 ? v : 1) : 0;
}

export function hardSigmoidForward(size: number, x: Float64Array, slope: number, y: Float64Array): void {
  const s = (slope);
  for (let i = 0; i < size; i++) y[i] = hardSigmoid(x[i], s);
}

export function hardSigmoidBackward(
  size: number,
  y: Float64Array,
  dy: Float64Array,
  slope: number,
  dx: Float64Array,
): void {
  const s = (slope);
  for (let i = 0; i < size; i++) dx[i] = y[i] > 0 && y[i] < 1 ? (s * dy[i]) : 0;
}

export function hardSwishForward(size: number, x: Float64Array, y: Float64Array): void {
  const s = (1 / 6);
  for (let i = 0; i < size; i++) y[i] = (x[i] * hardSigmoid(x[i], s));
}

export function hardSwishBackward(size: number, x: Float64Array, dy: Float64Array, dx: Float64Array): void {
  const s = (1 / 6);
  for (let i = 0; i < size; i++) {
    const h = hardSigmoid(x[i], s);
    const rise = h > 0 && h < 1 ? (s * x[i]) : 0;
    dx[i] = (dy[i] * (h + rise));
  }
}
