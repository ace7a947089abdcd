/**
 * im2col: the patches under the kernel written out as rows of a matrix, which turns a convolution into a matrix
 * product (Chellapilla, Puri, Simard 2006). col2im is its transpose: rows are added back where they came from.
 *
 * Row (oh, ow) holds x[oh·SH + kh·DH − padTop, ow·SW + kw·DW − padLeft, c] at column (kh·KW + kw)·C + c. In NHWC the part
 * of one kh is a run of consecutive numbers, cut off where the patch leaves the image; with columns that are dilated each of
 * its KW pixels is a run by itself.
 */
import type { Conv2dGeometry } from '../geometry.ts';

/** One sample's patches. x [H, W, C] → patches [P, K]. See Kernels.im2col. */
export function im2col(g: Conv2dGeometry, x: Float32Array, patches: Float32Array): void {
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

/** The transpose: patches [P, K] are added to dx [H, W, C], row by row. See Kernels.col2im. */
export function col2im(g: Conv2dGeometry, patches: Float32Array, dx: Float32Array): void {
  const { OH, OW, K } = g;
  let row = 0;
  for (let oh = 0; oh < OH; oh++) {
    for (let ow = 0; ow < OW; ow++) {
      addPatch(g, patches, row, oh, ow, dx);
      row += K;
    }
  }
}

/** Adds the patch of K numbers from patches[row] on to dx [H, W, C], under the kernel at (oh, ow). */
export function addPatch(
  g: Conv2dGeometry,
  patches: Float32Array,
  row: number,
  oh: number,
  ow: number,
  dx: Float32Array,
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
        dx[dxRun + j] = Math.fround(dx[dxRun + j] + patches[patchRun + j]);
      }
    }
  }
}

/** Runs of consecutive pixels in which a row of the kernel reads the image: one, or, with columns apart, one per pixel. */
export function runsOfRow({ KW, DW }: Conv2dGeometry): number {
  return DW === 1 ? 1 : KW;
}
