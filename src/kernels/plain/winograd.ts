/**
 * Convolution by Winograd's minimal filtering F(2×2, 3×3): 16 multiplications where the direct way takes 36.
 * Source: Lavin, Gray 2015, "Fast Algorithms for Convolutional Neural Networks", arXiv:1509.09308, section 4.1.
 *
 * The output is cut into tiles of 2×2. A tile reads 4×4 numbers d of each input channel, and for filters g of 3×3:
 *   U = G·g·Gᵀ (winograd-filters.ts)      V = Bᵀ·d·B      M[ξ] = Σ_c V[ξ]·U[ξ] for each of the 16 places ξ      Y = Aᵀ·M·A
 *        ⎡1   0   0⎤           ⎡1   0  −1   0⎤
 *    G = ⎢½   ½   ½⎥      Bᵀ = ⎢0   1   1   0⎥      Aᵀ = ⎡1   1   1   0⎤
 *        ⎢½  −½   ½⎥           ⎢0  −1   1   0⎥           ⎣0   1  −1  −1⎦
 *        ⎣0   0   1⎦           ⎣0   1   0  −1⎦
 * The sums over c are 16 matrix products [tiles, C]·[C, OC]. Every multiplication by a matrix of constants goes along
 * the height first, then along the width; docs/order-of-sums.md states each addition.
 *
 * Inputs outside of the image are zeros; where the output has an odd row or column, the tile's outputs after it are
 * dropped. One sample at a time. For 3×3 kernels with strides of 1 only.
 */
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { Rectifier } from '../kernels.ts';
import { inputSize, sampleOf } from './conv2d.ts';
import { maxPoolSample } from './max-pool.ts';
import { convolveSample, type Winograd, workSize } from './winograd-tiles.ts';

/** Places of a transformed tile, ξ = 4·row + column. */
export const PLACES = 16;

export const F2: Winograd = { edge: 2, filter: filterRows, input: inputRows, output: outputRows };

/** Elements of scratch: [ V 16·T·C | M 16·T·OC | with pooling: one sample's output P·OC ], T tiles. */
export function winogradScratch(g: Conv2dGeometry, pool: PoolGeometry | null): number {
  return workSize(F2, g) + (pool === null ? 0 : g.P * g.OC);
}

/** x [N, H, W, C], u of winogradFilters, b [OC] → y [N, OH, OW, OC], overwritten. See Kernels.winogradForward. */
export function winogradForward(
  g: Conv2dGeometry,
  N: number,
  x: Float32Array,
  u: Float32Array,
  b: Float32Array,
  relu: Rectifier,
  y: Float32Array,
  scratch: Float32Array,
): void {
  for (let n = 0; n < N; n++) {
    const sample = sampleOf(x, n, inputSize(g));
    convolveSample(F2, g, sample, u, b, relu, sampleOf(y, n, g.P * g.OC), scratch);
  }
}

/** x [N, H, W, C] → y [N, PH, PW, OC], choice likewise, overwritten. See Kernels.winogradPoolForward. */
export function winogradPoolForward(
  g: Conv2dGeometry,
  pool: PoolGeometry,
  N: number,
  x: Float32Array,
  u: Float32Array,
  b: Float32Array,
  relu: boolean,
  y: Float32Array,
  choice: Uint8Array,
  scratch: Float32Array,
): void {
  const convolved = scratch.subarray(workSize(F2, g), workSize(F2, g) + g.P * g.OC);
  const pooledSize = pool.OH * pool.OW * pool.C;
  for (let n = 0; n < N; n++) {
    const sample = sampleOf(x, n, inputSize(g));
    convolveSample(F2, g, sample, u, b, relu, convolved, scratch);
    maxPoolSample(pool, convolved, 0, y, choice, n * pooledSize);
  }
}

/** G times three numbers of `from` that are `step` apart → four numbers of `to` that are `toStep` apart. */
function filterRows(
  from: Float32Array,
  at: number,
  step: number,
  to: Float32Array,
  toAt: number,
  toStep: number,
): void {
  const g0 = from[at];
  const g1 = from[at + step];
  const g2 = from[at + 2 * step];
  const outer = Math.fround(g0 + g2);
  to[toAt] = g0;
  to[toAt + toStep] = Math.fround(0.5 * Math.fround(outer + g1));
  to[toAt + 2 * toStep] = Math.fround(0.5 * Math.fround(outer - g1));
  to[toAt + 3 * toStep] = g2;
}

/** Bᵀ times four numbers of `from` that are `step` apart → four numbers of `to` that are `toStep` apart. */
function inputRows(
  from: Float32Array,
  at: number,
  step: number,
  to: Float32Array,
  toAt: number,
  toStep: number,
): void {
  const d0 = from[at];
  const d1 = from[at + step];
  const d2 = from[at + 2 * step];
  const d3 = from[at + 3 * step];
  to[toAt] = Math.fround(d0 - d2);
  to[toAt + toStep] = Math.fround(d1 + d2);
  to[toAt + 2 * toStep] = Math.fround(d2 - d1);
  to[toAt + 3 * toStep] = Math.fround(d1 - d3);
}

/** Aᵀ times four numbers of `from` that are `step` apart → two numbers of `to` that are `toStep` apart. */
function outputRows(
  from: Float32Array,
  at: number,
  step: number,
  to: Float32Array,
  toAt: number,
  toStep: number,
): void {
  const m0 = from[at];
  const m1 = from[at + step];
  const m2 = from[at + 2 * step];
  const m3 = from[at + 3 * step];
  to[toAt] = Math.fround(Math.fround(m0 + m1) + m2);
  to[toAt + toStep] = Math.fround(Math.fround(m1 - m2) - m3);
}
