/** Files of images and labels as bytes, in Node and in browsers alike: bytes in, numbers out. */
import type { Bytes } from '../checks/handed-in.ts';
import { noMoreArguments } from '../checks/options.ts';
import { DataError } from './errors.ts';
import { type IdxArray, parseAnyIdx } from './idx.ts';
import { plain, unpack } from './inflate.ts';
import { adviceFor, kindOf } from './kind.ts';
import type { ImagePixels } from './pixels.ts';
import { isPng, openPng } from './png.ts';

/**
 * The image in a PNG file, of every kind that there is.
 *
 *     const image = await decodePng(new Uint8Array(await (await fetch('three.png')).arrayBuffer()));
 *     const probabilities = await model.predict(fitDigit(image));
 *
 * @param bytes of the file, gzipped or not
 * @returns width, height and bytes of red, green, blue and alpha, as an `ImageData` has them, the right way up where the file says which that is
 * @throws DataError where it is no PNG (what else it is, where that shows), damaged, cut off, or too large.
 */
export async function decodePng(bytes: Bytes): Promise<ImagePixels> {
  noMoreArguments('decodePng', arguments, 1);
  const file = await plain('decodePng', bytes);
  if (!isPng(file)) {
    const kind = kindOf(file);
    throw new DataError(
      'decodePng',
      `expected PNG, got ${kind ? `${kind}${adviceFor(kind)}` : 'other bytes'}`,
    );
  }
  const { packed, size, image } = openPng(file, 'decodePng');
  return image(await unpack('deflate', packed, size, 'decodePng'));
}

/**
 * The array in an IDX file, the format of MNIST and its successors.
 *
 *     const { shape, data } = await decodeIdx(bytes); // [60000, 28, 28] of bytes, or [60000] labels
 *     const x = tensor(Float32Array.from(data, (byte) => byte / 255), [...shape, 1]);
 *
 * @param bytes of the file, gzipped or not
 * @throws DataError where it is no IDX (what else it is, where that shows), or has fewer or more bytes than it says.
 */
export async function decodeIdx(bytes: Bytes): Promise<IdxArray> {
  noMoreArguments('decodeIdx', arguments, 1);
  return parseAnyIdx(await plain('decodeIdx', bytes), 'decodeIdx');
}
