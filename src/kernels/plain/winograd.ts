/**
 * Convolution by Winograd's minimal filtering F(2×2, 3×3): 16 multiplications where the direct way takes 36.
 * Source: Lavin, Gray 2015, "Fast Algorithms for Convolutional Neural Networks", arXiv:1509.09308, section 4.1.
 *
 * The output is cut into tiles of 2×2. A tile reads 4×4 numbers d of each input channel, and for filters g of 3×3:
 *   U = G·g·Gᵀ (once a call)      V = Bᵀ·d·B      M[ξ] = Σ_c V[ξ]·U[ξ] for each of the 16 places ξ      Y = Aᵀ·M·A
 *        ⎡1   0   0⎤           ⎡1   0  −1   0⎤
 *    G = ⎢½   ½   ½⎥      Bᵀ = ⎢0   1   1   0⎥      Aᵀ = ⎡1   1   1   0⎤
 *        ⎢½  −½   ½⎥           ⎢0  −1   1   0⎥           ⎣0   1  −1  −1⎦
 *        ⎣0   0   1⎦           ⎣0   1   0  −1⎦
 * The sums over c are 16 matrix products [tiles, C]·[C, OC]. Every multiplication by a matrix of constants goes along
 * the height first, then along the width; docs/order-of-sums.md states each addition.
 *
 * Inputs outside of the image are zeros; where the output has an odd row or column, the tile's outputs behind it are
 * dropped. One sample at a time. For 3×3 kernels with strides of 1 alone.
 */
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { Rectifier } from '../kernels.ts';
import { inputSize, sampleOf } from './conv2d.ts';
import { matmul } from './matmul.ts';
import { maxPoolSample } from './max-pool.ts';
import { rectify } from './relu.ts';

/** Places of a transformed tile, ξ = 4·row + column. */
export const PLACES = 16;

/** The numbers of one tile and one channel, and halfway: transformed along the height, not yet along the width. */
const tile = new Float32Array(16);
const half = new Float32Array(16);

/** Elements of scratch: [ U 16·C·OC | V 16·T·C | M 16·T·OC | with pooling: one sample's output P·OC ], T tiles. */
export function winogradScratch(g: Conv2dGeometry, pool: PoolGeometry | null): number {
  return outputOffset(g) + (pool === null ? 0 : g.P * g.OC);
}

/** x [N, H, W, C], w [3·3·C, OC], b [OC] → y [N, OH, OW, OC], overwritten. See Kernels.winogradForward. */
export function winogradForward(
  g: Conv2dGeometry,
  N: number,
  x: Float32Array,
  w: Float32Array,
  b: Float32Array,
  relu: Rectifier,
  y: Float32Array,
  scratch: Float32Array,
): void {
  transformFilters(g, w, scratch);
  for (let n = 0; n < N; n++) {
    winogradSample(g, sampleOf(x, n, inputSize(g)), b, relu, sampleOf(y, n, g.P * g.OC), scratch);
  }
}

/** x [N, H, W, C] → y [N, PH, PW, OC], choice likewise, overwritten. See Kernels.winogradPoolForward. */
export function winogradPoolForward(
  g: Conv2dGeometry,
  pool: PoolGeometry,
  N: number,
  x: Float32Array,
  w: Float32Array,
  b: Float32Array,
  relu: boolean,
  y: Float32Array,
  choice: Uint8Array,
  scratch: Float32Array,
): void {
  const convolved = scratch.subarray(outputOffset(g), outputOffset(g) + g.P * g.OC);
  const pooledSize = pool.OH * pool.OW * pool.C;
  transformFilters(g, w, scratch);
  for (let n = 0; n < N; n++) {
    winogradSample(g, sampleOf(x, n, inputSize(g)), b, relu, convolved, scratch);
    maxPoolSample(pool, convolved, 0, y, choice, n * pooledSize);
  }
}

