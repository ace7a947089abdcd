// Generated from ../plain/hard-sigmoid.ts by generate-float64.mjs: do not edit.
/**
 * The hard sigmoid h(x) = min(max(slope·x + ½, 0), 1), and hard swish, x·h(x) with slope 1/6 (Howard et al. 2019, "Searching for
 * MobileNetV3", arXiv:1905.02244). NaN gives 0, as ReLU does.
 */

/** h of one number, rounded after each operation. */
function hardSigmoid(x: number, slope: number): number {
  const v = ((slope * x) + 0.5);
  return v > 0 ? (v < 1 ? v : 1) : 0;
}

/** y[i] = h(x[i]), for i < size. y may be x. */
export function hardSigmoidForward(size: number, x: Float64Array, slope: number, y: Float64Array): void {
  const s = (slope);
  for (let i = 0; i < size; i++) y[i] = hardSigmoid(x[i], s);
}

/** dx[i] = 0 < y[i] < 1 ? slope·dy[i] : +0, for i < size, y being the output. dx may be dy. */
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

/** y[i] = x[i]·h(x[i]), for i < size, slope 1/6. y may be x. */
export function hardSwishForward(size: number, x: Float64Array, y: Float64Array): void {
  const s = (1 / 6);
  for (let i = 0; i < size; i++) y[i] = (x[i] * hardSigmoid(x[i], s));
}

/** dx[i] = dy[i]·(h + (0 < h < 1 ? x[i]/6 : 0)), for i < size, h being h(x[i]). dx may be dy. */
export function hardSwishBackward(size: number, x: Float64Array, dy: Float64Array, dx: Float64Array): void {
  const s = (1 / 6);
  for (let i = 0; i < size; i++) {
    const h = hardSigmoid(x[i], s);
    const rise = h > 0 && h < 1 ? (s * x[i]) : 0;
    dx[i] = (dy[i] * (h + rise));
  }
}
