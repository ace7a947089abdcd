// Generated from ../plain/clipped-relu.ts by generate-float64.mjs: do not edit.
export function clippedReluForward(
  size: number,
  x: Float64Array,
  slope: number,
  threshold: number,
  max: number,
  y: Float64Array,
): void {
  const s = (slope);
  const t = (threshold);
  const m = (max);
  for (let i = 0; i < size; i++) {
    const below = s === 0 ? 0 : (s * (x[i] - t));
    y[i] = x[i] > t ? (x[i] < m ? x[i] : m) : below;
  }
}

export function clippedReluBackward(
  size: number,
  x: Float64Array,
  dy: Float64Array,
  slope: number,
  threshold: number,
  max: number,
  dx: Float64Array,
): void {
  const s = (slope);
  const t = (threshold);
  const m = (max);
  for (let i = 0; i < size; i++) {
    const below = s === 0 ? 0 : (s * dy[i]);
    dx[i] = x[i] > t ? (x[i] < m ? dy[i] : 0) : below;
  }
}
