/**
 * Photographs in uneven light: the paper's brightness at each place, and the ink that stands out from it there.
 *
 *   paper = closing(image): the largest value within a window, then the smallest of these within it
 *   ink   = (paper − image)/paper, as light falls on paper and ink alike
 *
 * A closing fills what is dark and narrower than the window, as strokes are, and leaves what is wider, as shadows are, edges
 * included. Source: the black top-hat transform of mathematical morphology (Serra 1982, "Image Analysis and Mathematical
 * Morphology"). For bright ink both are the other way round: an opening, and the difference alone.
 */
import type { GreyImage } from './pixels.ts';

/** The window's side, as a part of the image's shorter side: wider than strokes, narrower than shadows. */
const WINDOW = 1 / 4;

/** Dark ink on lit paper, as bright ink on black. */
export function darkInk(image: GreyImage): GreyImage {
  const paper = swept(swept(image, Math.max), Math.min).pixels;
  const ink = (value: number, i: number): number =>
    paper[i] > 0 ? Math.round((255 * (paper[i] - value)) / paper[i]) : 0;
  return { ...image, pixels: image.pixels.map(ink) };
}

/** Bright ink on unevenly dark ground, as bright ink on black. */
export function brightInk(image: GreyImage): GreyImage {
  const ground = swept(swept(image, Math.min), Math.max).pixels;
  return { ...image, pixels: image.pixels.map((value, i) => value - ground[i]) };
}

/** Each pixel becomes the largest (or smallest) within the window around it: rows first, then columns. */
function swept(image: GreyImage, pick: (a: number, b: number) => number): GreyImage {
  const { height: H, width: W } = image;
  const reach = Math.max(1, Math.floor((WINDOW * Math.min(H, W)) / 2));
  const pixels = image.pixels.slice();
  for (let y = 0; y < H; y++) sweepLine(pixels, y * W, 1, W, reach, pick);
  for (let x = 0; x < W; x++) sweepLine(pixels, x, W, H, reach, pick);
  return { ...image, pixels };
}

/**
 * One line in place, in some three steps a pixel whatever the window is: the line is cut into blocks as long as the window, so
 * that each window is the end of one block and the beginning of the next (van Herk 1992).
 */
function sweepLine(
  pixels: Uint8Array,
  first: number,
  stride: number,
  length: number,
  reach: number,
  pick: (a: number, b: number) => number,
): void {
  const window = 2 * reach + 1;
  const line = Uint8Array.from({ length }, (_, i) => pixels[first + i * stride]);
  const fromLeft = line.slice();
  const fromRight = line.slice();
  for (let i = 1; i < length; i++) if (i % window !== 0) fromLeft[i] = pick(fromLeft[i - 1], line[i]);
  for (let i = length - 2; i >= 0; i--) {
    if ((i + 1) % window !== 0) fromRight[i] = pick(fromRight[i + 1], line[i]);
  }
  for (let i = 0; i < length; i++) {
    const [left, right] = [Math.max(0, i - reach), Math.min(length - 1, i + reach)];
    // At the line's ends a window is cut off and may lie within one block, of which it has one end.
    const sameBlock = Math.floor(left / window) === Math.floor(right / window);
    const value = !sameBlock
      ? pick(fromRight[left], fromLeft[right])
      : left % window === 0
        ? fromLeft[right]
        : fromRight[left];
    pixels[first + i * stride] = value;
  }
}
