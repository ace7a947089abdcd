// Generated from ../plain/winograd-tiles.ts by generate-float64.mjs: do not edit.
import type { Conv2dGeometry } from '../geometry.ts';
import type { Rectifier } from '../kernels.ts';
import { matmul } from './matmul.ts';
import { rectify } from './relu.ts';

export type Transform = (
  from: Float64Array,
  at: number,
  step: number,
  to: Float64Array,
  toAt: number,
  toStep: number,
) => void;

export interface Winograd {
  readonly edge: number;
  readonly filter: Transform;
  readonly input: Transform;
  readonly output: Transform;
}

const tile = new Float64Array(36);
const half = new Float64Array(36);

export function transformFilters(
  { edge, filter }: Winograd,
  { C, OC }: Conv2dGeometry,
  w: Float64Array,
  u: Float64Array,
): void {
  const size = C * OC;
  const rows = edge + 2;
  for (let i = 0; i < size; i++) {
    for (let kw = 0; kw < 3; kw++) filter(w, i + kw * size, 3 * size, half, kw, 3);
    for (let row = 0; row < rows; row++) filter(half, row * 3, 1, u, i + row * rows * size, size);
  }
}

export function convolveSample(
  winograd: Winograd,
  g: Conv2dGeometry,
  x: Float64Array,
  u: Float64Array,
  b: Float64Array,
  relu: Rectifier,
  y: Float64Array,
  scratch: Float64Array,
): void {
  const { C, OC } = g;
  const T = tileCount(g, winograd.edge);
  const places = placesOf(winograd.edge);
  const mAt = places * T * C;
  transformInput(winograd, g, x, scratch);
  // M[ξ] = V[ξ]·U[ξ]
  for (let place = 0; place < places; place++) {
    const v = scratch.subarray(place * T * C, (place + 1) * T * C);
    const m = scratch.subarray(mAt + place * T * OC, mAt + (place + 1) * T * OC);
    matmul(T, C, OC, v, u.subarray(place * C * OC, (place + 1) * C * OC), m);
  }
  transformOutput(winograd, g, scratch.subarray(mAt), b, relu, y);
}

export function transformInput(
  { edge, input }: Winograd,
  g: Conv2dGeometry,
  x: Float64Array,
  v: Float64Array,
): void {
  transformTiles(input, edge, edge + 2, tilesOf(g, edge), g, x, v);
}

export function transformTiles(
  transform: Transform,
  edge: number,
  size: number,
  [TH, TW]: readonly [rows: number, columns: number],
  { H, W, C, padTop, padLeft }: Pick<Conv2dGeometry, 'H' | 'W' | 'C' | 'padTop' | 'padLeft'>,
  image: Float64Array,
  v: Float64Array,
): void {
  const rows = edge + 2;
  const slice = TH * TW * C;
  let out = 0;
  for (let th = 0; th < TH; th++) {
    for (let tw = 0; tw < TW; tw++) {
      for (let c = 0; c < C; c++, out++) {
        for (let i = 0; i < size; i++) {
          const ih = edge * th + i - padTop;
          for (let j = 0; j < size; j++) {
            const iw = edge * tw + j - padLeft;
            const isInside = ih >= 0 && ih < H && iw >= 0 && iw < W;
            tile[size * i + j] = isInside ? image[(ih * W + iw) * C + c] : 0;
          }
        }
        for (let j = 0; j < size; j++) transform(tile, j, size, half, j, size);
        for (let i = 0; i < rows; i++) transform(half, size * i, 1, v, out + rows * i * slice, slice);
      }
    }
  }
}

function transformOutput(
  { edge, output }: Winograd,
  g: Conv2dGeometry,
  m: Float64Array,
  b: Float64Array,
  relu: Rectifier,
  y: Float64Array,
): void {
  const { OH, OW, OC } = g;
  const [TH, TW] = tilesOf(g, edge);
  const rows = edge + 2;
  const slice = TH * TW * OC;
  let from = 0;
  for (let th = 0; th < TH; th++) {
    for (let tw = 0; tw < TW; tw++) {
      for (let oc = 0; oc < OC; oc++, from++) {
        for (let j = 0; j < rows; j++) output(m, from + j * slice, rows * slice, half, j, rows);
        for (let i = 0; i < edge; i++) output(half, rows * i, 1, tile, edge * i, 1);
        for (let i = 0; i < edge && edge * th + i < OH; i++) {
          for (let j = 0; j < edge && edge * tw + j < OW; j++) {
            const value = (tile[edge * i + j] + b[oc]);
            y[((edge * th + i) * OW + edge * tw + j) * OC + oc] = rectify(value, relu);
          }
        }
      }
    }
  }
}

export const placesOf = (edge: number): number => (edge + 2) * (edge + 2);

export function workSize({ edge }: Winograd, g: Conv2dGeometry): number {
  return placesOf(edge) * tileCount(g, edge) * (g.C + g.OC);
}

export function tilesOf(g: Conv2dGeometry, edge: number): [rows: number, columns: number] {
  return [Math.ceil(g.OH / edge), Math.ceil(g.OW / edge)];
}

export function tileCount(g: Conv2dGeometry, edge: number): number {
  const [rows, columns] = tilesOf(g, edge);
  return rows * columns;
}
