/** Photos as bytes of a file: JPEG or PNG, told apart by how they begin, in Node and in browsers alike. */

import { describe } from '../../checks/describe.ts';
import type { Bytes } from '../../checks/handed-in.ts';
import { knownOptions, noMoreArguments } from '../../checks/options.ts';
import { DataError } from '../errors.ts';
import { plain, unpack } from '../inflate.ts';
import { adviceFor, kindOf } from '../kind.ts';
import type { ImagePixels } from '../pixels.ts';
import { isPng, openPng } from '../png.ts';
import { parseJpeg } from './jpeg.ts';
import { isJpeg } from './jpeg-header.ts';
import type { DecodedImage } from './orient.ts';
import { loadTurboJpeg } from './turbo-jpeg.ts';

/** How `decodeImage` reads a file. */
export interface DecodeImageOptions {
  /** 3: red, green and blue, whatever the file holds; 1: grey. Default: 3. */
  channels?: 1 | 3 | undefined;
}

/**
 * The image in a JPEG or PNG file, in bytes from 0 to 255: the same on every engine.
 *
 *     const image = await decodeImage(await readFile('cat.jpg'));          // { width, height, channels: 3, data }
 *     const x = resizeImage(image, { size: [224, 224] });                  // [224, 224, 3]
 *
 * JPEG may be baseline or progressive, grey or in colours; the orientation (Exif) of both is obeyed. Alpha is left out, as Keras does.
 * Grey of a JPEG is its brightness as it is stored, of a PNG 0.299·red + 0.587·green + 0.114·blue (ITU-R BT.601).
 * @param bytes of the file, gzipped or not
 * @throws DataError where it is no such image (what else it is, where that shows), damaged, cut off, or too large: more than 16,384
 *   pixels on a side, 67 million in all of a JPEG, or 16.8 million of a PNG.
 */
export async function decodeImage(bytes: Bytes, options?: DecodeImageOptions): Promise<DecodedImage> {
  noMoreArguments('decodeImage', arguments, 2);
  const given = knownOptions('decodeImage', options, ['channels'], { call: 'decodeImage(bytes, …)' });
  const channels = checkChannels('decodeImage', given.channels);
  const image = await decodePhoto('decodeImage', bytes, channels, 'decodeImage');
  // A caller may keep it, or send it to another thread: neither goes with a view of the decoder's memory.
  const alone = image.data.byteLength === image.data.buffer.byteLength;
  return alone ? image : { ...image, data: image.data.slice() };
}

/**
 * The same of bytes of a named file. Pixels of a large photo lie in the decoder's memory.
 * @param file what messages call it
 */
export async function decodePhoto(
  operation: string,
  bytes: Bytes,
  channels: 1 | 3,
  file: string,
): Promise<DecodedImage> {
  const image = await plain(operation, bytes);
  if (isJpeg(image)) return parseJpeg(image, channels, await loadTurboJpeg(), file);
  if (isPng(image)) {
    const png = openPng(image, file);
    return withChannels(png.image(await unpack('deflate', png.packed, png.size, file)), channels);
  }
  const kind = kindOf(image);
  throw new DataError(
    file,
    `expected a JPEG or PNG image, got ${kind ? `${kind}${adviceFor(kind)}` : 'other bytes'}`,
  );
}

/** @throws RangeError where it is neither 1 nor 3. */
export function checkChannels(where: string, channels: unknown = 3): 1 | 3 {
  if (channels === 1 || channels === 3) return channels;
  throw new RangeError(
    `${where}: channels must be 3 (red, green, blue) or 1 (grey), got ${describe(channels)}`,
  );
}

/** Red, green and blue, or grey, without alpha. */
function withChannels({ width, height, data }: ImagePixels, channels: 1 | 3): DecodedImage {
  const bytes = new Uint8Array(width * height * channels);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    const [red, green, blue] = [data[from], data[from + 1], data[from + 2]];
    if (channels === 1) bytes[to++] = Math.round((299 * red + 587 * green + 114 * blue) / 1000);
    else {
      bytes[to++] = red;
      bytes[to++] = green;
      bytes[to++] = blue;
    }
  }
  return { width, height, channels, data: bytes };
}
