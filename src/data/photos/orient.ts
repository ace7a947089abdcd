/** Turns and mirrors photos, as Exif's orientation says. */

/** 1: as it is; 2: mirrored; 3: upside down; 4: both; 5 to 8: rows and columns change places first. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** An image, row by row. */
interface Rows {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** [height, width, channels] */
  readonly data: Uint8Array;
}

/** An image, row by row, the right way up: what `decodeImage` gives. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** [height, width, channels] */
  readonly data: Uint8Array;
}

/**
 * The image the right way up: pixel (x, y) of the result is pixel (u, v) of what is stored.
 *
 *     1: ( x,  y)    2: (−x,  y)    3: (−x, −y)    4: ( x, −y)
 *     5: ( y,  x)    6: ( y, −x)    7: (−y, −x)    8: (−y,  x)         − counts from the other end
 *
 * Source: Exif 2.32, section 4.6.4: where the stored row 0 and column 0 are to be seen.
 */
export function orient<T extends Rows>(pixels: T, orientation: Orientation): T {
  if (orientation === 1) return pixels;
  const { width, height, channels, data } = pixels;
  const swapped = orientation >= 5;
  const [W, H] = swapped ? [height, width] : [width, height];
  const mirrorU = [2, 3, 7, 8].includes(orientation);
  const mirrorV = [3, 4, 6, 7].includes(orientation);
  // What one step to the right, and one down, means in what is stored.
  const stepU = (mirrorU ? -1 : 1) * channels;
  const stepV = (mirrorV ? -1 : 1) * channels * width;
  const [right, down] = swapped ? [stepV, stepU] : [stepU, stepV];
  const first = (mirrorU ? width - 1 : 0) * channels + (mirrorV ? height - 1 : 0) * channels * width;
  const turned = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < H; y++) {
    let from = first + y * down;
    for (let x = 0; x < W; x++, from += right) {
      for (let c = 0; c < channels; c++) turned[to++] = data[from + c];
    }
  }
  return { ...pixels, width: W, height: H, data: turned };
}
