/** Channels' means and variances, and what batch normalisation makes of them. */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Rectifier } from './elementwise.ts';

/** What `Kernels` has for normalisation; its conventions are in kernels.ts. */
export interface NormalizationKernels {
  /**
   * Each channel's mean and sum of squared differences from it, in float64 in either dtype. x [rows, C] → moments [2, C]
   *
   *     mean[c] = (Σ_row x[row, c]) / rows,  moments[1, c] = Σ_row (x[row, c] − mean[c])², rows ascending from +0
   */
  channelMoments(rows: number, C: number, x: FloatArray, moments: Float64Array): void;

  /**
   * x [rows, C], mean, scale, shift [C] → y[row, c] = relu( (x[row, c] − mean[c])·scale[c] + shift[c] ), each operation rounded.
   */
  normalizeForward(
    rows: number,
    C: number,
    x: FloatArray,
    mean: FloatArray,
    scale: FloatArray,
    shift: FloatArray,
    relu: Rectifier,
    y: FloatArray,
  ): void;

  /**
   * In float64 in either dtype. x, dy [rows, C], mean [C] → sums [2, C]
   *
   *     sums[0, c] = Σ_row dy[row, c],  sums[1, c] = Σ_row dy[row, c]·(x[row, c] − mean[c]), rows ascending from +0
   */
  channelSums(
    rows: number,
    C: number,
    x: FloatArray,
    dy: FloatArray,
    mean: FloatArray,
    sums: Float64Array,
  ): void;

  /** dx[row, c] = scale[c]·((dy[row, c] − a[c]) − (x[row, c] − mean[c])·b[c]), each operation rounded. */
  normalizeBackward(
    rows: number,
    C: number,
    x: FloatArray,
    dy: FloatArray,
    mean: FloatArray,
    scale: FloatArray,
    a: FloatArray,
    b: FloatArray,
    dx: FloatArray,
  ): void;
}
