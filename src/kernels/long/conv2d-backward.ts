/**
 * Convolutions backward with long sums, each of which needs its own blocks (blocks.ts):
 *
 *   dw, db    over the pixels of all samples of a call, where those are more than LONGEST: tiles of the output (tiles.ts), sample by
 *             sample
 *   dx        over the filters, where there are more than LONGEST: each block of filters by itself
 *
 * What isn't long goes to the kernels as it is. Of Winograd's backward pass dw and db are cut as the direct one's are. Its other sums
 * run over channels or filters; the plan chooses it for no more than LONGEST of either.
 */
import { maximum } from '../../tensor/maximum.ts';
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { GradientWalk, Kernels } from '../kernels.ts';
import { BLOCK, BlockSums, eachBlock, gatherColumns, LONGEST, roomsIn } from './blocks.ts';
import { isLongOverPixels, ownScratch, pooledRoom, SHARD, tiledRoom } from './conv2d-rooms.ts';
import { type Tile, tileOf, tileRoom, tilesOf } from './tiles.ts';

type BackwardKernels = Pick<
  Kernels,
  'conv2dBackward' | 'conv2dPoolBackward' | 'winogradBackwardScratch' | 'winogradBackward'
>;

/** dw and db of one sample, a tile or the whole, direct or by Winograd. */
type WeightGradients = (
  g: Conv2dGeometry,
  x: FloatArray,
  dy: FloatArray,
  dw: FloatArray | null,
  db: FloatArray | null,
) => void;

/** Gives sample n's dy [P, OC]. */
type Gradient = (n: number) => FloatArray;

/** One tile's dw and db, from its part of x. */
type TileGradients = (
  tile: Tile<Conv2dGeometry>,
  xTile: FloatArray,
  dw: FloatArray | null,
  db: FloatArray | null,
) => void;

