/**
 * The long sums of a convolution's backward pass, each in its own blocks (blocks.ts): dw and db tile by tile of the output (tiles.ts), dx
 * block by block of the filters.
 */
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Conv2dGeometry } from '../geometry.ts';
import type { GradientWalk, Kernels } from '../kernels.ts';
import { BLOCK, BlockSums, eachBlock, gatherColumns, roomsIn } from './blocks.ts';
import { type Tile, tileOf, tileRoom, tilesOf } from './tiles.ts';

/** One call of a backward pass: N samples of a convolution. */
export interface Call {
  readonly kernels: Kernels;
  readonly g: Conv2dGeometry;
  readonly N: number;
  readonly scratch: FloatArray;
  /** Where the part of the scratch begins that the kernels themselves don't use. */
  readonly at: number;
}

/** Gradients of the weights and of the bias: overwritten; null where one isn't wanted. */
export interface WeightSums {
  readonly dw: FloatArray | null;
  readonly db: FloatArray | null;
}

/** Computes dw and db of one sample, a tile or the whole, direct or by Winograd. */
export type WeightGradients = (g: Conv2dGeometry, x: FloatArray, dy: FloatArray, sums: WeightSums) => void;

/** Gives sample n's dy [P, OC]. */
export type Gradient = (n: number) => FloatArray;

/** Computes one tile's dw and db, from its part of x. */
export type TileGradients = (tile: Tile<Conv2dGeometry>, xTile: FloatArray, sums: WeightSums) => void;

/** dw and db over the tiles of all samples; `ofSample(n)` computes those of sample n's tiles. */
export function addUpTiles(
  { kernels, g, N, scratch, at }: Call,
  x: FloatArray,
  ofSample: (n: number) => TileGradients,
  { dw, db }: WeightSums,
): void {
  const { H, W, C, OC, K } = g;
  const tiles = tilesOf(g);
  const room = roomsIn(scratch, at);
  const xRoom = room(tileRoom(tiles, C, OC).x);
  const [dwPart, dwGroup, dbPart, dbGroup] = [room(K * OC), room(K * OC), room(OC), room(OC)];
  const part = { dw: dw && dwPart, db: db && dbPart };
  const weights = dw && new BlockSums(kernels, K * OC, dwGroup, dw);
  const biases = db && new BlockSums(kernels, OC, dbGroup, db);
  for (let n = 0; n < N; n++) {
    const image = x.subarray(n * H * W * C, (n + 1) * H * W * C);
    const gradients = ofSample(n);
    for (const tile of tiles) {
      const { geometry: t, top, left } = tile;
      gradients(tile, tileOf(image, W, C, { top, left, H: t.H, W: t.W }, xRoom), part);
      weights?.add(dwPart);
      biases?.add(dbPart);
    }
  }
  weights?.finish();
  biases?.finish();
}

/** The same from each sample's dy [P, OC], of which a tile's part is copied where it must be. */
export function addUpGradients(
  call: Call,
  x: FloatArray,
  gradient: Gradient,
  backward: WeightGradients,
  sums: WeightSums,
): void {
  const { g, scratch, at } = call;
  const rest = at + tileRoom(tilesOf(g), g.C, g.OC).y;
  const room = scratch.subarray(at, rest);
  const ofSample = (n: number): TileGradients => {
    const dy = gradient(n);
    return ({ geometry: t, row, column }, xTile, part) => {
      const dyTile = tileOf(dy, g.OW, g.OC, { top: row, left: column, H: t.OH, W: t.OW }, room);
      backward(t, xTile, dyTile, part);
    };
  };
  addUpTiles({ ...call, at: rest }, x, ofSample, sums);
}

/** dx of all samples, block by block of the filters. (x isn't read: dx stands for it.) */
export function addUpFilters(
  { kernels, g, N, scratch, at }: Call,
  walk: GradientWalk,
  w: FloatArray,
  gradient: Gradient,
  dx: FloatArray,
): void {
  const { H, W, C, P, OC, K } = g;
  const inputs = H * W * C;
  const room = roomsIn(scratch, at);
  const [filters, gradients] = [room(K * BLOCK), room(P * BLOCK)];
  const [part, group] = [room(inputs), room(inputs)];
  for (let n = 0; n < N; n++) {
    const dxSample = dx.subarray(n * inputs, (n + 1) * inputs);
    const dy = gradient(n);
    const sums = new BlockSums(kernels, inputs, group, dxSample);
    eachBlock(OC, (from, to) => {
      gatherColumns(K, OC, from, to, w, filters);
      gatherColumns(P, OC, from, to, dy, gradients);
      const block = { ...g, OC: to - from };
      kernels.conv2dBackward(block, 1, part, filters, gradients, walk, null, null, part, scratch);
      sums.add(part);
    });
    sums.finish();
  }
}
