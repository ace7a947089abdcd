/** Depthwise convolutions backward with long sums: dw and db over the pixels of all samples of a call, in tiles. dx sums over few filters. */
import type { Kernels } from '../kernels.ts';
import { BlockSums, roomsIn } from './blocks.ts';
import { isLongOverPixels } from './conv2d-rooms.ts';
import { tileOf, tileRoom, tilesOf } from './tiles.ts';

export function longDepthwiseBackward(
  kernels: Kernels,
  own: Kernels['depthwiseScratch'],
): Pick<Kernels, 'depthwiseBackward'> {
  return {
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
