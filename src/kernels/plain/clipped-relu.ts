/**
 * ReLU in all of Keras' forms: y = x > threshold ? min(x, max) : slope·(x − threshold). ReLU6 is slope 0, threshold 0, max 6.
 */

/** For i < size; with slope 0 the lower part is +0. y may be x. See Kernels.clippedReluForward. */
export function clippedReluForward(
  size: number,
  x: Float32Array,
  slope: number,
  threshold: number,
  max: number,
  y: Float32Array,
): void {
  const s = Math.fround(slope);
  const t = Math.fround(threshold);
  const m = Math.fround(max);
  for (let i = 0; i < size; i++) {
    const below = s === 0 ? 0 : Math.fround(s * Math.fround(x[i] - t));
    y[i] = x[i] > t ? (x[i] < m ? x[i] : m) : below;
  }
}

/** dx[i] = x[i] > threshold ? (x[i] < max ? dy[i] : +0) : slope·dy[i], for i < size. dx may be dy. */
export function clippedReluBackward(
  size: number,
  x: Float32Array,
  dy: Float32Array,
  slope: number,
  threshold: number,
  max: number,
  dx: Float32Array,
): void {
  const s = Math.fround(slope);
  const t = Math.fround(threshold);
  const m = Math.fround(max);
  for (let i = 0; i < size; i++) {
    const below = s === 0 ? 0 : Math.fround(s * dy[i]);
    dx[i] = x[i] > t ? (x[i] < m ? dy[i] : 0) : below;
  }
}
