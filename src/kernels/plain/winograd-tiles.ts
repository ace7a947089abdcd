/** What Winograd's algorithms share, whatever the size of their tiles; the method is in winograd.ts and winograd4.ts. */
import type { Conv2dGeometry } from '../geometry.ts';
import type { Rectifier } from '../kernels.ts';
import { matmul } from './matmul.ts';
import { rectify } from './relu.ts';

/** A matrix of constants times numbers of `from` that are `step` apart → numbers of `to` that are `toStep` apart. */
export type Transform = (
  from: Float32Array,
  at: number,
  step: number,
  to: Float32Array,
  toAt: number,
  toStep: number,
) => void;

/** F(edge×edge, 3×3): a tile has edge² outputs and (edge + 2)² places, ξ = (edge + 2)·row + column. */
export interface Winograd {
  readonly edge: number;
  /** G, Bᵀ and Aᵀ. */
  readonly filter: Transform;
  readonly input: Transform;
  readonly output: Transform;
}

/** The numbers of the largest tile and one channel, and halfway: transformed along the height, not yet along the width. */
const tile = new Float32Array(36);
const half = new Float32Array(36);

/** w [3, 3, C, OC] → u [places, C, OC]: U = G·g·Gᵀ for each pair of channels. */
export function transformFilters(
  { edge, filter }: Winograd,
  { C, OC }: Conv2dGeometry,
  w: Float32Array,
  u: Float32Array,
): void {
  const size = C * OC;
  const rows = edge + 2;
  for (let i = 0; i < size; i++) {
    for (let kw = 0; kw < 3; kw++) filter(w, i + kw * size, 3 * size, half, kw, 3);
    for (let row = 0; row < rows; row++) filter(half, row * 3, 1, u, i + row * rows * size, size);
  }
}

/** One sample: x [H, W, C] → y [OH, OW, OC], from u [places, C, OC]. Scratch: [ V places·T·C | M places·T·OC ], T tiles. */
export function convolveSample(
  winograd: Winograd,
  g: Conv2dGeometry,
  x: Float32Array,
  u: Float32Array,
  b: Float32Array,
  relu: Rectifier,
  y: Float32Array,
  scratch: Float32Array,
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

/** x [H, W, C] → v [places, T, C]: V = Bᵀ·d·B for each tile and channel. */
export function transformInput(
  { edge, input }: Winograd,
  g: Conv2dGeometry,
  x: Float32Array,
  v: Float32Array,
): void {
  transformTiles(input, edge, edge + 2, tilesOf(g, edge), g, x, v);
}

/**
 * An image [H, W, C] → v [places, T, C]: the transform of each tile and channel. A tile has size×size numbers, the next begins `edge`
 * further, the first outside of the image by its padding; there all is zero.
 */
export function transformTiles(
  transform: Transform,
  edge: number,
  size: number,
  [TH, TW]: readonly [rows: number, columns: number],
  { H, W, C, padTop, padLeft }: Pick<Conv2dGeometry, 'H' | 'W' | 'C' | 'padTop' | 'padLeft'>,
  image: Float32Array,
  v: Float32Array,
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

/** m [places, T, OC], b [OC] → y [OH, OW, OC] = relu(Aᵀ·M·A + b), the outputs that are in the image. */
function transformOutput(
  { edge, output }: Winograd,
  g: Conv2dGeometry,
  m: Float32Array,
  b: Float32Array,
  relu: Rectifier,
  y: Float32Array,
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
            const value = Math.fround(tile[edge * i + j] + b[oc]);
            y[((edge * th + i) * OW + edge * tw + j) * OC + oc] = rectify(value, relu);
          }
        }
      }
    }
  }
}

/** Places of a transformed tile. */
export const placesOf = (edge: number): number => (edge + 2) * (edge + 2);

/** Elements of scratch that convolveSample takes. */
export function workSize({ edge }: Winograd, g: Conv2dGeometry): number {
  return placesOf(edge) * tileCount(g, edge) * (g.C + g.OC);
}

/** Rows and columns of tiles. */
export function tilesOf(g: Conv2dGeometry, edge: number): [rows: number, columns: number] {
  return [Math.ceil(g.OH / edge), Math.ceil(g.OW / edge)];
}

export function tileCount(g: Conv2dGeometry, edge: number): number {
  const [rows, columns] = tilesOf(g, edge);
  return rows * columns;
}
