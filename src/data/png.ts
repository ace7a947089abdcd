/**
 * PNG, of every kind that there is: grey, colour or palette, with or without alpha, 1 to 16 bits, interlaced or not. It
 * comes out as bytes of red, green, blue and alpha, as browsers have it.
 *
 *   signature | chunk | chunk | …        a chunk: length, four letters, data, CRC-32
 *   IHDR: what it is    PLTE: the palette    tRNS: what is transparent    IDAT: rows, filtered, then deflated    eXIf: which way up
 *
 * Source: "Portable Network Graphics (PNG) Specification (Third Edition)", W3C 2025. Colour profiles and gamma are not
 * applied. Nothing is allocated that the header doesn't promise, nor what so few packed bytes can't fill.
 */
import { crc32 } from './crc32.ts';
import { DataError } from './errors.ts';
import { MAKE_SMALLER, MAX_DEFLATE_RATIO, MAX_IMAGE_BYTES, MAX_PIXELS, MAX_SIDE } from './limits.ts';
import { tiffOrientation } from './photos/exif.ts';
import { orient } from './photos/orient.ts';
import type { ImagePixels } from './pixels.ts';
import { type PixelKind, painterOf, pixelKind, unpackSamples } from './png-pixels.ts';
import { characters, quote } from './text.ts';

