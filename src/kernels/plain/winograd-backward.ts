/**
 * Backward pass of a convolution by Winograd.
 *
 * dx is a convolution itself, of dy with the filters turned by 180° (geometry.ts: inputGradientGeometry), so it is the forward
 * pass of winograd4.ts.
 *
 * dw is what the chain rule makes of that pass, Y = Aᵀ·[U ∘ V]·A with U = G·g·Gᵀ and V = Bᵀ·d·B for each tile:
 *   D = A·dY·Aᵀ      S[ξ] = Σ_tiles V[ξ]ᵀ·D[ξ] for each of the 36 places ξ      dw = Gᵀ·S·G
 * with the matrices of winograd4.ts. This is F(3×3, 4×4): a filter's 3×3 gradients from tiles of 4×4, by 36 multiplications where the
 * direct way takes 144. The sums over c of the forward pass have become sums over the tiles, of all samples of the call, in the
 * transformed domain: the way back, Gᵀ·S·G, is gone once.
 *
 * Every multiplication by a matrix of constants goes along the height first, then along the width; docs/order-of-sums.md
 * states each operation. Numbers outside of the images are zeros. For 3×3 kernels with strides of 1 only.
 */
import { type Conv2dGeometry, inputGradientGeometry } from '../geometry.ts';
import { addBiasGradient, inputSize, sampleOf } from './conv2d.ts';
import { addMatmulTransposeA } from './matmul.ts';
import { placesOf, tileCount, tilesOf, transformInput, transformTiles } from './winograd-tiles.ts';
import { A, A2, B, B2, F4, GA, GB, winograd4Forward, winograd4Scratch } from './winograd4.ts';

const { edge } = F4;
const rows = edge + 2;
const places = placesOf(edge);

/** The sums of one weight, halfway: transformed along the height, [3, 6]. */
const half = new Float32Array(3 * rows);

/**
 * Elements of scratch, the larger of
 *   for dw [ S 36·C·OC | V 36·T·C | D 36·T·OC ], T tiles
 *   for dx [ zeros C | the forward pass' own ], or the turned filters K·OC while U is made of them
 */
export function winogradBackwardScratch(g: Conv2dGeometry): number {
  const tiles = tileCount(g, edge);
  const weights = places * (g.C * g.OC + tiles * (g.C + g.OC));
  return Math.max(weights, g.K * g.OC, g.C + winograd4Scratch(inputGradientGeometry(g), null));
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
  winograd4Forward(inputGradientGeometry(g), null, N, dy, u, zeros, false, dx, scratch.subarray(g.C));
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
  const T = tileCount(g, edge);
  const [vAt, dAt] = [places * C * OC, places * C * (OC + T)];
  const s = scratch.subarray(0, vAt).fill(0);
  for (let n = 0; n < N; n++) {
    transformInput(F4, g, sampleOf(x, n, inputSize(g)), scratch.subarray(vAt, dAt));
    transformGradient(g, sampleOf(dy, n, P * OC), scratch.subarray(dAt));
    // S[ξ] += V[ξ]ᵀ·D[ξ], tiles ascending
    for (let place = 0; place < places; place++) {
      const v = scratch.subarray(vAt + place * T * C, vAt + (place + 1) * T * C);
      const d = scratch.subarray(dAt + place * T * OC, dAt + (place + 1) * T * OC);
      addMatmulTransposeA(C, T, OC, v, d, s.subarray(place * C * OC, (place + 1) * C * OC));
    }
  }
  transformSums(C * OC, s, dw);
}

/** dy [OH, OW, OC] → d [36, T, OC]: D = A·dY·Aᵀ for each tile and filter. */
function transformGradient(g: Conv2dGeometry, dy: Float32Array, d: Float32Array): void {
  const image = { H: g.OH, W: g.OW, C: g.OC, padTop: 0, padLeft: 0 };
  transformTiles(gradientRows, edge, edge, tilesOf(g, edge), image, dy, d);
}

/** A times four numbers of `from` that are `step` apart → six of `to` that are `toStep` apart. */
function gradientRows(
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
  const g3 = from[at + 3 * step];
  const evenA = Math.fround(g0 + Math.fround(g2 * A2));
  const oddA = Math.fround(A * Math.fround(g1 + Math.fround(g3 * A2)));
  const evenB = Math.fround(g0 + Math.fround(g2 * B2));
  const oddB = Math.fround(B * Math.fround(g1 + Math.fround(g3 * B2)));
  to[toAt] = g0;
  to[toAt + toStep] = Math.fround(evenA + oddA);
  to[toAt + 2 * toStep] = Math.fround(evenA - oddA);
  to[toAt + 3 * toStep] = Math.fround(evenB + oddB);
  to[toAt + 4 * toStep] = Math.fround(evenB - oddB);
  to[toAt + 5 * toStep] = g3;
}

/** s [36, size] → dw [9, size] = Gᵀ·S·G. */
function transformSums(size: number, s: Float32Array, dw: Float32Array): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < rows; j++) sumRows(s, i + j * size, rows * size, half, j, rows);
    for (let kh = 0; kh < 3; kh++) sumRows(half, rows * kh, 1, dw, i + 3 * kh * size, size);
  }
}

/** Gᵀ times six numbers of `from` that are `step` apart → three of `to` that are `toStep` apart. */
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
  const s3 = from[at + 3 * step];
  const s4 = from[at + 4 * step];
  const evenA = Math.fround(s1 + s2);
  const oddA = Math.fround(s1 - s2);
  const evenB = Math.fround(s3 + s4);
  const oddB = Math.fround(s3 - s4);
  const outer = Math.fround(Math.fround(evenA * GA[2]) + Math.fround(evenB * GB[2]));
  to[toAt] = Math.fround(from[at] + Math.fround(Math.fround(evenA * GA[0]) + Math.fround(evenB * GB[0])));
  to[toAt + toStep] = Math.fround(Math.fround(oddA * GA[1]) + Math.fround(oddB * GB[1]));
  to[toAt + 2 * toStep] = Math.fround(outer + from[at + 5 * step]);
}
