/** PNG files in Node, whose zlib unpacks while one waits. */
import * as zlib from 'node:zlib';
import { unpacked, zlibChunk } from './file.ts';
import type { ImagePixels } from './pixels.ts';
import { openPng } from './png.ts';

/**
 * The image in a PNG file.
 * @param file what messages call it
 * @throws DataError where it is no PNG, damaged, cut off, or too large.
 */
export function parsePng(bytes: Uint8Array, file: string): ImagePixels {
  const { packed, size, image } = openPng(bytes, file);
  return image(
    unpacked(file, 'zlib', size, () =>
      zlib.inflateSync(packed, { maxOutputLength: size, chunkSize: zlibChunk(size, packed.length) }),
    ),
  );
}