/** A PNG file whose chunks were checked, and whose pixels are still packed. */
export interface PackedPng {
  /** zlib's. */
  readonly packed: Uint8Array;
  /** Bytes that these unpack to. */
  readonly size: number;
  /** The image, of the unpacked bytes. @throws DataError where they aren't as many, or no pixels. */
  image(data: Uint8Array): ImagePixels;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Bytes of a chunk beside its data. */
const CHUNK = 12;
/** The most chunks that are read: of 8 KiB each, as most programs write them, half a gigabyte. */
const MAX_CHUNKS = 2 ** 16;

/** A pass's pixels are at (x0 + i·dx, y0 + j·dy). */
type Pass = readonly [x0: number, y0: number, dx: number, dy: number];
const ALL_AT_ONCE: readonly Pass[] = [[0, 0, 1, 1]];
/** Section 8.1 */
const ADAM7: readonly Pass[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

interface Header {
  readonly width: number;
  readonly height: number;
  readonly kind: PixelKind;
  readonly passes: readonly Pass[];
}

/** Whether the bytes begin as PNG does. */
export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/**
 * A PNG file, up to its packed pixels: who unpacks these differs between Node and browsers.
 * @param file what messages call it
 * @throws DataError where it is no PNG, damaged, cut off, or too large (limits.ts).
 */
export function openPng(bytes: Uint8Array, file: string): PackedPng {
  const { IHDR, PLTE, tRNS, eXIf, IDAT } = readChunks(bytes, file);
  const { width, height, kind, passes } = parseHeader(IHDR, file);
  const { depth, channels } = kind;
  const rowBytes = (pixels: number): number => Math.ceil((pixels * channels * depth) / 8);
  const parts = passes
    .map(([x0, y0, dx, dy]) => ({
      columns: Math.ceil((width - x0) / dx),
      rows: Math.ceil((height - y0) / dy),
    }))
    .map((part) => (part.columns > 0 && part.rows > 0 ? part : { columns: 0, rows: 0 }));
  // Each row has a byte in front that names its filter.
  const size = parts.reduce((sum, { columns, rows }) => sum + rows * (1 + rowBytes(columns)), 0);
  const packed = joined(IDAT);
  expectRoom(width, height, size, packed.length, file);
  return { packed, size, image };

  function image(data: Uint8Array): ImagePixels {
    if (data.length !== size) {
      throw new DataError(file, `damaged: expected ${size} bytes of image data, got ${data.length}`);
    }

    const pixels = new Uint8Array(4 * width * height);
    const paint = painterOf(kind, PLTE, tRNS, file);
    const step = Math.max(1, (channels * depth) >> 3); // bytes from a sample to the same of the pixel before
    let at = 0;
    for (const [p, [x0, y0, dx, dy]] of passes.entries()) {
      const { columns, rows } = parts[p];
      const length = rowBytes(columns);
      const samples = new Uint16Array(columns * channels);
      let above: Uint8Array = new Uint8Array(length);
      for (let j = 0; j < rows; j++) {
        const row = data.subarray(at + 1, at + 1 + length);
        unfilter(data[at], row, above, step, file);
        unpackSamples(row, depth, samples);
        paint(samples, pixels, 4 * ((y0 + j * dy) * width + x0), 4 * dx);
        above = row;
        at += 1 + length;
      }
    }
    const orientation = (eXIf && tiffOrientation(eXIf)) ?? 1;
    const upright = orient({ width, height, channels: 4, data: pixels }, orientation);
    return { height: upright.height, width: upright.width, data: new Uint8ClampedArray(upright.data.buffer) };
  }
}

interface Chunks {
  readonly IHDR: Uint8Array;
  readonly PLTE: Uint8Array | null;
  readonly tRNS: Uint8Array | null;
  readonly eXIf: Uint8Array | null;
  readonly IDAT: readonly Uint8Array[];
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The chunks that matter, as views. Those that a reader may leave out begin with a small letter (section 5.4). */
function readChunks(bytes: Uint8Array, file: string): Chunks {
  if (!isPng(bytes)) throw new DataError(file, 'not a PNG file: expected its signature at the beginning');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const single = new Map<string, Uint8Array>();
  const IDAT: Uint8Array[] = [];
  for (let [at, count] = [SIGNATURE.length, 1]; ; count++) {
    if (count > MAX_CHUNKS) {
      throw new DataError(file, `too many chunks: expected at most ${MAX_CHUNKS}, got more`);
    }
    const length = at + CHUNK <= bytes.length ? view.getUint32(at) : Infinity;
    if (at + CHUNK + length > bytes.length) {
      throw new DataError(
        file,
        `truncated: expected a chunk at byte ${at}, got ${bytes.length} bytes in all`,
      );
    }
    const name = characters(bytes.subarray(at + 4, at + 8));
    const data = bytes.subarray(at + 8, at + 8 + length);
    const crc = view.getUint32(at + 8 + length);
    const expected = crc32(bytes.subarray(at + 4, at + 8 + length));
    if (crc !== expected) {
      throw new DataError(
        file,
        `damaged: expected checksum ${expected} of chunk ${quote(name)} at byte ${at}, got ${crc}`,
      );
    }
    if (single.size === 0 && name !== 'IHDR') {
      throw new DataError(file, `first chunk must be IHDR, got ${quote(name)}`);
    }
    if (name === 'IEND') break;
    if (name === 'IDAT') IDAT.push(data);
    else if (name === 'eXIf')
      single.set(name, data); // of several, which none should have, the last counts, as in JPEG
    else if (name === 'IHDR' || name === 'PLTE' || name === 'tRNS') {
      if (single.has(name)) throw new DataError(file, `chunk ${name} must appear once, got two`);
      single.set(name, data);
    } else if (/^[A-Z]/.test(name)) {
      throw new DataError(file, `chunks must be those of PNG: got an unknown critical one, ${quote(name)}`);
    }
    at += CHUNK + length;
  }
  if (IDAT.length === 0) throw new DataError(file, 'a chunk is missing: expected IDAT, found none');
  const [IHDR = new Uint8Array(0), PLTE = null, tRNS = null, eXIf = null] = [
    'IHDR',
    'PLTE',
    'tRNS',
    'eXIf',
  ].map((name) => single.get(name));
  return { IHDR, PLTE, tRNS, eXIf, IDAT };
}

function parseHeader(bytes: Uint8Array, file: string): Header {
  if (bytes.length !== 13) {
    throw new DataError(file, `chunk IHDR must have 13 bytes, got ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, type, compression, filter, interlace] = bytes.subarray(8);
  if (width === 0 || height === 0) {
    throw new DataError(file, `width and height must be at least 1, got ${width}×${height}`);
  }
  const kind = pixelKind(type, depth, file);
  if (compression !== 0 || filter !== 0 || interlace > 1) {
    throw new DataError(
      file,
      `compression, filter and interlacing must be 0, 0 and 0 or 1: got ${compression}, ${filter} and ${interlace}`,
    );
  }
  const passes = interlace === 1 ? ADAM7 : ALL_AT_ONCE;
  return { width, height, kind, passes };
}

/** @throws DataError where the image would be too large, or larger than so few packed bytes can hold. */
function expectRoom(width: number, height: number, size: number, packed: number, file: string): void {
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
    throw new DataError(
      file,
      `too large: expected at most ${MAX_SIDE} pixels on a side and ${MAX_PIXELS} in all, got ${width}×${height} ${MAKE_SMALLER}`,
    );
  }
  if (size > MAX_IMAGE_BYTES) {
    throw new DataError(
      file,
      `too large: expected at most ${MAX_IMAGE_BYTES} bytes unpacked, got ${size} for ${width}×${height}`,
    );
  }
  if (size > packed * MAX_DEFLATE_RATIO) {
    throw new DataError(
      file,
      `damaged: expected image data for ${width}×${height} pixels, got ${packed} packed bytes`,
    );
  }
}

/** Undoes a row's filter, in place (section 9.2): x is the sum of what is there and a guess by its neighbours. */
function unfilter(type: number, row: Uint8Array, above: Uint8Array, step: number, file: string): void {
  if (type > 4) throw new DataError(file, `damaged: expected a filter from 0 to 4, got ${type}`);
  const { length } = row;
  if (type === 1) for (let i = step; i < length; i++) row[i] += row[i - step];
  else if (type === 2) for (let i = 0; i < length; i++) row[i] += above[i];
  else if (type > 2) {
    // Left of the first pixel there are zeros, of which Paeth's guess is what is above.
    for (let i = 0; i < Math.min(step, length); i++) row[i] += type === 3 ? above[i] >> 1 : above[i];
    if (type === 3) for (let i = step; i < length; i++) row[i] += (row[i - step] + above[i]) >> 1;
    else for (let i = step; i < length; i++) row[i] += paeth(row[i - step], above[i], above[i - step]);
  }
}

/** Of left, above and left above the one that is next to a + b − c (section 9.4). */
function paeth(a: number, b: number, c: number): number {
  const toA = Math.abs(b - c);
  const toB = Math.abs(a - c);
  const toC = Math.abs(a + b - 2 * c);
  if (toA <= toB && toA <= toC) return a;
  return toB <= toC ? b : c;
}
