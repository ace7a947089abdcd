/** What depthwise convolutions with long sums take of scratch, forward and backward alike, and the parts that they are computed in. */
import { maximum } from '../../tensor/maximum.ts';
import type { DepthwiseGeometry } from '../geometry.ts';
import type { Kernels } from '../kernels.ts';
import { BLOCK, LONGEST } from './blocks.ts';
import { isLongOverPixels, SHARD } from './conv2d-rooms.ts';
import { tileRoom, tilesOf } from './tiles.ts';

/** The kernels' own need, for the whole and for each part, of which there may be many, so theirs is kept. */
export function ownDepthwiseScratch(kernels: Pick<Kernels, 'depthwiseScratch'>): Kernels['depthwiseScratch'] {
  const ofParts = new WeakMap<DepthwiseGeometry, number>();
  return (g) => {
    let size = ofParts.get(g);
    if (size === undefined) {
      const rows = g.KH * g.KW > LONGEST ? kernelRows(g) : [];
      const tiles = isLongOverPixels(SHARD, g.OH * g.OW) ? tilesOf(g) : [];
      const parts = [g, ...rows.map(({ geometry }) => geometry), ...tiles.map(({ geometry }) => geometry)];
      size = maximum(parts.map((part) => kernels.depthwiseScratch(part)));
      ofParts.set(g, size);
    }
    return size;
  };
}

/** What long sums take beside that, forward and backward. */
export function longDepthwiseRoom(g: DepthwiseGeometry): number {
  const outputs = g.C * g.M;
  const P = g.OH * g.OW;
  const forward = g.KH * g.KW > LONGEST ? outputs * (1 + 2 * P) : 0;
  if (!isLongOverPixels(SHARD, P)) return forward;
  const tile = tileRoom(tilesOf(g), g.C, outputs);
  return Math.max(forward, tile.x + tile.y + 2 * outputs * (g.KH * g.KW + 1));
}

/** Rows of a kernel, as many at a time as hold BLOCK positions (one at least): each a kernel of its own, on the image from `top` on. */
export function kernelRows(
  g: DepthwiseGeometry,
): { geometry: DepthwiseGeometry; first: number; top: number }[] {
  const rows = Math.max(1, Math.floor(BLOCK / g.KW));
  const parts: { geometry: DepthwiseGeometry; first: number; top: number }[] = [];
  for (let first = 0; first < g.KH; first += rows) {
    const KH = Math.min(rows, g.KH - first);
    const start = first * g.DH - g.padTop;
    if (start >= g.H) break; // what lies below the image is zeros alone
    const top = Math.max(0, start);
    parts.push({ geometry: { ...g, KH, H: g.H - top, padTop: Math.max(0, -start) }, first, top });
  }
  return parts;
}
