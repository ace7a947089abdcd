/** Products of matrices, and the patches of images that make products of convolutions. */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Conv2dGeometry } from '../geometry.ts';

/** What `Kernels` has for products and patches; its conventions are in kernels.ts. */
export interface ProductKernels {
  /**
   * Matrix product. a [M, K], b [K, N] → c [M, N]
   *
   *     c[m, n] = Σ_k a[m, k]·b[k, n], k ascending from +0
   */
  matmul(M: number, K: number, N: number, a: FloatArray, b: FloatArray, c: FloatArray): void;

  /** The same with a transposed: a [K, M], b [K, N] → c [M, N] = aᵀ·b, k ascending from +0 */
  matmulTransposeA(M: number, K: number, N: number, a: FloatArray, b: FloatArray, c: FloatArray): void;

  /** The same with b transposed: a [M, K], b [N, K] → c [M, N] = a·bᵀ, k ascending from +0. Scratch of K·N elements. */
  matmulTransposeB(
    M: number,
    K: number,
    N: number,
    a: FloatArray,
    b: FloatArray,
    c: FloatArray,
    scratch: FloatArray,
  ): void;

  /** One sample's patches as rows. x [H, W, C] → patches [P, K]; zeros where a patch leaves the image. */
  im2col(g: Conv2dGeometry, x: FloatArray, patches: FloatArray): void;

  /**
   * The transpose of im2col. patches [P, K] are added to dx [H, W, C], in the order of (oh, ow), then of
   * (kh, kw, c) within a patch; what is outside of the image is dropped.
   */
  col2im(g: Conv2dGeometry, patches: FloatArray, dx: FloatArray): void;
}
