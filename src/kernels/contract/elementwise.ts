/** What is done to each element by itself: activations, sums, products. */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { SmoothName } from '../smooth.ts';

/** ReLU at the end of a kernel. false: none; true: v > 0 ? v : +0; a number: no more than that, 6 for ReLU6. */
export type Rectifier = boolean | number;

/** What `Kernels` has for elements; its conventions are in kernels.ts. */
export interface ElementwiseKernels {
  /** y[i] = x[i]·scale[c] + offset[c], c = i mod C, for i < size; scale and offset have C numbers each. y may be x. */
  affine(
    size: number,
    x: FloatArray,
    scale: readonly number[],
    offset: readonly number[],
    y: FloatArray,
  ): void;

  /** y[i] = y[i] + x[i], for i < size. */
  addTo(size: number, x: FloatArray, y: FloatArray): void;

  /** y[i] = y[i]·x[i], for i < size. */
  multiplyBy(size: number, x: FloatArray, y: FloatArray): void;

  /** y[i] = x[i] > 0 ? x[i] : +0, for i < size. y may be x. */
  reluForward(size: number, x: FloatArray, y: FloatArray): void;

  /** dx[i] = y[i] > 0 ? dy[i] : +0, y being ReLU's output. dx may be dy. */
  reluBackward(size: number, y: FloatArray, dy: FloatArray, dx: FloatArray): void;

  // From here on x and y, and dy and dx, may be the same array.

  /** y[i] = x[i] > 0 ? x[i] : slope·x[i], for i < size; slope ≥ 0. */
  leakyReluForward(size: number, x: FloatArray, slope: number, y: FloatArray): void;

  /** dx[i] = y[i] > 0 ? dy[i] : slope·dy[i], y being the output. */
  leakyReluBackward(size: number, y: FloatArray, dy: FloatArray, slope: number, dx: FloatArray): void;

  /**
   * y[i] = x[i] > threshold ? min(x[i], max) : slope·(x[i] − threshold), for i < size; slope ≥ 0, and with slope 0 the lower
   * part is +0. max may be Infinity.
   */
  clippedReluForward(
    size: number,
    x: FloatArray,
    slope: number,
    threshold: number,
    max: number,
    y: FloatArray,
  ): void;

  /** dx[i] = x[i] > threshold ? (x[i] < max ? dy[i] : +0) : slope·dy[i], x being the input; with slope 0 the latter is +0. */
  clippedReluBackward(
    size: number,
    x: FloatArray,
    dy: FloatArray,
    slope: number,
    threshold: number,
    max: number,
    dx: FloatArray,
  ): void;

  /** y[i] = min(max(slope·x[i] + ½, 0), 1), rounded after the product and after the sum. NaN gives +0. */
  hardSigmoidForward(size: number, x: FloatArray, slope: number, y: FloatArray): void;

  /** dx[i] = 0 < y[i] < 1 ? slope·dy[i] : +0, y being the output. */
  hardSigmoidBackward(size: number, y: FloatArray, dy: FloatArray, slope: number, dx: FloatArray): void;

  /** y[i] = x[i]·h, h = min(max(x[i]/6 + ½, 0), 1) as in hardSigmoidForward with slope 1/6. */
  hardSwishForward(size: number, x: FloatArray, y: FloatArray): void;

  /** dx[i] = dy[i]·(h + (0 < h < 1 ? x[i]/6 : +0)), x being the input and h as above. */
  hardSwishBackward(size: number, x: FloatArray, dy: FloatArray, dx: FloatArray): void;

  /** y[i] = 1/(1 + e^−x[i]), in float64 (tensor/sigmoid.ts), rounded once. */
  sigmoidForward(size: number, x: FloatArray, y: FloatArray): void;

  /** dx[i] = dy[i]·(y[i]·(1 − y[i])), in this order, y being the output. */
  sigmoidBackward(size: number, y: FloatArray, dy: FloatArray, dx: FloatArray): void;

  /** y[i] = tanh x[i], in float64 (tensor/sigmoid.ts), rounded once. */
  tanhForward(size: number, x: FloatArray, y: FloatArray): void;

  /** dx[i] = dy[i]·(1 − y[i]·y[i]), in this order, y being the output. */
  tanhBackward(size: number, y: FloatArray, dy: FloatArray, dx: FloatArray): void;

  /** y[i] = f(x[i]), in float64 (kernels/smooth.ts), rounded once, f being one of the activations there. */
  smoothForward(name: SmoothName, size: number, x: FloatArray, y: FloatArray): void;

  /** dx[i] = dy[i]·f′(x[i]), in float64, rounded once, x being the input. */
  smoothBackward(name: SmoothName, size: number, x: FloatArray, dy: FloatArray, dx: FloatArray): void;
}
