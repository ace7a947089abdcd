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
import { type GreyImage, inverted } from './pixels.ts';

/** The window's side, as a part of the image's shorter side: wider than strokes, narrower than shadows. */
const WINDOW = 1 / 4;

/** Dark ink on lit paper, as bright ink on black. */
export function darkInk(image: GreyImage): GreyImage {
  const paper = closed(image);
  const ink = new Uint8Array(paper.length);
  for (let i = 0; i < ink.length; i++) {
    ink[i] = paper[i] > 0 ? Math.round((255 * (paper[i] - image.pixels[i])) / paper[i]) : 0;
  }
  return { ...image, pixels: ink };
}

/** Bright ink on unevenly dark ground, as bright ink on black: an opening is the closing of the inverted image, inverted. */
export function brightInk(image: GreyImage): GreyImage {
  const inverse = inverted(image.pixels);
  const ink = closed({ ...image, pixels: inverse });
  for (let i = 0; i < ink.length; i++) ink[i] -= inverse[i];
  return { ...image, pixels: ink };
}

/** The closing: the largest value in the window around each pixel, then the smallest of these in it. */
function closed({ height: H, width: W, pixels }: GreyImage): Uint8Array {
  const reach = Math.max(1, Math.floor((WINDOW * Math.min(H, W)) / 2));
  const largest = (values: Uint8Array): Uint8Array =>
    largestAlong([1, H, W], largestAlong([H, W, 1], values, reach), reach);
  // The smallest value is the largest one of the inverted image, inverted.
  return inverted(largest(inverted(largest(pixels))));
}

/**
 * The largest of the values within `reach` before and after each one, along the middle axis of [outer, length, inner]: rows of an
 * image are [H, W, 1], its columns [1, H, W]. It takes three steps a value whatever the window is: the axis is cut into blocks as
 * long as the window, so that each window is the end of one block and the beginning of the next (van Herk 1992).
 */
function largestAlong(
  [outer, length, inner]: readonly [outer: number, length: number, inner: number],
  values: Uint8Array,
  reach: number,
): Uint8Array {
  const fromStart = values.slice(); // the largest from the block's start on …
  const toEnd = values.slice(); // … and up to its end, or the axis'
  const result = new Uint8Array(values.length);
  const block = (2 * reach + 1) * inner;
  for (let o = 0; o < outer; o++) {
    const first = o * length * inner;
    const end = first + length * inner;
    for (let begin = first; begin < end; begin += block) {
      const stop = Math.min(begin + block, end);
      for (let i = begin + inner; i < stop; i++) {
        if (fromStart[i - inner] > fromStart[i]) fromStart[i] = fromStart[i - inner];
      }
      for (let i = stop - inner - 1; i >= begin; i--) {
        if (toEnd[i + inner] > toEnd[i]) toEnd[i] = toEnd[i + inner];
      }
    }
    // A window that an end of the axis cuts off may lie within one block, of which it has the start or the end.
    const span = reach * inner;
    const starts = first + span + inner; // up to here windows begin at the axis' start
    const lastBlock = first + Math.floor((end - first - 1) / block) * block;
    const ends = Math.max(starts, lastBlock + span); // from here on they lie in the last block
    for (let i = first; i < end; i++) {
      const right = i + span < end ? i + span : end - inner + ((i - first) % inner);
      const before = i < starts ? 0 : toEnd[i - span];
      const behind = i < ends ? fromStart[right] : 0;
      result[i] = before > behind ? before : behind;
    }
  }
  return result;
}
