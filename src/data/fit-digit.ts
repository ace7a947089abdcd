/**
 * A drawing or photograph of a digit as MNIST has them. Its makers write: "The original black and white (bilevel) images
 * from NIST were size normalized to fit in a 20x20 pixel box while preserving their aspect ratio. The resulting images
 * contain grey levels as a result of the anti-aliasing technique used by the normalization algorithm. The images were
 * centered in a 28x28 image by computing the center of mass of the pixels, and translating the image so as to position
 * this point at the center of the 28x28 field." ("The MNIST database", Y. LeCun, C. Cortes, C. Burges)
 *
 * In order: a large image is shrunk by a whole number; ink is made bright, uneven light evened out (even-light.ts); what is no
 * more than background becomes 0; the box around the ink is shrunk or enlarged; the brightest ink becomes 255; the centre of mass
 * moves to the centre.
 */
import { DataError } from './errors.ts';
import { brightInk, darkInk } from './even-light.ts';
import { type GreyImage, inverted as inverse } from './pixels.ts';

/** An image of more pixels is shrunk first: its digit becomes 20 pixels high, and each step would take a second of a large photo. */
const MANY_PIXELS = 2 ** 20;

/** Whether ink is dark on light paper and must be inverted: as the image's border says, or as one is told. */
export type Inversion = 'auto' | 'yes' | 'no';

/** The part of MNIST's images that the digit's longer side takes. */
const BOX = 20 / 28;

/**
 * Noise, shadows, a paper's grain: so many times as far above the border's middle as its lowest tenth lies below, all
 * is background. (Above the middle there may be ink, where a digit touches the border.)
 */
const NOISE = 3;
/** Where the background is noisy, the box is drawn around ink that is at least so strong, of the strongest. */
const CERTAIN = 0.25;

/** Levels between the border's darkest and lightest twentieth from which on light is uneven. */
const UNEVEN = 40;
/** The part of the image's whole range from which on the border's is due to ink that touches it. */
const STARK = 0.8;

export interface FittedDigit {
  readonly image: GreyImage;
  readonly inverted: boolean;
}

/** Whether most of the image's border is light. */
export function isDarkOnLight(image: GreyImage): boolean {
  const border = borderOf(image);
  return border[border.length >> 1] > 127;
}

/** The image with bright ink on dark ground, as `inversion` says. */
export function withBrightInk(image: GreyImage, inversion: Inversion): FittedDigit {
  const inverted = inversion === 'auto' ? isDarkOnLight(image) : inversion === 'yes';
  return {
    inverted,
    image: inverted ? { ...image, pixels: inverse(image.pixels) } : image,
  };
}

/**
 * The digit in an image, scaled and centred as in MNIST.
 * @param size of the result; MNIST's is 28×28
 * @param file what messages call the image
 * @throws DataError where there is no ink: where everything is like the border.
 */
export function fitDigit(
  original: GreyImage,
  { height: H, width: W }: { readonly height: number; readonly width: number },
  inversion: Inversion,
  file: string,
): FittedDigit {
  const image = shrunk(original);
  const { image: bright, inverted } = isUneven(image)
    ? evened(image, inversion)
    : withBrightInk(image, inversion);
  const { ink, certain } = inkOf(bright);
  const box = boxAround(ink, certain);
  if (!box)
    throw new DataError(
      file,
      'no ink: expected a digit, got an image in which nothing stands out from its background',
    );
  const longest = Math.max(box.height, box.width);
  const scale = Math.max(1, Math.round(BOX * Math.min(H, W))) / longest;
  const [height, width] = [box.height, box.width].map((side) => Math.max(1, Math.round(side * scale)));
  const digit = strengthened(resample(crop(ink, box), height, width));

  // The middle of an even number of pixels lies between two; MNIST's is the one behind: pixel 14 of 28.
  const [cy, cx] = centreOfMass(digit, width);
  const top = clamp(Math.round(H / 2 - cy), 0, H - height);
  const left = clamp(Math.round(W / 2 - cx), 0, W - width);
  const pixels = new Uint8Array(H * W);
  for (let y = 0; y < height; y++) {
    pixels.set(digit.subarray(y * width, (y + 1) * width), (top + y) * W + left);
  }
  return { image: { height: H, width: W, pixels }, inverted };
}

/**
 * Whether the border's brightness differs so much that light falls on it unevenly: more than noise does, and less than ink does
 * that touches the border.
 */
function isUneven(image: GreyImage): boolean {
  const border = borderOf(image);
  const at = (part: number): number => border[Math.floor(part * (border.length - 1))];
  if (at(0.95) - at(0.05) <= UNEVEN) return false;
  let [least, most] = [255, 0];
  for (let i = 0; i < image.pixels.length; i++) {
    least = Math.min(least, image.pixels[i]);
    most = Math.max(most, image.pixels[i]);
  }
  return at(1) - at(0) < STARK * (most - least);
}

