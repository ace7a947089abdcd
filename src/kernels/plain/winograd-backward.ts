/**
 * Backward pass of a convolution by Winograd: for either gradient 16 multiplications where the direct way takes 36.
 *
 * dx is a convolution itself, of dy with the filters turned by 180° (geometry.ts: inputGradientGeometry), so it is the forward
 * pass of winograd.ts.
 *
 * dw is what the chain rule makes of that pass, Y = Aᵀ·[U ∘ V]·A with U = G·g·Gᵀ and V = Bᵀ·d·B for each tile:
 *   D = A·dY·Aᵀ      S[ξ] = Σ_tiles V[ξ]ᵀ·D[ξ] for each of the 16 places ξ      dw = Gᵀ·S·G
 *       ⎡1   0⎤           ⎡1   ½   ½   0⎤
 *   A = ⎢1   1⎥      Gᵀ = ⎢0   ½  −½   0⎥
 *       ⎢1  −1⎥           ⎣0   ½   ½   1⎦
 *       ⎣0  −1⎦
 * which is F(3×3, 2×2): a filter's 3×3 gradients from tiles of 2×2. The sums over c of the forward pass have become sums over
 * the tiles, of all samples of the call, in the transformed domain: the way back, Gᵀ·S·G, is gone once.
 * A's last row is taken with a plus here, so S[3, …] and S[…, 3] have the other sign, and Gᵀ's last number is −1.
 *
 * Every multiplication by a matrix of constants goes along the height first, then along the width; docs/order-of-sums.md
 * states each addition. Numbers outside of the images are zeros. For 3×3 kernels with strides of 1 only.
 */
import { type Conv2dGeometry, inputGradientGeometry } from '../geometry.ts';
import { addBiasGradient, inputSize, sampleOf } from './conv2d.ts';
import { addMatmulTransposeA } from './matmul.ts';
import { F2, PLACES, winogradForward, winogradScratch } from './winograd.ts';
import { tileCount, tilesOf, transformInput } from './winograd-tiles.ts';

/** The gradients of one tile and one filter, [2, 2], and halfway: transformed along the height, [4, 2]. */
const tile = new Float32Array(4);
const half = new Float32Array(12);

/**
 * Elements of scratch, the larger of
 *   for dw [ S 16·C·OC | V 16·T·C | D 16·T·OC ], T tiles
 *   for dx [ zeros C | the forward pass' own ], or the turned filters K·OC while U is made of them
 */
export function winogradBackwardScratch(g: Conv2dGeometry): number {
  const tiles = tileCount(g, F2.edge);
  const weights = PLACES * (g.C * g.OC + tiles * (g.C + g.OC));
  return Math.max(weights, g.K * g.OC, g.C + winogradScratch(inputGradientGeometry(g), null));
}

/** x [N, H, W, C], u of winogradTurnedFilters, dy [N, OH, OW, OC] → dw, db, dx, overwritten. See Kernels.winogradBackward. */
export function winogradBackward(
  g: Conv2dGeometry,
  N: number,
  x: Float32Array,
  u: Float32Array | null,
  dy: Float32Array,
  dw: Float32Array | null,
  db: Float32Array | null,
  dx: Float32Array | null,
  scratch: Float32Array,
): void {
  if (db) {
    db.fill(0, 0, g.OC);
    addBiasGradient(N * g.P, g.OC, dy, db);
  }
  if (dw) weightGradient(g, N, x, dy, dw, scratch);
  if (u && dx) inputGradient(g, N, u, dy, dx, scratch);
}

/** dx [N, H, W, C] = dy convolved with the turned filters. */
function inputGradient(
  g: Conv2dGeometry,
  N: number,
  u: Float32Array,
  dy: Float32Array,
  dx: Float32Array,
  scratch: Float32Array,
): void {
  const zeros = scratch.subarray(0, g.C).fill(0);
  winogradForward(inputGradientGeometry(g), N, dy, u, zeros, false, dx, scratch.subarray(g.C));
}

