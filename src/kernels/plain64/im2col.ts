// Generated from ../plain/im2col.ts by generate-float64.mjs: do not edit.
import type { Conv2dGeometry } from '../geometry.ts';

export function im2col(g: Conv2dGeometry, x: Float64Array, patches: Float64Array): void {
  const { H, W, C, KH, SH, SW, DH, DW, OH, OW, padTop, padLeft } = g;
  const runs = runsOfRow(g);
  const pixels = g.KW / runs;
  const runLength = pixels * C;
  let out = 0;
  for (let oh = 0; oh < OH; oh++) {
    for (let ow = 0; ow < OW; ow++) {
      for (let kh = 0; kh < KH; kh++) {
        const ih = oh * SH + kh * DH - padTop;
        for (let run = 0; run < runs; run++) {
          const iw = ow * SW + run * DW - padLeft;
          // Pixels of the run that lie inside of the image.
          const from = ih < 0 || ih >= H ? pixels : Math.min(pixels, Math.max(0, -iw));
          const to = Math.max(from, Math.min(pixels, W - iw));
          const xRun = (ih * W + iw) * C;
          for (let j = 0; j < from * C; j++) patches[out + j] = 0;
          for (let j = from * C; j < to * C; j++) patches[out + j] = x[xRun + j];
          for (let j = to * C; j < runLength; j++) patches[out + j] = 0;
          out += runLength;
        }
      }
    }
  }
}

export function col2im(g: Conv2dGeometry, patches: Float64Array, dx: Float64Array): void {
  const { OH, OW, K } = g;
  let row = 0;
  for (let oh = 0; oh < OH; oh++) {
    for (let ow = 0; ow < OW; ow++) {
      addPatch(g, patches, row, oh, ow, dx);
      row += K;
    }
  }
}

export function addPatch(
  g: Conv2dGeometry,
  patches: Float64Array,
  row: number,
  oh: number,
  ow: number,
  dx: Float64Array,
): void {
  const { H, W, C, KH, SH, SW, DH, DW, padTop, padLeft } = g;
  const runs = runsOfRow(g);
  const pixels = g.KW / runs;
  for (let kh = 0; kh < KH; kh++) {
    const ih = oh * SH + kh * DH - padTop;
    if (ih < 0 || ih >= H) continue;
    for (let run = 0; run < runs; run++) {
      const iw = ow * SW + run * DW - padLeft;
      const from = Math.max(0, -iw) * C;
      const to = Math.min(pixels, W - iw) * C;
      const dxRun = (ih * W + iw) * C;
      const patchRun = row + (kh * runs + run) * pixels * C;
      for (let j = from; j < to; j++) {
        dx[dxRun + j] = (dx[dxRun + j] + patches[patchRun + j]);
      }
    }
  }
}

export function runsOfRow({ KW, DW }: Conv2dGeometry): number {
  return DW === 1 ? 1 : KW;
}