/** Bright ink on black, where the light is uneven: as told, or whichever of the two stands out more. */
function evened(image: GreyImage, inversion: Inversion): FittedDigit {
  if (inversion === 'yes') return { inverted: true, image: darkInk(image) };
  const bright = brightInk(image);
  if (inversion === 'no') return { inverted: false, image: bright };
  const dark = darkInk(image);
  const inverted = strength(dark) > strength(bright);
  return { inverted, image: inverted ? dark : bright };
}

function strength({ pixels }: GreyImage): number {
  let sum = 0;
  for (let i = 0; i < pixels.length; i++) sum += pixels[i] * pixels[i];
  return sum;
}

/** Each pixel is the mean of k×k, so that some `MANY_PIXELS` are left. What is over at the right and lower edge is left out. */
function shrunk(image: GreyImage): GreyImage {
  const k = Math.floor(Math.sqrt((image.height * image.width) / MANY_PIXELS));
  if (k < 2) return image;
  const [height, width] = [Math.floor(image.height / k), Math.floor(image.width / k)];
  const pixels = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let i = 0; i < k; i++) {
        const row = (y * k + i) * image.width + x * k;
        for (let j = 0; j < k; j++) sum += image.pixels[row + j];
      }
      pixels[y * width + x] = Math.round(sum / (k * k));
    }
  }
  return { height, width, pixels };
}

interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** The outermost pixels, in ascending order. */
function borderOf({ height, width, pixels }: GreyImage): Uint8Array {
  const border = new Uint8Array(2 * width + 2 * height);
  border.set(pixels.subarray(0, width));
  border.set(pixels.subarray((height - 1) * width), width);
  for (let y = 0, at = 2 * width; y < height; y++) {
    border[at++] = pixels[y * width];
    border[at++] = pixels[(y + 1) * width - 1];
  }
  return border.sort();
}

/** How far above the background each pixel is, and from which value on it is ink for certain. */
function inkOf(image: GreyImage): { ink: GreyImage; certain: number } {
  const border = borderOf(image);
  const middle = border[border.length >> 1];
  const spread = middle - border[Math.floor(border.length / 10)];
  const background = middle + NOISE * spread;
  const pixels = new Uint8Array(image.pixels.length);
  let strongest = 0;
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = Math.max(0, image.pixels[i] - background);
    strongest = Math.max(strongest, pixels[i]);
  }
  return { ink: { ...image, pixels }, certain: spread > 0 ? CERTAIN * strongest : 0 };
}

/** The smallest box around all pixels above `threshold`; null where there are none. */
function boxAround({ height, width, pixels }: GreyImage, threshold: number): Box | null {
  let [top, left, bottom, right] = [height, width, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (pixels[y * width + x] <= threshold) continue;
      top = Math.min(top, y);
      bottom = y;
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
  }
  return bottom < 0 ? null : { top, left, height: bottom - top + 1, width: right - left + 1 };
}

function crop({ width: W, pixels }: GreyImage, { top, left, height, width }: Box): GreyImage {
  const part = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * W + left;
    part.set(pixels.subarray(from, from + width), y * width);
  }
  return { height, width, pixels: part };
}

/** Another size: each pixel is the mean of the area that it covers. The same size changes nothing. */
function resample(image: GreyImage, height: number, width: number): Float64Array {
  const rows = overlaps(image.height, height);
  const columns = overlaps(image.width, width);
  const means = new Float64Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [row, column] = [rows[y], columns[x]];
      let sum = 0;
      for (let i = 0; i < row.shares.length; i++) {
        const first = (row.first + i) * image.width + column.first;
        for (let j = 0; j < column.shares.length; j++) {
          sum += row.shares[i] * column.shares[j] * image.pixels[first + j];
        }
      }
      means[y * width + x] = sum;
    }
  }
  return means;
}

/** For each of `to` equal parts of a line: the first of its `from` pixels that lie in it, and the share of the part that each one is. */
function overlaps(from: number, to: number): { first: number; shares: Float64Array }[] {
  const length = from / to;
  return Array.from({ length: to }, (_, part) => {
    const [begin, end] = [part * length, (part + 1) * length];
    const [first, last] = [Math.floor(begin), Math.min(from, Math.ceil(end)) - 1];
    const shares = new Float64Array(last - first + 1);
    for (let k = 0; k < shares.length; k++) {
      const pixel = first + k;
      shares[k] = (Math.min(end, pixel + 1) - Math.max(begin, pixel)) / length;
    }
    return { first, shares };
  });
}

/** Makes the ink as bright as can be: thin lines fade as they are shrunk. */
function strengthened(values: Float64Array): Uint8Array {
  const strongest = values.reduce((most, value) => Math.max(most, value), 0);
  return Uint8Array.from(values, (value) => Math.round((value / strongest) * 255));
}

/** Mean row and column of the ink. */
function centreOfMass(pixels: Uint8Array, width: number): [row: number, column: number] {
  let [mass, rows, columns] = [0, 0, 0];
  for (const [i, value] of pixels.entries()) {
    mass += value;
    rows += value * Math.floor(i / width);
    columns += value * (i % width);
  }
  return [rows / mass, columns / mass];
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
