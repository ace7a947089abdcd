/**
 * Zero padding, taken out of the kernels' way: a padded convolution is an unpadded one on an image with a margin of
 * zeros, copied into scratch sample by sample. (Products with the zeros add ±0, which changes no sum that began at +0.)
 */

import type { FloatArray } from '../../tensor/tensor.ts';
import type { Conv2dGeometry } from '../geometry.ts';

/** Whether every patch lies within the image. */
export function isUnpadded(g: Conv2dGeometry): boolean {
  const { height, width } = reach(g);
  return g.padTop === 0 && g.padLeft === 0 && height <= g.H && width <= g.W;
}

/** The same convolution on the image with its margin; the geometry itself where there is none. */
export function paddedGeometry(g: Conv2dGeometry): Conv2dGeometry {
  if (isUnpadded(g)) return g;
  const { height, width } = reach(g);
  return { ...g, H: height, W: width, padTop: 0, padLeft: 0 };
}

/** Elements of one sample with its margin; 0 where there is none. */
export function paddedSize(g: Conv2dGeometry): number {
  if (isUnpadded(g)) return 0;
  const { height, width } = reach(g);
  return height * width * g.C;
}

/**
 * Sample n of x [N, H, W, C] → image, in the middle of zeros. `hasMargin`: these are there, from the sample before. (`fill` is slow where threads
 * share memory, 14 GB/s and not 86: gradients of 32×32 pixels, 32 to 32 channels take 0.92 of the time without it, of 24×24, 8 to 8 0.89.)
 */
export function padImage(
  g: Conv2dGeometry,
  x: FloatArray,
  n: number,
  image: FloatArray,
  hasMargin = false,
): void {
  const { H, W, C, padTop, padLeft } = g;
  const { height, width } = reach(g);
  if (!hasMargin) image.fill(0);
  const rows = Math.min(H, height - padTop);
  const rowLength = Math.min(W, width - padLeft) * C;
  for (let h = 0; h < rows; h++) {
    const xRow = (n * H + h) * W * C;
    image.set(x.subarray(xRow, xRow + rowLength), ((h + padTop) * width + padLeft) * C);
  }
}

/** Sample n of dx [N, H, W, C] = what lies within the margin of `image`. */
export function cutOut(g: Conv2dGeometry, image: FloatArray, dx: FloatArray, n: number): void {
  const { H, W, C, padTop, padLeft } = g;
  const padded = paddedGeometry(g);
  const rows = Math.min(H, padded.H - padTop);
  const length = Math.min(W, padded.W - padLeft) * C;
  if (rows < H || length < W * C) dx.fill(0, n * H * W * C, (n + 1) * H * W * C); // what no patch reaches
  for (let h = 0; h < rows; h++) {
    const from = ((h + padTop) * padded.W + padLeft) * C;
    dx.set(image.subarray(from, from + length), (n * H + h) * W * C);
  }
}

/** How many rows and columns the patches cover, the padding included. */
function reach(g: Conv2dGeometry): { height: number; width: number } {
  return {
    height: (g.OH - 1) * g.SH + (g.KH - 1) * g.DH + 1,
    width: (g.OW - 1) * g.SW + (g.KW - 1) * g.DW + 1,
  };
}
