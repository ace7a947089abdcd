/**
 * Convolutions backward with long sums, each of which needs its own blocks (conv2d-sums.ts):
 *
 *   dw, db    over the pixels of all samples of a call, where those are more than LONGEST: tiles of the output, sample by sample
 *   dx        over the filters, where there are more than LONGEST: each block of filters by itself
 *
 * What isn't long goes to the kernels unchanged. Of Winograd's backward pass dw and db are cut as the direct one's are. Its other sums
 * run over channels or filters; the plan chooses it for no more than LONGEST of either.
 */
import { maximum } from '../../tensor/maximum.ts';
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { GradientWalk, Kernels } from '../kernels.ts';
import { LONGEST, roomsIn } from './blocks.ts';
import { isLongOverPixels, ownScratch, pooledRoom, SHARD, tiledRoom } from './conv2d-rooms.ts';
import {
  addUpFilters,
  addUpGradients,
  addUpTiles,
  type Call,
  type Gradient,
  type TileGradients,
  type WeightGradients,
} from './conv2d-sums.ts';
import { tilesOf } from './tiles.ts';

type BackwardKernels = Pick<
  Kernels,
  'conv2dBackward' | 'conv2dPoolBackward' | 'winogradBackwardScratch' | 'winogradBackward'
>;

export function longConvolutionBackward(kernels: Kernels): BackwardKernels {
  const own = ownScratch(kernels);
  return {
    conv2dBackward(g, N, x, w, dy, walk, dw, db, dx, scratch) {
      const isTiled = (dw !== null || db !== null) && isLongOverPixels(N, g.P);
      const isBlocked = dx !== null && g.OC > LONGEST;
      const call = { kernels, g, N, scratch, at: isTiled || isBlocked ? own(g, null) : 0 };
      const gradient = gradientOf(g, dy);
      if (isTiled) addUpGradients(call, x, gradient, direct(call, w, walk), { dw, db });
      if (isBlocked) addUpFilters(call, walk, w, gradient, dx);
      const [rowDw, rowDb, rowDx] = [isTiled ? null : dw, isTiled ? null : db, isBlocked ? null : dx];
      if (rowDw || rowDb || rowDx) kernels.conv2dBackward(g, N, x, w, dy, walk, rowDw, rowDb, rowDx, scratch);
    },

    conv2dPoolBackward(g, pool, N, x, w, relu, y, choice, dy, walk, dw, db, dx, scratch) {
      const isTiled = (dw !== null || db !== null) && isLongOverPixels(N, g.P);
      const isBlocked = dx !== null && g.OC > LONGEST;
      if (!isTiled && !isBlocked) {
        return kernels.conv2dPoolBackward(g, pool, N, x, w, relu, y, choice, dy, walk, dw, db, dx, scratch);
      }
      const at = own(g, pool);
      const pooled = { pool, relu, y, choice, dy };
      const gradient = spreadGradient(kernels, g, pooled, scratch, at);
      const call = { kernels, g, N, scratch, at: at + pooledRoom(g, pool) };
      if (isTiled && areWhole(g, pool)) {
        const ofSample = (n: number): TileGradients => wholeWindows(call, pooled, w, walk, n);
        addUpTiles(call, x, ofSample, { dw, db });
      } else if (isTiled) addUpGradients(call, x, gradient, direct(call, w, walk), { dw, db });
      const [rowDw, rowDb, rowDx] = [isTiled ? null : dw, isTiled ? null : db, isBlocked ? null : dx];
      if (rowDw || rowDb || rowDx) {
        kernels.conv2dPoolBackward(
          ...([g, pool, N, x, w, relu, y, choice, dy, walk, rowDw, rowDb, rowDx, scratch] as const),
        );
      }
      if (isBlocked) addUpFilters(call, walk, w, gradient, dx);
    },

    /** [ the kernels' own, for the whole and for a tile | what tiles need ] */
    winogradBackwardScratch(g) {
      return ownWinograd(kernels, g) + (isLongOverPixels(SHARD, g.P) ? tiledRoom(g) : 0);
    },

    winogradBackward(g, N, x, u, dy, dw, db, dx, scratch) {
      if ((dw === null && db === null) || !isLongOverPixels(N, g.P)) {
        return kernels.winogradBackward(g, N, x, u, dy, dw, db, dx, scratch);
      }
      const backward: WeightGradients = (tile, xTile, dyTile, part) => {
        kernels.winogradBackward(tile, 1, xTile, null, dyTile, part.dw, part.db, null, scratch);
      };
      const call = { kernels, g, N, scratch, at: ownWinograd(kernels, g) };
      addUpGradients(call, x, gradientOf(g, dy), backward, { dw, db });
      if (dx) kernels.winogradBackward(g, N, x, u, dy, null, null, dx, scratch);
    },
  };
}

