/**
 * Convolutions with long sums. Each needs its own blocks (blocks.ts):
 *
 *   forward   over (kh, kw, c), where a patch has more than LONGEST numbers: im2col, then the product in blocks of its depth
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
import type { Kernels } from '../kernels.ts';
import { BLOCK, BlockSums, eachBlock, gatherColumns, LONGEST, roomsIn } from './blocks.ts';
import { tileOf, tileRoom, tilesOf } from './tiles.ts';

type ConvolutionKernels = Pick<
  Kernels,
  | 'conv2dScratch'
  | 'conv2dForward'
  | 'conv2dPoolForward'
  | 'conv2dBackward'
  | 'conv2dPoolBackward'
  | 'winogradBackwardScratch'
  | 'winogradBackward'
>;

/** A backward pass, direct or by Winograd. */
type Backward = Kernels['winogradBackward'];

/** Gives sample n's dy [P, OC]. */
type Gradient = (n: number) => FloatArray;

/** Samples of a call at most, in a backward pass: a shard. */
export const SHARD = 8;

/** Whether a call of so many samples sums over more than LONGEST pixels. Calls of more samples than a shard don't count. */
export function isLongOverPixels(N: number, pixels: number): boolean {
  return Math.min(N, SHARD) * pixels > LONGEST;
}

