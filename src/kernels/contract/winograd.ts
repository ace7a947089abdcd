/** Convolutions of 3×3 by Winograd: the functions of convolution.ts, under half of the multiplications, other last bits. */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { Rectifier } from './elementwise.ts';

/** Outputs along an edge of a Winograd tile: F(2×2, 3×3), or F(4×4, 3×3), which serves predictions and gradients. */
export type WinogradEdge = 2 | 4;

/** What `Kernels` has for convolutions by Winograd; its conventions are in kernels.ts. */
export interface WinogradKernels {
  /** Elements of scratch that the Winograd kernels need for this geometry (any N). */
  winogradScratch(g: Conv2dGeometry, pool: PoolGeometry | null): number;

  /** Elements that the filters of this geometry have once winogradFilters has transformed them. */
  winogradFilterSize(g: Conv2dGeometry, edge: WinogradEdge): number;

  /** Elements of scratch that winograd4Forward needs for this geometry (any N). */
  winograd4Scratch(g: Conv2dGeometry, pool: PoolGeometry | null): number;

  /** Elements of scratch that winogradBackward needs for this geometry (any N). */
  winogradBackwardScratch(g: Conv2dGeometry): number;

  /**
   * Makes filters of 3×3 ready for Winograd's kernels with tiles of edge×edge outputs, once for all calls until they change.
   * w [3, 3, C, OC] → u, of winogradFilterSize elements: U = G·g·Gᵀ for each pair of channels, in an order that is the kernels' own.
   */
  winogradFilters(g: Conv2dGeometry, edge: WinogradEdge, w: FloatArray, u: FloatArray): void;

  /**
   * The same of the filters turned by 180°, for the inputs' gradient: u has the elements of winogradFilterSize for 4×4 outputs of
   * inputGradientGeometry(g). Scratch as for winogradBackward.
   */
  winogradTurnedFilters(g: Conv2dGeometry, w: FloatArray, u: FloatArray, scratch: FloatArray): void;

  /**
   * conv2dForward by Winograd's F(2×2, 3×3): the same function, under half of the multiplications, other last bits.
   * For kernels of 3×3 with strides of 1. For each tile of 2×2 outputs, with d the 4×4 inputs that it reads
   * (zeros outside of the image) and u of winogradFilters:
   *
   *     V = Bᵀ·d·B,  M = Σ_c U ∘ V, c ascending from +0,  y = relu( Aᵀ·M·A + b )
   *
   * ∘ multiplies place by place; G, B and A are in plain/winograd.ts, the order of their additions in
   * docs/order-of-sums.md. Its backward pass is winogradBackward, or conv2dBackward where dy is sparse.
   */
  winogradForward(
    g: Conv2dGeometry,
    N: number,
    x: FloatArray,
    u: FloatArray,
    b: FloatArray,
    relu: Rectifier,
    y: FloatArray,
    scratch: FloatArray,
  ): void;

  /** winogradForward and maxPool2dForward in one, bit for bit; arguments as in conv2dPoolForward. */
  winogradPoolForward(
    g: Conv2dGeometry,
    pool: PoolGeometry,
    N: number,
    x: FloatArray,
    u: FloatArray,
    b: FloatArray,
    relu: boolean,
    y: FloatArray,
    choice: Uint8Array,
    scratch: FloatArray,
  ): void;

  /**
   * conv2dForward by Winograd's F(4×4, 3×3), for predictions and the inputs' gradient: a quarter of the multiplications, yet other last bits. For kernels of
   * 3×3 with strides of 1. For each tile of 4×4 outputs, with d the 6×6 inputs that it reads and u of winogradFilters:
   *
   *     V = Bᵀ·d·B,  M = Σ_c U ∘ V, c ascending from +0,  y = relu( Aᵀ·M·A + b )
   *
   * The matrices are in plain/winograd4.ts, the order of their additions in docs/order-of-sums.md. With `pool`, which has windows of
   * 2×2 and strides of 2: → y [N, PH, PW, OC], as maxPool2dForward gives it.
   */
  winograd4Forward(
    g: Conv2dGeometry,
    pool: PoolGeometry | null,
    N: number,
    x: FloatArray,
    u: FloatArray,
    b: FloatArray,
    relu: Rectifier,
    y: FloatArray,
    scratch: FloatArray,
  ): void;

  /**
   * conv2dBackward by Winograd: the same gradients, a quarter of the multiplications, other last bits of dw and dx.
   * For kernels of 3×3 with strides of 1. Each output may be null: then it isn't computed, and without dw x isn't read.
   *
   *     dx = winograd4Forward of dy, without a bias, with u of winogradTurnedFilters, which may be null without dx
   *     dw = Gᵀ·S·G,  S = Σ (A·dY·Aᵀ) ∘ V over the tiles of all samples, ascending from +0; dY the tile's 4×4 of dy, V as in
   *          winograd4Forward
   *     db = as in conv2dBackward
   */
  winogradBackward(
    g: Conv2dGeometry,
    N: number,
    x: FloatArray,
    u: FloatArray | null,
    dy: FloatArray,
    dw: FloatArray | null,
    db: FloatArray | null,
    dx: FloatArray | null,
    scratch: FloatArray,
  ): void;
}
