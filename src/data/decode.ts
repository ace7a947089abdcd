/** Files of images and labels as bytes, in Node and in browsers alike: bytes in, numbers out. */
import { DataError } from './errors.ts';
import { type IdxArray, parseAnyIdx } from './idx.ts';
import { adviceFor, kindOf } from './kind.ts';
import { MAX_BYTES } from './limits.ts';
import type { ImagePixels } from './pixels.ts';
import { isPng, openPng } from './png.ts';

/**
 * The image in a PNG file, of every kind that there is.
 *
 *   const image = await decodePng(new Uint8Array(await (await fetch('three.png')).arrayBuffer()));
 *   const probabilities = await model.predict(fitDigit(image));
 *
 * @param bytes of the file, gzipped or not
 * @returns width, height and bytes of red, green, blue and alpha, as an `ImageData` has them
 * @throws DataError where it is no PNG (what else it is, where that shows), damaged, cut off, or too large.
 */
export async function decodePng(bytes: Uint8Array): Promise<ImagePixels> {
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
 *   const { shape, data } = await decodeIdx(bytes); // [60000, 28, 28] of bytes, or [60000] labels
 *   const x = tensor(Float32Array.from(data, (byte) => byte / 255), [...shape, 1]);
 *
 * @param bytes of the file, gzipped or not
 * @throws DataError where it is no IDX (what else it is, where that shows), or has fewer or more bytes than it says.
 */
export async function decodeIdx(bytes: Uint8Array): Promise<IdxArray> {
  return parseAnyIdx(await plain('decodeIdx', bytes), 'decodeIdx');
}

/** The bytes, unpacked where they are gzip. */
async function plain(operation: string, bytes: Uint8Array): Promise<Uint8Array> {
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(`${operation}: expected the file's bytes in a Uint8Array, got ${kindOfValue(bytes)}`);
  }
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isGzip ? unpack('gzip', bytes, MAX_BYTES, operation) : bytes;
}

function kindOfValue(value: unknown): string {
  if (value instanceof ArrayBuffer) return 'an ArrayBuffer (new Uint8Array(buffer) makes one of it)';
  return value === null ? 'null' : typeof value;
}

/** What the packed bytes hold: at most `limit` bytes, however much they would become. */
async function unpack(
  format: 'deflate' | 'gzip',
  packed: Uint8Array,
  limit: number,
  file: string,
): Promise<Uint8Array> {
  const stream = new DecompressionStream(format);
  const writer = stream.writable.getWriter();
  // What goes wrong shows where it is read. A copy: streams take no shared memory.
  const written = Promise.all([writer.write(new Uint8Array(packed)), writer.close()]).catch(() => {});
  const reader = stream.readable.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      if (size > limit) {
        throw new DataError(
          file,
          `too large: expected ${format} of at most ${limit} bytes unpacked, got more`,
        );
      }
      parts.push(part.value);
    }
  } catch (cause) {
    await reader.cancel().catch(() => {});
    if (cause instanceof DataError) throw cause;
    throw new DataError(file, `damaged: expected whole ${format} data`, { cause });
  }
  await written;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
