/** Convolutions, the direct way. */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { Rectifier } from './elementwise.ts';

/**
 * How the backward pass of a convolution walks its output gradient. Both give the same bits.
 * `dense`: patches by matrix products. `sparse`: only the non-zero gradients, which pays below max-pooling,
 * where at most one element in a window is not zero.
 */
export type GradientWalk = 'dense' | 'sparse';

/** How a convolution is computed; the two differ in the last bits. */
export type ConvolutionAlgorithm = 'direct' | 'winograd';

/** Convolution forward of weights in another form, with the bits of `conv2dForward`. */
export interface ConvolutionPanels {
  /** Elements of the weights in that form; 0: this geometry gains nothing by it. */
  size(g: Conv2dGeometry): number;
  /** w [KH, KW, C, OC] → panels */
  pack(g: Conv2dGeometry, w: FloatArray, panels: FloatArray): void;
  /** As `conv2dForward`; it reads w or its panels. null: they aren't made yet. */
  forward(
    g: Conv2dGeometry,
    N: number,
    x: FloatArray,
    w: FloatArray,
    panels: FloatArray | null,
    b: FloatArray,
    relu: Rectifier,
    y: FloatArray,
    scratch: FloatArray,
  ): void;
}

/** What `Kernels` has for convolutions; its conventions are in kernels.ts. */
export interface ConvolutionKernels {
  /** Elements of scratch that any of the convolution kernels needs for this geometry (any N). */
  conv2dScratch(g: Conv2dGeometry, pool: PoolGeometry | null): number;

  /**
   * Convolution (cross-correlation, as everywhere in deep learning) with bias and, on request, ReLU.
   * x [N, H, W, C], w [KH, KW, C, OC], b [OC] → y [N, OH, OW, OC]
   *
   *     y[n, oh, ow, oc] = relu( b[oc] + Σ_(kh, kw, c) x[n, oh·SH + kh − padTop, ow·SW + kw − padLeft, c]·w[kh, kw, c, oc] )
   *
   * Of a dilated kernel kh·DH and kw·DW stand for kh and kw in x, here and in all that follows. The sum ascends over (kh, kw, c) from +0, zero padding included or not (it changes nothing), the bias is
   * added last.
   */
  conv2dForward(
    g: Conv2dGeometry,
    N: number,
    x: FloatArray,
    w: FloatArray,
    b: FloatArray,
    relu: Rectifier,
    y: FloatArray,
    scratch: FloatArray,
  ): void;

  /** The same of weights that are made ready once, for many calls; none: conv2dForward takes them as they are. */
  readonly conv2dPanels?: ConvolutionPanels;

  /**
   * The same fused with the max-pooling after it: the convolution's output is never stored.
   * → y [N, PH, PW, OC] (pool.OH × pool.OW), choice as in maxPool2dForward.
   * Equals conv2dForward followed by maxPool2dForward, bit for bit.
   */
  conv2dPoolForward(
    g: Conv2dGeometry,
    pool: PoolGeometry,
    N: number,
    x: FloatArray,
    w: FloatArray,
    b: FloatArray,
    relu: boolean,
    y: FloatArray,
    choice: Uint8Array,
    scratch: FloatArray,
  ): void;

  /**
   * Backward pass of conv2dForward. x, w as there; dy [N, OH, OW, OC] is the gradient before ReLU (see
   * reluBackward). Each output may be null: then it isn't computed.
   *
   *     dw[kh, kw, c, oc] = Σ_(n, oh, ow) x[n, oh·SH + kh − padTop, …, c]·dy[n, oh, ow, oc], ascending from +0
   *     db[oc]            = Σ_(n, oh, ow) dy[n, oh, ow, oc], ascending from +0
   *     dx                = col2im of the rows patch[oh, ow][kh, kw, c] = Σ_oc dy[oh, ow, oc]·w[kh, kw, c, oc],
   *                         oc ascending from +0; dx starts at +0. A row of zeros changes nothing.
   */
  conv2dBackward(
    g: Conv2dGeometry,
    N: number,
    x: FloatArray,
    w: FloatArray,
    dy: FloatArray,
    walk: GradientWalk,
    dw: FloatArray | null,
    db: FloatArray | null,
    dx: FloatArray | null,
    scratch: FloatArray,
  ): void;

  /**
   * Backward pass of conv2dPoolForward. y, choice: what the forward pass gave; dy [N, PH, PW, OC].
   * With relu, a window whose y is 0 has no gradient. Equals maxPool2dBackward, reluBackward and
   * conv2dBackward in a row, bit for bit.
   */
  conv2dPoolBackward(
    g: Conv2dGeometry,
    pool: PoolGeometry,
    N: number,
    x: FloatArray,
    w: FloatArray,
    relu: boolean,
    y: FloatArray,
    choice: Uint8Array,
    dy: FloatArray,
    walk: GradientWalk,
    dw: FloatArray | null,
    db: FloatArray | null,
    dx: FloatArray | null,
    scratch: FloatArray,
  ): void;

  /** y[m, n] = relu(y[m, n] + b[n]), y [M, N]; in place. ReLU on request, as in conv2dForward. */
  addBias(M: number, N: number, b: FloatArray, relu: Rectifier, y: FloatArray): void;
}
