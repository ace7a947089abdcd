/** Photos in JPEG files: looked at, decoded, turned the right way up. */
import { readJpegHeader } from './jpeg-header.ts';
import { type DecodedImage, orient } from './orient.ts';
import type { JpegDecoder } from './turbo-jpeg.ts';

/**
 * The image in a JPEG file: baseline or progressive, grey or in colours.
 * @param file what messages call it
 * @throws DataError where it is of another kind, damaged, cut off, or too large.
 */
export function parseJpeg(
  bytes: Uint8Array,
  channels: 1 | 3,
  decoder: JpegDecoder,
  file: string,
): DecodedImage {
  const { width, height, orientation } = readJpegHeader(bytes, file);
  const data = decoder.decode(bytes, width, height, channels, file);
  return orient({ width, height, channels, data }, orientation);
}
