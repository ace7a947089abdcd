/** What browsers draw, as pixels: photos, canvases, frames of a camera. */
import { describe } from '../checks/describe.ts';
import { noMoreArguments } from '../checks/options.ts';
import { isByteArray } from '../checks/realms.ts';
import type { ImagePixels } from './pixels.ts';

/**
 * Anything that a canvas can draw: an `<img>`, a `<canvas>`, a `<video>`, an `ImageBitmap`, an `OffscreenCanvas`, a `VideoFrame`. An
 * `ImageData` stays what it is, except where it holds other numbers than bytes of sRGB.
 */
export interface Drawable {
  readonly width?: unknown;
  readonly height?: unknown;
  /** Of a VideoFrame, which has no other. */
  readonly displayWidth?: unknown;
}

/** The most pixels of a side, as decodeImage has it. */
const LONGEST = 16384;

/**
 * The pixels of what is drawn, in its own size: for `fromPixels`, `fitDigit` and `resizeImage`.
 *
 *     const x = fitDigit(pixelsOf(canvas));
 *     const photo = pixelsOf(await createImageBitmap(file)); // a photo that somebody chose
 *
 * A browser decodes and scales photos in its own way: where the same bits are wanted everywhere, use `decodeImage` on the file's bytes.
 * @throws TypeError for what can't be drawn; RangeError where it has no size yet, as an image that isn't loaded; a SecurityError of the
 *   browser for pixels from another site.
 */
export function pixelsOf(source: Drawable | ImagePixels): ImagePixels {
  noMoreArguments('pixelsOf', arguments, 1);
  const { width, height } = sizeOf(source);
  for (const size of [width, height]) {
    if (Number.isInteger(size) && size > 0 && size <= LONGEST) continue;
    const advice = size === 0 ? ': an image or video must be loaded first, and nothing closed' : '';
    throw new RangeError(
      `pixelsOf: expected 1 to ${LONGEST} pixels per side, got ${width}×${height}${advice}`,
    );
  }
  const isData = 'data' in source && ArrayBuffer.isView(source.data);
  if (isData && isPlain(source)) return source as ImagePixels;
  if (typeof OffscreenCanvas === 'undefined') {
    throw new Error("pixelsOf: there are no canvases here: decodeImage reads a file's bytes everywhere");
  }
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('pixelsOf: this browser gives no 2D canvas');
  // Or throw what the browser says.
  if (isData) context.putImageData(source as unknown as ImageData, 0, 0);
  else context.drawImage(source as unknown as ImageBitmap, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/** Bytes of sRGB. Browsers also have colours of larger screens (display-p3), and floats. */
function isPlain(image: object): boolean {
  const { colorSpace = 'srgb', data } = image as { readonly colorSpace?: string; readonly data: unknown };
  return colorSpace === 'srgb' && isByteArray(data);
}

/** The size of its pixels, which an element shows larger or smaller. */
function sizeOf(source: unknown): { width: number; height: number } {
  const given = (typeof source === 'object' && source !== null ? source : {}) as Record<string, unknown>;
  for (const kind of ['natural', 'video', 'display', '']) {
    const [width, height] = kind
      ? [given[`${kind}Width`], given[`${kind}Height`]]
      : [given.width, given.height];
    if (typeof width === 'number' && typeof height === 'number') return { width, height };
  }
  throw new TypeError(
    `pixelsOf: expected an image, canvas, video, ImageBitmap or ImageData, got ${describe(source)}`,
  );
}