/** dw and db of a tile by the direct kernel. */
function direct({ kernels, scratch }: Call, w: FloatArray, walk: GradientWalk): WeightGradients {
  return (g, x, dy, { dw, db }) => kernels.conv2dBackward(g, 1, x, w, dy, walk, dw, db, null, scratch);
}

/** Sample n's part of dy [N, P, OC]. */
function gradientOf({ P, OC }: Conv2dGeometry, dy: FloatArray): Gradient {
  return (n) => dy.subarray(n * P * OC, (n + 1) * P * OC);
}

/** What is after the pooling that is folded into a convolution: [N, pooled height, pooled width, OC] each. */
interface Pooled {
  readonly pool: PoolGeometry;
  /** Whether there is a ReLU. */
  readonly relu: boolean;
  readonly y: FloatArray;
  /** Which place of its window was the maximum. */
  readonly choice: Uint8Array;
  readonly dy: FloatArray;
}

/** A sample's gradient before pooling and ReLU. Each call overwrites what the one before gave. */
function spreadGradient(
  kernels: Kernels,
  g: Conv2dGeometry,
  { pool, relu, y, choice, dy }: Pooled,
  scratch: FloatArray,
  at: number,
): Gradient {
  const size = pool.OH * pool.OW * g.OC;
  const room = roomsIn(scratch, at);
  const [spread, alive] = [room(g.P * g.OC), room(size)];
  return (n) => {
    const [from, to] = [n * size, (n + 1) * size];
    let windows = dy.subarray(from, to);
    if (relu) {
      kernels.reluBackward(size, y.subarray(from, to), windows, alive);
      windows = alive;
    }
    kernels.maxPool2dBackward(pool, 1, windows, choice.subarray(from, to), spread);
    return spread;
  };
}

/** dw and db of sample n's tiles where these cut no window: the folded kernel takes each tile with its own windows. */
function wholeWindows(
  { kernels, g, scratch }: Call,
  { pool, relu, y, choice, dy }: Pooled,
  w: FloatArray,
  walk: GradientWalk,
  n: number,
): TileGradients {
  return ({ geometry: t, row }, xTile, { dw, db }) => {
    const windows = { ...pool, H: t.OH, OH: Math.floor(t.OH / 2) };
    const from = (n * pool.OH + row / 2) * pool.OW * g.OC;
    const [yTile, dyTile] = [y.subarray(from), dy.subarray(from)];
    kernels.conv2dPoolBackward(
      ...([t, windows, 1, xTile, w, relu, yTile, choice.subarray(from), dyTile] as const),
      ...([walk, dw, db, null, scratch] as const),
    );
  };
}

/** What Winograd's kernel needs by itself, for the whole and a tile: its sums over filters aren't cut. */
function ownWinograd(kernels: Kernels, g: Conv2dGeometry): number {
  const size = kernels.winogradBackwardScratch(g);
  if (!isLongOverPixels(SHARD, g.P)) return size;
  return Math.max(size, maximum(tilesOf(g).map(({ geometry }) => kernels.winogradBackwardScratch(geometry))));
}

/** Whether tiles cut no window of the pooling: windows of 2×2 side by side, and tiles of whole rows. */
function areWhole(g: Conv2dGeometry, pool: PoolGeometry): boolean {
  const areWindows = pool.KH === 2 && pool.KW === 2 && pool.SH === 2 && pool.SW === 2;
  return areWindows && tilesOf(g).every(({ geometry }) => geometry.OW === g.OW);
}
