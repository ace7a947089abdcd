/** Convolutions of each channel by itself. */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { DepthwiseGeometry } from '../geometry.ts';
import type { Rectifier } from './elementwise.ts';

/** What `Kernels` has for depthwise convolutions; its conventions are in kernels.ts. */
export interface DepthwiseKernels {
  /** Elements of scratch that the depthwise kernels need for this geometry (any N). */
  depthwiseScratch(g: DepthwiseGeometry): number;

  /**
   * Depthwise convolution: each channel by itself, with M filters. x [N, H, W, C], w [KH, KW, C, M], b [C·M] → y [N, OH, OW, C·M]
   *
   *     y[n, oh, ow, c·M + m] = relu( b[c·M + m] + Σ_(kh, kw) x[n, oh·SH + kh·DH − padTop, ow·SW + kw·DW − padLeft, c]·w[kh, kw, c, m] )
   *
   * The sum ascends over (kh, kw) from +0, the bias is added last.
   */
  depthwiseForward(
    g: DepthwiseGeometry,
    N: number,
    x: FloatArray,
    w: FloatArray,
    b: FloatArray,
    relu: Rectifier,
    y: FloatArray,
    scratch: FloatArray,
  ): void;

  /**
   * Its backward pass; dy [N, OH, OW, C·M] is the gradient before ReLU. Each output may be null: then it isn't computed, and
   * without dw x isn't read.
   *
   *     dw[kh, kw, c, m] = Σ_(n, oh, ow) x[n, oh·SH + kh·DH − padTop, …, c]·dy[n, oh, ow, c·M + m], ascending from +0
   *     db[o]            = Σ_(n, oh, ow) dy[n, oh, ow, o], ascending from +0
   *     dx               = from +0, for (oh, ow) ascending plus Σ_m dy[n, oh, ow, c·M + m]·w[kh, kw, c, m], m ascending from +0
   */
  depthwiseBackward(
    g: DepthwiseGeometry,
    N: number,
    x: FloatArray,
    w: FloatArray,
    dy: FloatArray,
    dw: FloatArray | null,
    db: FloatArray | null,
    dx: FloatArray | null,
    scratch: FloatArray,
  ): void;
}