export function longConvolution(kernels: Kernels): ConvolutionKernels {
  const ofTiles = new WeakMap<Conv2dGeometry, number>();

  const direct =
    (walk: Parameters<Kernels['conv2dBackward']>[5]): Backward =>
    (g, N, x, w, dy, dw, db, dx, scratch) => {
      kernels.conv2dBackward(g, N, x, w, dy, walk, dw, db, dx, scratch);
    };

  /** The kernels' own need, for the whole, a tile (they may be many, so theirs is kept) and a block of filters. */
  function own(g: Conv2dGeometry, pool: PoolGeometry | null): number {
    let size = kernels.conv2dScratch(g, pool);
    if (g.OC > LONGEST) size = Math.max(size, kernels.conv2dScratch({ ...g, OC: BLOCK }, null));
    if (!isLongOverPixels(SHARD, g.P)) return size;
    let tiled = ofTiles.get(g);
    if (tiled === undefined) {
      tiled = maximum(tilesOf(g).map(({ geometry }) => kernels.conv2dScratch(geometry, null)));
      ofTiles.set(g, tiled);
    }
    return Math.max(size, tiled);
  }

  /** The same for Winograd, whose sums over filters aren't cut. */
  function ownWinograd(g: Conv2dGeometry): number {
    const size = kernels.winogradBackwardScratch(g);
    if (!isLongOverPixels(SHARD, g.P)) return size;
    return Math.max(
      size,
      maximum(tilesOf(g).map(({ geometry }) => kernels.winogradBackwardScratch(geometry))),
    );
  }

  /** y [P, OC] of one sample = patches·w, neither bias nor ReLU. */
  function forwardSample(
    g: Conv2dGeometry,
    x: FloatArray,
    w: FloatArray,
    y: FloatArray,
    room: (size: number) => FloatArray,
  ): void {
    const { P, K, OC } = g;
    const [patches, columns] = [room(P * K), room(P * BLOCK)];
    const [part, group] = [room(P * OC), room(P * OC)];
    kernels.im2col(g, x, patches);
    const sums = new BlockSums(kernels, P * OC, group, y);
    eachBlock(K, (from, to) => {
      gatherColumns(P, K, from, to, patches, columns);
      kernels.matmul(P, to - from, OC, columns, w.subarray(from * OC, to * OC), part);
      sums.add(part);
    });
    sums.finish();
  }

  /** dw and db of N samples in tiles. */
  function addUpTiles(
    backward: Backward,
    g: Conv2dGeometry,
    N: number,
    x: FloatArray,
    w: FloatArray,
    gradient: Gradient,
    dw: FloatArray | null,
    db: FloatArray | null,
    scratch: FloatArray,
    at: number,
  ): void {
    const { H, W, C, OW, OC, K } = g;
    const tiles = tilesOf(g);
    const sizes = tileRoom(tiles, C, OC);
    const room = roomsIn(scratch, at);
    const [xRoom, dyRoom] = [room(sizes.x), room(sizes.y)];
    const [dwPart, dwGroup, dbPart, dbGroup] = [room(K * OC), room(K * OC), room(OC), room(OC)];
    const weights = dw && new BlockSums(kernels, K * OC, dwGroup, dw);
    const biases = db && new BlockSums(kernels, OC, dbGroup, db);
    for (let n = 0; n < N; n++) {
      const image = x.subarray(n * H * W * C, (n + 1) * H * W * C);
      const dy = gradient(n);
      for (const { geometry: t, top, left, row, column } of tiles) {
        const xTile = tileOf(image, W, C, { top, left, H: t.H, W: t.W }, xRoom);
        const dyTile = tileOf(dy, OW, OC, { top: row, left: column, H: t.OH, W: t.OW }, dyRoom);
        backward(t, 1, xTile, w, dyTile, dw && dwPart, db && dbPart, null, scratch);
        weights?.add(dwPart);
        biases?.add(dbPart);
      }
    }
    weights?.finish();
    biases?.finish();
  }

  /** dx of N samples, where there are many filters block by block of them. (x isn't read: dx stands for it.) */
  function inputGradient(
    backward: Backward,
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
    const isLong = OC > LONGEST;
    const [filters, gradients] = [room(isLong ? K * BLOCK : 0), room(isLong ? P * BLOCK : 0)];
    const [part, group] = [room(isLong ? inputs : 0), room(isLong ? inputs : 0)];
    for (let n = 0; n < N; n++) {
      const dxSample = dx.subarray(n * inputs, (n + 1) * inputs);
      const dy = gradient(n);
      if (!isLong) {
        backward(g, 1, dxSample, w, dy, null, null, dxSample, scratch);
        continue;
      }
      const sums = new BlockSums(kernels, inputs, group, dxSample);
      eachBlock(OC, (from, to) => {
        gatherColumns(K, OC, from, to, w, filters);
        gatherColumns(P, OC, from, to, dy, gradients);
        const block = { ...g, OC: to - from };
        backward(block, 1, part, filters, gradients, null, null, part, scratch);
        sums.add(part);
      });
      sums.finish();
    }
  }

  return {
    /** [ the kernels' own | a sample's output or gradient before pooling, and pooled | what one of the above needs ] */
    conv2dScratch(g, pool) {
      const { H, W, C, P, K, OC } = g;
      let more = 0;
      if (K > LONGEST) more = P * (K + BLOCK + 2 * OC);
      if (isLongOverPixels(SHARD, P)) more = Math.max(more, tiledRoom(g));
      if (OC > LONGEST) more = Math.max(more, (K + P) * BLOCK + 2 * H * W * C);
      return own(g, pool) + (more && pool ? pooledRoom(g, pool) : 0) + more;
    },

    conv2dForward(g, N, x, w, b, relu, y, scratch) {
      const { H, W, C, P, K, OC } = g;
      if (K <= LONGEST) return kernels.conv2dForward(g, N, x, w, b, relu, y, scratch);
      for (let n = 0; n < N; n++) {
        const sample = x.subarray(n * H * W * C, (n + 1) * H * W * C);
        forwardSample(g, sample, w, y.subarray(n * P * OC, (n + 1) * P * OC), roomsIn(scratch, 0));
      }
      kernels.addBias(N * P, OC, b, relu, y);
    },

    conv2dPoolForward(g, pool, N, x, w, b, relu, y, choice, scratch) {
      const { H, W, C, P, K, OC } = g;
      if (K <= LONGEST) {
        return kernels.conv2dPoolForward(g, pool, N, x, w, b, relu, y, choice, scratch);
      }
      const pooled = pool.OH * pool.OW * OC;
      for (let n = 0; n < N; n++) {
        const room = roomsIn(scratch, 0);
        const convolved = room(P * OC);
        forwardSample(g, x.subarray(n * H * W * C, (n + 1) * H * W * C), w, convolved, room);
        kernels.addBias(P, OC, b, relu, convolved);
        const [from, to] = [n * pooled, (n + 1) * pooled];
        kernels.maxPool2dForward(pool, 1, convolved, y.subarray(from, to), choice.subarray(from, to));
      }
    },

    conv2dBackward(g, N, x, w, dy, walk, dw, db, dx, scratch) {
      const size = g.P * g.OC;
      const isTiled = (dw !== null || db !== null) && isLongOverPixels(N, g.P);
      const isBlocked = dx !== null && g.OC > LONGEST;
      const gradient = (n: number) => dy.subarray(n * size, (n + 1) * size);
      const at = isTiled || isBlocked ? own(g, null) : 0;
      if (isTiled) addUpTiles(direct(walk), g, N, x, w, gradient, dw, db, scratch, at);
      if (isBlocked) inputGradient(direct(walk), g, N, w, gradient, dx, scratch, at);
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
      if (isTiled) addUpTiles(direct(walk), g, N, x, w, gradient, dw, db, scratch, rest);
      else if (dw || db) {
        kernels.conv2dPoolBackward(g, pool, N, x, w, relu, y, choice, dy, walk, dw, db, null, scratch);
      }
      if (dx) inputGradient(direct(walk), g, N, w, gradient, dx, scratch, rest);
    },

    /** [ the kernels' own, for the whole and for a tile | what tiles need ] */
    winogradBackwardScratch(g) {
      return ownWinograd(g) + (isLongOverPixels(SHARD, g.P) ? tiledRoom(g) : 0);
    },

    winogradBackward(g, N, x, w, dy, dw, db, dx, scratch) {
      if ((dw === null && db === null) || !isLongOverPixels(N, g.P)) {
        return kernels.winogradBackward(g, N, x, w, dy, dw, db, dx, scratch);
      }
      const size = g.P * g.OC;
      const gradient = (n: number) => dy.subarray(n * size, (n + 1) * size);
      addUpTiles(kernels.winogradBackward, g, N, x, w, gradient, dw, db, scratch, ownWinograd(g));
      if (dx) kernels.winogradBackward(g, N, x, w, dy, null, null, dx, scratch);
    },
  };
}

/** Elements that addUpTiles needs. */
function tiledRoom(g: Conv2dGeometry): number {
  const tile = tileRoom(tilesOf(g), g.C, g.OC);
  return tile.x + tile.y + 2 * (g.K + 1) * g.OC;
}

/** Elements of a sample's output before and behind pooling. */
function pooledRoom({ P, OC }: Conv2dGeometry, pool: PoolGeometry): number {
  return (P + pool.OH * pool.OW) * OC;
}