/** dw [3, 3, C, OC] = Gᵀ·S·G, S summed over the tiles of all samples. */
function weightGradient(
  g: Conv2dGeometry,
  N: number,
  x: Float32Array,
  dy: Float32Array,
  dw: Float32Array,
  scratch: Float32Array,
): void {
  const { C, P, OC } = g;
  const T = tileCount(g, F2.edge);
  const [vAt, dAt] = [PLACES * C * OC, PLACES * C * (OC + T)];
  const s = scratch.subarray(0, vAt).fill(0);
  for (let n = 0; n < N; n++) {
    transformInput(F2, g, sampleOf(x, n, inputSize(g)), scratch.subarray(vAt, dAt));
    transformGradient(g, sampleOf(dy, n, P * OC), scratch.subarray(dAt));
    // S[ξ] += V[ξ]ᵀ·D[ξ], tiles ascending
    for (let place = 0; place < PLACES; place++) {
      const v = scratch.subarray(vAt + place * T * C, vAt + (place + 1) * T * C);
      const d = scratch.subarray(dAt + place * T * OC, dAt + (place + 1) * T * OC);
      addMatmulTransposeA(C, T, OC, v, d, s.subarray(place * C * OC, (place + 1) * C * OC));
    }
  }
  transformSums(C * OC, s, dw);
}

/** dy [OH, OW, OC] → d [16, T, OC]: D = A·dY·Aᵀ for each tile and filter. */
function transformGradient(g: Conv2dGeometry, dy: Float32Array, d: Float32Array): void {
  const { OH, OW, OC } = g;
  const [TH, TW] = tilesOf(g, F2.edge);
  const slice = TH * TW * OC;
  let out = 0;
  for (let th = 0; th < TH; th++) {
    for (let tw = 0; tw < TW; tw++) {
      for (let oc = 0; oc < OC; oc++, out++) {
        for (let i = 0; i < 2; i++) {
          for (let j = 0; j < 2; j++) {
            const [oh, ow] = [2 * th + i, 2 * tw + j];
            tile[2 * i + j] = oh < OH && ow < OW ? dy[(oh * OW + ow) * OC + oc] : 0;
          }
        }
        for (let j = 0; j < 2; j++) gradientRows(tile, j, 2, half, j, 2);
        for (let i = 0; i < 4; i++) gradientRows(half, 2 * i, 1, d, out + 4 * i * slice, slice);
      }
    }
  }
}

/** A (its last row with a plus) times two numbers of `from` that are `step` apart → four of `to` that are `toStep` apart. */
function gradientRows(
  from: Float32Array,
  at: number,
  step: number,
  to: Float32Array,
  toAt: number,
  toStep: number,
): void {
  const d0 = from[at];
  const d1 = from[at + step];
  to[toAt] = d0;
  to[toAt + toStep] = Math.fround(d0 + d1);
  to[toAt + 2 * toStep] = Math.fround(d0 - d1);
  to[toAt + 3 * toStep] = d1;
}

/** s [16, size] → dw [9, size] = Gᵀ·S·G. */
function transformSums(size: number, s: Float32Array, dw: Float32Array): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < 4; j++) sumRows(s, i + j * size, 4 * size, half, j, 4);
    for (let kh = 0; kh < 3; kh++) sumRows(half, 4 * kh, 1, dw, i + 3 * kh * size, size);
  }
}

/** Gᵀ (its last number with a minus) times four numbers of `from` that are `step` apart → three of `to` that are `toStep` apart. */
function sumRows(
  from: Float32Array,
  at: number,
  step: number,
  to: Float32Array,
  toAt: number,
  toStep: number,
): void {
  const s1 = from[at + step];
  const s2 = from[at + 2 * step];
  const middle = Math.fround(0.5 * Math.fround(s1 + s2));
  to[toAt] = Math.fround(from[at] + middle);
  to[toAt + toStep] = Math.fround(0.5 * Math.fround(s1 - s2));
  to[toAt + 2 * toStep] = Math.fround(middle - from[at + 3 * step]);
}