export function longConvolutionBackward(kernels: Kernels): BackwardKernels {
  const own = ownScratch(kernels);

  const direct =
    (w: FloatArray, walk: GradientWalk, scratch: FloatArray): WeightGradients =>
    (g, x, dy, dw, db) => {
      kernels.conv2dBackward(g, 1, x, w, dy, walk, dw, db, null, scratch);
    };

  /** What Winograd's kernel needs by itself, for the whole and a tile: its sums over filters aren't cut. */
  function ownWinograd(g: Conv2dGeometry): number {
    const size = kernels.winogradBackwardScratch(g);
    if (!isLongOverPixels(SHARD, g.P)) return size;
    return Math.max(
      size,
      maximum(tilesOf(g).map(({ geometry }) => kernels.winogradBackwardScratch(geometry))),
    );
  }

  /** dw and db of N samples in tiles; `gradients(n)` computes those of sample n's. */
  function addUpTiles(
    g: Conv2dGeometry,
    N: number,
    x: FloatArray,
    gradients: (n: number) => TileGradients,
    dw: FloatArray | null,
    db: FloatArray | null,
    scratch: FloatArray,
    at: number,
  ): void {
    const { H, W, C, OC, K } = g;
    const tiles = tilesOf(g);
    const room = roomsIn(scratch, at);
    const xRoom = room(tileRoom(tiles, C, OC).x);
    const [dwPart, dwGroup, dbPart, dbGroup] = [room(K * OC), room(K * OC), room(OC), room(OC)];
    const weights = dw && new BlockSums(kernels, K * OC, dwGroup, dw);
    const biases = db && new BlockSums(kernels, OC, dbGroup, db);
    for (let n = 0; n < N; n++) {
      const image = x.subarray(n * H * W * C, (n + 1) * H * W * C);
      const ofTile = gradients(n);
      for (const tile of tiles) {
        const { geometry: t, top, left } = tile;
        ofTile(tile, tileOf(image, W, C, { top, left, H: t.H, W: t.W }, xRoom), dw && dwPart, db && dbPart);
        weights?.add(dwPart);
        biases?.add(dbPart);
      }
    }
    weights?.finish();
    biases?.finish();
  }

  /** The same from each sample's dy [P, OC], of which a tile's part is copied where it must be. */
  function addUpGradients(
    backward: WeightGradients,
    g: Conv2dGeometry,
    N: number,
    x: FloatArray,
    gradient: Gradient,
    dw: FloatArray | null,
    db: FloatArray | null,
    scratch: FloatArray,
    at: number,
  ): void {
    const rest = at + tileRoom(tilesOf(g), g.C, g.OC).y;
    const room = scratch.subarray(at, rest);
    const ofSample = (n: number): TileGradients => {
      const dy = gradient(n);
      return ({ geometry: t, row, column }, xTile, dwPart, dbPart) => {
        const dyTile = tileOf(dy, g.OW, g.OC, { top: row, left: column, H: t.OH, W: t.OW }, room);
        backward(t, xTile, dyTile, dwPart, dbPart);
      };
    };
    addUpTiles(g, N, x, ofSample, dw, db, scratch, rest);
  }

  /** dx of N samples, block by block of the filters. (x isn't read: dx stands for it.) */
  function inputGradient(
    walk: GradientWalk,
    g: Conv2dGeometry,
    N: number,
    w: FloatArray,
    gradient: Gradient,
    dx: FloatArray,
    scratch: FloatArray,
    at: number,
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

  return {
    conv2dBackward(g, N, x, w, dy, walk, dw, db, dx, scratch) {
      const size = g.P * g.OC;
      const isTiled = (dw !== null || db !== null) && isLongOverPixels(N, g.P);
      const isBlocked = dx !== null && g.OC > LONGEST;
      const gradient = (n: number) => dy.subarray(n * size, (n + 1) * size);
      const at = isTiled || isBlocked ? own(g, null) : 0;
      if (isTiled) addUpGradients(direct(w, walk, scratch), g, N, x, gradient, dw, db, scratch, at);
      if (isBlocked) inputGradient(walk, g, N, w, gradient, dx, scratch, at);
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
      const pooled = pool.OH * pool.OW * g.OC;
      const room = roomsIn(scratch, at);
      const [spread, alive] = [room(g.P * g.OC), room(pooled)];
      /** Sample n's gradient before pooling and ReLU. */
      const gradient = (n: number): FloatArray => {
        const [from, to] = [n * pooled, (n + 1) * pooled];
        let windows = dy.subarray(from, to);
        if (relu) {
          kernels.reluBackward(pooled, y.subarray(from, to), windows, alive);
          windows = alive;
        }
        kernels.maxPool2dBackward(pool, 1, windows, choice.subarray(from, to), spread);
        return spread;
      };
      const rest = at + pooledRoom(g, pool);
      if (isTiled && areWhole(g, pool)) {
        const row = pool.OW * g.OC;
        const ofSample =
          (n: number): TileGradients =>
          ({ geometry: t, row: top }, xTile, dwPart, dbPart) => {
            const own = { ...pool, H: t.OH, OH: Math.floor(t.OH / 2) };
            const from = (n * pool.OH + top / 2) * row;
            const [yTile, dyTile] = [y.subarray(from), dy.subarray(from)];
            kernels.conv2dPoolBackward(
              ...([t, own, 1, xTile, w, relu, yTile, choice.subarray(from), dyTile] as const),
              ...([walk, dwPart, dbPart, null, scratch] as const),
            );
          };
        addUpTiles(g, N, x, ofSample, dw, db, scratch, rest);
      } else if (isTiled) addUpGradients(direct(w, walk, scratch), g, N, x, gradient, dw, db, scratch, rest);
      const [rowDw, rowDb, rowDx] = [isTiled ? null : dw, isTiled ? null : db, isBlocked ? null : dx];
      if (rowDw || rowDb || rowDx) {
        kernels.conv2dPoolBackward(
          ...([g, pool, N, x, w, relu, y, choice, dy, walk, rowDw, rowDb, rowDx, scratch] as const),
        );
      }
      if (isBlocked) inputGradient(walk, g, N, w, gradient, dx, scratch, rest);
    },

    /** [ the kernels' own, for the whole and for a tile | what tiles need ] */
    winogradBackwardScratch(g) {
      return ownWinograd(g) + (isLongOverPixels(SHARD, g.P) ? tiledRoom(g) : 0);
    },

    winogradBackward(g, N, x, u, dy, dw, db, dx, scratch) {
      if ((dw === null && db === null) || !isLongOverPixels(N, g.P)) {
        return kernels.winogradBackward(g, N, x, u, dy, dw, db, dx, scratch);
      }
      const size = g.P * g.OC;
      const gradient = (n: number) => dy.subarray(n * size, (n + 1) * size);
      const backward: WeightGradients = (tile, xTile, dyTile, dwTile, dbTile) => {
        kernels.winogradBackward(tile, 1, xTile, null, dyTile, dwTile, dbTile, null, scratch);
      };
      addUpGradients(backward, g, N, x, gradient, dw, db, scratch, ownWinograd(g));
      if (dx) kernels.winogradBackward(g, N, x, u, dy, null, null, dx, scratch);
    },
  };
}

/** Whether tiles cut no window of the pooling: windows of 2×2 side by side, and tiles of whole rows, two by two. */
function areWhole(g: Conv2dGeometry, pool: PoolGeometry): boolean {
  const areWindows = pool.KH === 2 && pool.KW === 2 && pool.SH === 2 && pool.SW === 2;
  return areWindows && tilesOf(g).every(({ geometry, row }) => geometry.OW === g.OW && row % 2 === 0);
}
