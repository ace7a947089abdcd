/**
 * Depthwise convolutions with long sums: forward over the positions of a kernel of more than LONGEST, in blocks of its rows; dw and db over
 * the pixels of all samples of a call, in tiles as other convolutions (conv2d.ts). dx sums over few filters.
 */
import { maximum } from '../../tensor/maximum.ts';
import type { DepthwiseGeometry } from '../geometry.ts';
import type { Kernels } from '../kernels.ts';
import { BLOCK, BlockSums, LONGEST, roomsIn } from './blocks.ts';
import { isLongOverPixels, SHARD } from './conv2d-rooms.ts';
import { tileOf, tileRoom, tilesOf } from './tiles.ts';

type DepthwiseKernels = Pick<Kernels, 'depthwiseScratch' | 'depthwiseForward' | 'depthwiseBackward'>;

export function longDepthwise(kernels: Kernels): DepthwiseKernels {
  const ofParts = new WeakMap<DepthwiseGeometry, number>();

  /** The kernels' own need, for the whole and for each part. */
  function own(g: DepthwiseGeometry): number {
    let size = ofParts.get(g);
    if (size === undefined) {
      const rows = g.KH * g.KW > LONGEST ? kernelRows(g) : [];
      const tiles = isLongOverPixels(SHARD, g.OH * g.OW) ? tilesOf(g) : [];
      const parts = [g, ...rows.map(({ geometry }) => geometry), ...tiles.map(({ geometry }) => geometry)];
      size = maximum(parts.map((part) => kernels.depthwiseScratch(part)));
      ofParts.set(g, size);
    }
    return size;
  }

  return {
    depthwiseScratch(g) {
      const outputs = g.C * g.M;
      const P = g.OH * g.OW;
      let more = g.KH * g.KW > LONGEST ? outputs * (1 + 2 * P) : 0;
      if (isLongOverPixels(SHARD, P)) {
        const tile = tileRoom(tilesOf(g), g.C, outputs);
        more = Math.max(more, tile.x + tile.y + 2 * outputs * (g.KH * g.KW + 1));
      }
      return own(g) + more;
    },

    depthwiseForward(g, N, x, w, b, relu, y, scratch) {
      const { H, W, C, KH, KW, OH, OW, M } = g;
      if (KH * KW <= LONGEST) return kernels.depthwiseForward(g, N, x, w, b, relu, y, scratch);
      const [inputs, outputs] = [H * W * C, OH * OW * C * M];
      const room = roomsIn(scratch, own(g));
      const [zeros, part, group] = [room(C * M).fill(0), room(outputs), room(outputs)];
      for (let n = 0; n < N; n++) {
        const image = x.subarray(n * inputs, (n + 1) * inputs);
        const sums = new BlockSums(kernels, outputs, group, y.subarray(n * outputs, (n + 1) * outputs));
        for (const { geometry, first, top } of kernelRows(g)) {
          const rows = w.subarray(first * KW * C * M, (first + geometry.KH) * KW * C * M);
          const below = image.subarray(top * W * C);
          kernels.depthwiseForward(geometry, 1, below, rows, zeros, false, part, scratch);
          sums.add(part);
        }
        sums.finish();
      }
      kernels.addBias(N * OH * OW, C * M, b, relu, y);
    },

    depthwiseBackward(g, N, x, w, dy, dw, db, dx, scratch) {
      const { H, W, C, KH, KW, OH, OW, M } = g;
      if ((dw === null && db === null) || !isLongOverPixels(N, OH * OW)) {
        return kernels.depthwiseBackward(g, N, x, w, dy, dw, db, dx, scratch);
      }
      if (dx) kernels.depthwiseBackward(g, N, x, w, dy, null, null, dx, scratch);
      const [inputs, outputs, weights] = [H * W * C, OH * OW * C * M, KH * KW * C * M];
      const tiles = tilesOf(g);
      const sizes = tileRoom(tiles, C, C * M);
      const room = roomsIn(scratch, own(g));
      const [xRoom, dyRoom] = [room(sizes.x), room(sizes.y)];
      const [dwPart, dwGroup, dbPart, dbGroup] = [room(weights), room(weights), room(C * M), room(C * M)];
      const dwSums = dw && new BlockSums(kernels, weights, dwGroup, dw);
      const dbSums = db && new BlockSums(kernels, C * M, dbGroup, db);
      for (let n = 0; n < N; n++) {
        const image = x.subarray(n * inputs, (n + 1) * inputs);
        const gradient = dy.subarray(n * outputs, (n + 1) * outputs);
        for (const { geometry: t, top, left, row, column } of tiles) {
          const xTile = tileOf(image, W, C, { top, left, H: t.H, W: t.W }, xRoom);
          const dyTile = tileOf(gradient, OW, C * M, { top: row, left: column, H: t.OH, W: t.OW }, dyRoom);
          kernels.depthwiseBackward(t, 1, xTile, w, dyTile, dw && dwPart, db && dbPart, null, scratch);
          dwSums?.add(dwPart);
          dbSums?.add(dbPart);
        }
      }
      dwSums?.finish();
      dbSums?.finish();
    },
  };
}

/** Rows of a kernel, as many at a time as hold BLOCK positions (one at least): each a kernel of its own, on the image from `top` on. */
function kernelRows(g: DepthwiseGeometry): { geometry: DepthwiseGeometry; first: number; top: number }[] {
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
