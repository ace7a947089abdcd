/**
 * Pixels as browsers hold them (`ImageData`): bytes of red, green, blue and alpha, row by row. And grey images of them, on
 * the paper that shows what is drawn.
 */

/** An image of bytes; an `ImageData` is one. */
export interface ImagePixels {
  readonly width: number;
  readonly height: number;
  /** Shape [height, width, 4], the last being red, green, blue and alpha, from 0 to 255. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** A grey image; 0 is black, 255 is white. */
export interface GreyImage {
  readonly height: number;
  readonly width: number;
  /** [height, width] */
  readonly pixels: Uint8Array;
}

/** From here on a pixel is seen rather than what is behind it. */
const HALF = 128;

/** Black for white. */
export function inverted(pixels: Uint8Array): Uint8Array {
  const inverse = new Uint8Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) inverse[i] = 255 - pixels[i];
  return inverse;
}

/** Luma (ITU-R BT.601, as most programs make grey of colour), on the paper that `paperOf` finds. */
export function toGrey({ width, height, data }: ImagePixels): GreyImage {
  const pixels = new Uint8Array(width * height);
  const paper = paperOf({ width, height, data });
  for (let i = 0, at = 0; i < pixels.length; i++, at += 4) {
    const alpha = data[at + 3] / 255;
    pixels[i] = Math.round(alpha * luma(data, at) + (1 - alpha) * paper);
  }
  return { height, width, pixels };
}

/**
 * What to put behind transparent pixels: white (255) or black (0).
 *
 * - The border is transparent, as around a drawing on a canvas: what the ink stands out from.
 * - Only some of it is, as where corners are round: what is like the rest of the border.
 * - None of it is, so that there are holes within: what the border stands out from.
 */
function paperOf({ width, height, data }: ImagePixels): number {
  let [hidden, border, borderLuma, sum, weight] = [0, 0, 0, 0, 0];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const level = luma(data, at);
      const alpha = data[at + 3];
      sum += alpha * level;
      weight += alpha;
      if (y > 0 && y < height - 1 && x > 0 && x < width - 1) continue;
      border++;
      if (alpha < HALF) hidden++;
      else borderLuma += level;
    }
  }
  if (hidden * 2 > border) return weight > 0 && sum / weight >= HALF ? 0 : 255;
  const isLight = borderLuma / (border - hidden) >= HALF;
  return isLight === hidden > 0 ? 255 : 0;
}

function luma(data: ImagePixels['data'], at: number): number {
  return 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
}
