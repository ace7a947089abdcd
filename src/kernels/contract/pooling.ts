/** Images made smaller and larger. */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { PoolGeometry, UpsampleGeometry } from '../geometry.ts';

/** What `Kernels` has for pooling and upsampling; its conventions are in kernels.ts. */
export interface PoolingKernels {
  /**
   * Max-pooling. x [N, H, W, C] → y [N, OH, OW, C], choice [N, OH, OW, C] = kh·KW + kw of the maximum.
   * Windows that reach over the edge have the pixels within the image alone. The first maximum in row-major order of the window wins a tie. A NaN is taken as the maximum, the first one.
   */
  maxPool2dForward(pool: PoolGeometry, N: number, x: FloatArray, y: FloatArray, choice: Uint8Array): void;

  /** dx [N, H, W, C] = 0, then dy is added to the chosen position, (oh, ow) ascending (windows may overlap). */
  maxPool2dBackward(pool: PoolGeometry, N: number, dy: FloatArray, choice: Uint8Array, dx: FloatArray): void;

  /**
   * Average pooling. x [N, H, W, C] → y [N, OH, OW, C]
   *
   *     y[n, oh, ow, c] = (Σ_(kh, kw) x[n, oh·SH + kh − padTop, ow·SW + kw − padLeft, c]) / count
   *
   * over the window's pixels within the image, (kh, kw) ascending from +0, in float64 in either dtype; count is their number.
   */
  averagePool2dForward(pool: PoolGeometry, N: number, x: FloatArray, y: FloatArray): void;

  /** dx [N, H, W, C] = 0, then dy / count is added to each pixel of its window, (oh, ow) ascending. */
  averagePool2dBackward(pool: PoolGeometry, N: number, dy: FloatArray, dx: FloatArray): void;

  /**
   * Global max-pooling. x [N, P, C] → y[n, c] = max_p x[n, p, c], choice [N, C, 2] = p of the maximum, its low byte
   * first; P ≤ 65536. Ties and NaN as in maxPool2dForward.
   */
  globalMaxPoolForward(
    N: number,
    P: number,
    C: number,
    x: FloatArray,
    y: FloatArray,
    choice: Uint8Array,
  ): void;

  /** dx [N, P, C] = dy at the chosen pixels, +0 elsewhere. */
  globalMaxPoolBackward(
    N: number,
    P: number,
    C: number,
    dy: FloatArray,
    choice: Uint8Array,
    dx: FloatArray,
  ): void;

  /**
   * Images made larger. x [N, H, W, C] → y [N, H·SH, W·SW, C]. Nearest: y[n, oh, ow, c] = x[n, ⌊oh/SH⌋, ⌊ow/SW⌋, c].
   * Bilinear: row oh lies at (oh + ½)/SH − ½ among the old ones, between the two nearest rows, the part p of the way from the first to
   * the second, rounded (p = 0 beyond the first and the last); columns likewise. y = t + p·(u − t), t and u being the same
   * between the columns, in the upper and the lower row.
   */
  upsample2dForward(g: UpsampleGeometry, N: number, x: FloatArray, y: FloatArray): void;

  /**
   * dx [N, H, W, C] = 0, then for (oh, ow) ascending dy·(p or 1 − p of the row · p or 1 − p of the column) is added to each pixel
   * that y was made of, the upper row first, the left column first; the weight is rounded before the product.
   */
  upsample2dBackward(g: UpsampleGeometry, N: number, dy: FloatArray, dx: FloatArray): void;
}