/** One sample: x [H, W, C] → y [OH, OW, OC], with the transformed filters in scratch. */
function winogradSample(
  g: Conv2dGeometry,
  x: Float32Array,
  b: Float32Array,
  relu: Rectifier,
  y: Float32Array,
  scratch: Float32Array,
): void {
  const { C, OC } = g;
  const T = tiles(g);
  const [vAt, mAt] = [PLACES * C * OC, PLACES * C * (OC + T)];
  transformInput(g, x, scratch.subarray(vAt, mAt));
  // M[ξ] = V[ξ]·U[ξ]
  for (let place = 0; place < PLACES; place++) {
    const u = scratch.subarray(place * C * OC, (place + 1) * C * OC);
    const v = scratch.subarray(vAt + place * T * C, vAt + (place + 1) * T * C);
    matmul(T, C, OC, v, u, scratch.subarray(mAt + place * T * OC, mAt + (place + 1) * T * OC));
  }
  transformOutput(g, scratch.subarray(mAt), b, relu, y);
}

/** w [3, 3, C, OC] → u [16, C, OC]: U = G·g·Gᵀ for each pair of channels. */
function transformFilters(g: Conv2dGeometry, w: Float32Array, u: Float32Array): void {
  const size = g.C * g.OC;
  for (let i = 0; i < size; i++) {
    for (let kw = 0; kw < 3; kw++) filterRows(w, i + kw * size, 3 * size, half, kw, 3);
    for (let row = 0; row < 4; row++) filterRows(half, row * 3, 1, u, i + row * 4 * size, size);
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

/** x [H, W, C] → v [16, T, C]: V = Bᵀ·d·B for each tile and channel. */
export function transformInput(g: Conv2dGeometry, x: Float32Array, v: Float32Array): void {
  const { H, W, C, padTop, padLeft } = g;
  const [TH, TW] = [tileRows(g), tileColumns(g)];
  const slice = TH * TW * C;
  let out = 0;
  for (let th = 0; th < TH; th++) {
    for (let tw = 0; tw < TW; tw++) {
      for (let c = 0; c < C; c++, out++) {
        for (let i = 0; i < 4; i++) {
          const ih = 2 * th + i - padTop;
          for (let j = 0; j < 4; j++) {
            const iw = 2 * tw + j - padLeft;
            const isInside = ih >= 0 && ih < H && iw >= 0 && iw < W;
            tile[4 * i + j] = isInside ? x[(ih * W + iw) * C + c] : 0;
          }
        }
        for (let j = 0; j < 4; j++) inputRows(tile, j, 4, half, j, 4);
        for (let i = 0; i < 4; i++) inputRows(half, 4 * i, 1, v, out + 4 * i * slice, slice);
      }
    }
  }
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

/** m [16, T, OC], b [OC] → y [OH, OW, OC] = relu(Aᵀ·M·A + b), the outputs that stand in the image. */
function transformOutput(
  g: Conv2dGeometry,
  m: Float32Array,
  b: Float32Array,
  relu: Rectifier,
  y: Float32Array,
): void {
  const { OH, OW, OC } = g;
  const [TH, TW] = [tileRows(g), tileColumns(g)];
  const slice = TH * TW * OC;
  let from = 0;
  for (let th = 0; th < TH; th++) {
    for (let tw = 0; tw < TW; tw++) {
      for (let oc = 0; oc < OC; oc++, from++) {
        for (let j = 0; j < 4; j++) outputRows(m, from + j * slice, 4 * slice, half, j, 4);
        for (let i = 0; i < 2; i++) outputRows(half, 4 * i, 1, tile, 2 * i, 1);
        for (let i = 0; i < 2 && 2 * th + i < OH; i++) {
          for (let j = 0; j < 2 && 2 * tw + j < OW; j++) {
            const value = Math.fround(tile[2 * i + j] + b[oc]);
            y[((2 * th + i) * OW + 2 * tw + j) * OC + oc] = rectify(value, relu);
          }
        }
      }
    }
  }
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

export function tileRows(g: Conv2dGeometry): number {
  return Math.ceil(g.OH / 2);
}

export function tileColumns(g: Conv2dGeometry): number {
  return Math.ceil(g.OW / 2);
}

function tiles(g: Conv2dGeometry): number {
  return tileRows(g) * tileColumns(g);
}

/** Where one sample's output stands in scratch, with pooling. */
function outputOffset(g: Conv2dGeometry): number {
  return PLACES * (g.C * g.OC + tiles(g) * (g.C + g.OC));
}
