/** What convolutions with long sums take of scratch, forward and backward alike. */
import { maximum } from '../../tensor/maximum.ts';
import type { Conv2dGeometry, PoolGeometry } from '../geometry.ts';
import type { Kernels } from '../kernels.ts';
import { BLOCK, LONGEST } from './blocks.ts';
import { tileRoom, tilesOf } from './tiles.ts';

/** Samples of a call at most, in a backward pass: a shard. */
export const SHARD = 8;

/** Whether a call of so many samples sums over more than LONGEST pixels. Calls of more samples than a shard don't count. */
export function isLongOverPixels(N: number, pixels: number): boolean {
  return Math.min(N, SHARD) * pixels > LONGEST;
}

/** The kernels' own need, for the whole, a tile (they may be many, so theirs is kept) and a block of filters. */
export function ownScratch(kernels: Pick<Kernels, 'conv2dScratch'>): Kernels['conv2dScratch'] {
  /** Without pooling, and with it. */
  const ofTiles = [new WeakMap<Conv2dGeometry, number>(), new WeakMap<Conv2dGeometry, number>()];
  return (g, pool) => {
    let size = kernels.conv2dScratch(g, pool);
    if (g.OC > LONGEST) size = Math.max(size, kernels.conv2dScratch({ ...g, OC: BLOCK }, null));
    if (!isLongOverPixels(SHARD, g.P)) return size;
    const known = ofTiles[pool ? 1 : 0];
    let tiled = known.get(g);
    if (tiled === undefined) {
      tiled = maximum(tilesOf(g).map(({ geometry }) => kernels.conv2dScratch(geometry, pool)));
      known.set(g, tiled);
    }
    return Math.max(size, tiled);
  };
}

/** Elements that addUpGradients needs. */
export function tiledRoom(g: Conv2dGeometry): number {
  const tile = tileRoom(tilesOf(g), g.C, g.OC);
  return tile.x + tile.y + 2 * (g.K + 1) * g.OC;
}

/** Elements of a sample's output before and after pooling. */
export function pooledRoom({ P, OC }: Conv2dGeometry, pool: PoolGeometry): number {
  return (P + pool.OH * pool.OW) * OC;
}
