/**
 * Convolution in groups, on top of any implementation of Kernels: one group's channels are gathered from all pixels, convolved
 * as an image of their own, and their outputs scattered back. Copies change no bit, so the sums are those of conv2dForward and
 * conv2dBackward for each group. Groups of one channel and one filter are a depthwise convolution, which has these very sums: where the
 * bundle holds its kernels they compute all groups at once. (ConvNeXt's 7×7, as Keras saves it, is one.)
 *
 * x [N, H, W, G·C], w [KH, KW, C, G·OC], b [G·OC], y [N, OH, OW, G·OC]; C and OC are one group's. Scratch is
 *   [ the kernels' own | b or db OC | w or dw K·OC twice | x or dx N·H·W·C twice | y or dy N·P·OC ]
 */
import type { FloatArray } from '../tensor/tensor.ts';
import type { Conv2dGeometry, DepthwiseGeometry } from './geometry.ts';
import { holds } from './groups.ts';
import type { GradientWalk, Kernels, Rectifier } from './kernels.ts';
import { LONGEST } from './long/blocks.ts';

/** Elements of scratch for up to N samples; the geometry is that of one of G groups. */
export function groupedConv2dScratch(kernels: Kernels, g: Conv2dGeometry, G: number, N: number): number {
  const depthwise = asDepthwise(kernels, g, G);
  if (depthwise) return kernels.depthwiseScratch(depthwise);
  return kernels.conv2dScratch(g, null) + rooms(g, N).reduce((sum, size) => sum + size, 0);
}

/** x, w, b → y, overwritten; see Kernels.conv2dForward. */
export function groupedConv2dForward(
  kernels: Kernels,
  g: Conv2dGeometry,
  G: number,
  N: number,
  x: FloatArray,
  w: FloatArray,
  b: FloatArray,
  relu: Rectifier,
  y: FloatArray,
  scratch: FloatArray,
): void {
  const depthwise = asDepthwise(kernels, g, G);
  if (depthwise) {
    kernels.depthwiseForward(depthwise, N, x, w, b, relu, y, scratch);
    return;
  }
  const { H, W, C, P, K, OC } = g;
  const [bG, wG, , xG, , yG] = cut(scratch, kernels.conv2dScratch(g, null), rooms(g, N));
  for (let group = 0; group < G; group++) {
    gather(1, OC, G, group, b, bG);
    gather(K, OC, G, group, w, wG);
    gather(N * H * W, C, G, group, x, xG);
    kernels.conv2dForward(g, N, xG, wG, bG, relu, yG, scratch);
    scatter(N * P, OC, G, group, yG, y);
  }
}

/** x, w, dy → dw, db, dx, overwritten, each unless null; see Kernels.conv2dBackward. */
export function groupedConv2dBackward(
  kernels: Kernels,
  g: Conv2dGeometry,
  G: number,
  N: number,
  x: FloatArray,
  w: FloatArray,
  dy: FloatArray,
  walk: GradientWalk,
  dw: FloatArray | null,
  db: FloatArray | null,
  dx: FloatArray | null,
  scratch: FloatArray,
): void {
  const depthwise = asDepthwise(kernels, g, G);
  if (depthwise) {
    kernels.depthwiseBackward(depthwise, N, x, w, dy, dw, db, dx, scratch);
    return;
  }
  const { H, W, C, P, K, OC } = g;
  const [dbG, wG, dwG, xG, dxG, dyG] = cut(scratch, kernels.conv2dScratch(g, null), rooms(g, N));
  for (let group = 0; group < G; group++) {
    gather(K, OC, G, group, w, wG);
    if (dw) gather(N * H * W, C, G, group, x, xG); // else x isn't kept
    gather(N * P, OC, G, group, dy, dyG);
    kernels.conv2dBackward(g, N, xG, wG, dyG, walk, dw && dwG, db && dbG, dx && dxG, scratch);
    if (dw) scatter(K, OC, G, group, dwG, dw);
    if (db) scatter(1, OC, G, group, dbG, db);
    if (dx) scatter(N * H * W, C, G, group, dxG, dx);
  }
}

/** Kernels of more places than LONGEST are cut into other blocks there. */
function asDepthwise(kernels: Kernels, g: Conv2dGeometry, G: number): DepthwiseGeometry | null {
  const isOne = g.C === 1 && g.OC === 1 && g.K <= LONGEST;
  return isOne && holds(kernels, 'depthwiseForward') ? { ...g, C: G, M: 1 } : null;
}

/** Sizes of the arrays after the kernels' own scratch. */
function rooms({ H, W, C, P, K, OC }: Conv2dGeometry, N: number): number[] {
  return [OC, K * OC, K * OC, N * H * W * C, N * H * W * C, N * P * OC];
}

/** Consecutive views of these sizes, from `at` on. */
function cut(scratch: FloatArray, at: number, sizes: readonly number[]): FloatArray[] {
  let end = at;
  return sizes.map((size) => {
    end += size;
    return scratch.subarray(end - size, end);
  });
}

/** all [rows, G·C] → part [rows, C], the columns of one group. */
function gather(rows: number, C: number, G: number, group: number, all: FloatArray, part: FloatArray): void {
  for (let row = 0; row < rows; row++) {
    const from = (row * G + group) * C;
    for (let c = 0; c < C; c++) part[row * C + c] = all[from + c];
  }
}

/** The way back. */
function scatter(rows: number, C: number, G: number, group: number, part: FloatArray, all: FloatArray): void {
  for (let row = 0; row < rows; row++) {
    const to = (row * G + group) * C;
    for (let c = 0; c < C; c++) all[to + c] = part[row * C + c];
  }
}
