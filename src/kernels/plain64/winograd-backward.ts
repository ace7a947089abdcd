// Generated from ../plain/winograd-backward.ts by generate-float64.mjs: do not edit.
import { type Conv2dGeometry, inputGradientGeometry } from '../geometry.ts';
import { addBiasGradient, inputSize, sampleOf } from './conv2d.ts';
import { addMatmulTransposeA } from './matmul.ts';
import { placesOf, tileCount, tilesOf, transformInput, transformTiles } from './winograd-tiles.ts';
import { A, A2, B, B2, F4, GA, GB, winograd4Forward, winograd4Scratch } from './winograd4.ts';

const { edge } = F4;
const rows = edge + 2;
const places = placesOf(edge);

const half = new Float64Array(3 * rows);

export function winogradBackwardScratch(g: Conv2dGeometry): number {
  const tiles = tileCount(g, edge);
  const weights = places * (g.C * g.OC + tiles * (g.C + g.OC));
  return Math.max(weights, g.K * g.OC, g.C + winograd4Scratch(inputGradientGeometry(g), null));
}

export function winogradBackward(
  g: Conv2dGeometry,
  N: number,
  x: Float64Array,
  u: Float64Array | null,
  dy: Float64Array,
  dw: Float64Array | null,
  db: Float64Array | null,
  dx: Float64Array | null,
  scratch: Float64Array,
): void {
  if (db) {
    db.fill(0, 0, g.OC);
    addBiasGradient(N * g.P, g.OC, dy, db);
  }
  if (dw) weightGradient(g, N, x, dy, dw, scratch);
  if (u && dx) inputGradient(g, N, u, dy, dx, scratch);
}

function inputGradient(
  g: Conv2dGeometry,
  N: number,
  u: Float64Array,
  dy: Float64Array,
  dx: Float64Array,
  scratch: Float64Array,
): void {
  const zeros = scratch.subarray(0, g.C).fill(0);
  winograd4Forward(inputGradientGeometry(g), null, N, dy, u, zeros, false, dx, scratch.subarray(g.C));
}

function weightGradient(
  g: Conv2dGeometry,
  N: number,
  x: Float64Array,
  dy: Float64Array,
  dw: Float64Array,
  scratch: Float64Array,
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

function transformGradient(g: Conv2dGeometry, dy: Float64Array, d: Float64Array): void {
  const image = { H: g.OH, W: g.OW, C: g.OC, padTop: 0, padLeft: 0 };
  transformTiles(gradientRows, edge, edge, tilesOf(g, edge), image, dy, d);
}

function gradientRows(
  from: Float64Array,
  at: number,
  step: number,
  to: Float64Array,
  toAt: number,
  toStep: number,
): void {
  const g0 = from[at];
  const g1 = from[at + step];
  const g2 = from[at + 2 * step];
  const g3 = from[at + 3 * step];
  const evenA = (g0 + (g2 * A2));
  const oddA = (A * (g1 + (g3 * A2)));
  const evenB = (g0 + (g2 * B2));
  const oddB = (B * (g1 + (g3 * B2)));
  to[toAt] = g0;
  to[toAt + toStep] = (evenA + oddA);
  to[toAt + 2 * toStep] = (evenA - oddA);
  to[toAt + 3 * toStep] = (evenB + oddB);
  to[toAt + 4 * toStep] = (evenB - oddB);
  to[toAt + 5 * toStep] = g3;
}

function transformSums(size: number, s: Float64Array, dw: Float64Array): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < rows; j++) sumRows(s, i + j * size, rows * size, half, j, rows);
    for (let kh = 0; kh < 3; kh++) sumRows(half, rows * kh, 1, dw, i + 3 * kh * size, size);
  }
}

function sumRows(
  from: Float64Array,
  at: number,
  step: number,
  to: Float64Array,
  toAt: number,
  toStep: number,
): void {
  const s1 = from[at + step];
  const s2 = from[at + 2 * step];
  const s3 = from[at + 3 * step];
  const s4 = from[at + 4 * step];
  const evenA = (s1 + s2);
  const oddA = (s1 - s2);
  const evenB = (s3 + s4);
  const oddB = (s3 - s4);
  const outer = ((evenA * GA[2]) + (evenB * GB[2]));
  to[toAt] = (from[at] + ((evenA * GA[0]) + (evenB * GB[0])));
  to[toAt + toStep] = ((oddA * GA[1]) + (oddB * GB[1]));
  to[toAt + 2 * toStep] = (outer + from[at + 5 * step]);
}
