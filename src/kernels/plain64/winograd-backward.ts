// Generated from ../plain/winograd-backward.ts by generate-float64.mjs: do not edit.
import { type Conv2dGeometry, inputGradientGeometry } from '../geometry.ts';
import { addBiasGradient, inputSize, sampleOf } from './conv2d.ts';
import { addMatmulTransposeA } from './matmul.ts';
import { F2, PLACES, winogradForward, winogradScratch } from './winograd.ts';
import { tileCount, tilesOf, transformInput } from './winograd-tiles.ts';

const tile = new Float64Array(4);
const half = new Float64Array(12);

export function winogradBackwardScratch(g: Conv2dGeometry): number {
  const tiles = tileCount(g, F2.edge);
  const weights = PLACES * (g.C * g.OC + tiles * (g.C + g.OC));
  return Math.max(weights, g.K * g.OC, g.C + winogradScratch(inputGradientGeometry(g), null));
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
  winogradForward(inputGradientGeometry(g), N, dy, u, zeros, false, dx, scratch.subarray(g.C));
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

function transformGradient(g: Conv2dGeometry, dy: Float64Array, d: Float64Array): void {
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

function gradientRows(
  from: Float64Array,
  at: number,
  step: number,
  to: Float64Array,
  toAt: number,
  toStep: number,
): void {
  const d0 = from[at];
  const d1 = from[at + step];
  to[toAt] = d0;
  to[toAt + toStep] = (d0 + d1);
  to[toAt + 2 * toStep] = (d0 - d1);
  to[toAt + 3 * toStep] = d1;
}

function transformSums(size: number, s: Float64Array, dw: Float64Array): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < 4; j++) sumRows(s, i + j * size, 4 * size, half, j, 4);
    for (let kh = 0; kh < 3; kh++) sumRows(half, 4 * kh, 1, dw, i + 3 * kh * size, size);
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
  const middle = (0.5 * (s1 + s2));
  to[toAt] = (from[at] + middle);
  to[toAt + toStep] = (0.5 * (s1 - s2));
  to[toAt + 2 * toStep] = (middle - from[at + 3 * step]);
}
