/**
 * What a JPEG file says of itself, read marker by marker before anything is decoded: its size, its kind, which way up it is.
 *
 *   SOI | APP1: Exif | DQT | SOF: size and components | DHT | SOS: one scan, then its coded bytes | … | EOI
 *
 * A marker is 0xff and a code; most are followed by a length of two bytes, which counts itself. In coded bytes 0xff is
 * before 0, or is a marker. Source: ITU-T T.81 (09/92), annex B. What is allowed between markers is what libjpeg skips there,
 * so that both see the same header.
 */
import { DataError } from '../errors.ts';
import { MAKE_SMALLER, MAX_PHOTO_PIXELS, MAX_PIXELS, MAX_SIDE } from '../limits.ts';
import { exifOrientation } from './exif.ts';
import type { Orientation } from './orient.ts';

/** What is known of a JPEG image before it is decoded. */
export interface JpegHeader {
  /** Columns as they are stored, before the orientation is obeyed. */
  readonly width: number;
  readonly height: number;
  /** 1: grey; 3: colour, as YCbCr or RGB. */
  readonly components: 1 | 3;
  readonly orientation: Orientation;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP1 = 0xe1;
const MARKER = 0xff;

/** Bytes of the largest file: twice what a photo of MAX_PHOTO_PIXELS mostly has. */
export const MAX_JPEG_BYTES = 2 ** 26;

/**
 * Most scans. Programs write 3 to 17, libjpeg's own ten; each may be a few bytes, and costs a walk through the whole image.
 */
const MAX_SCANS = 64;
/** Most scans times pixels, where there are more scans than these. */
const MAX_SCANNED = 2 ** 28;
const USUAL_SCANS = 17;
/** The most scans of an image with more than MAX_PIXELS. */
const USUAL_SCANS_OF_LARGE = 10;

/** Whether the bytes begin as JPEG does. */
export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === MARKER && bytes[1] === SOI && bytes[2] === MARKER;
}

/**
 * @param file what messages call it
 * @throws DataError where it is no JPEG, cut off, of a kind that isn't decoded, or too large.
 */
export function readJpegHeader(bytes: Uint8Array, file: string): JpegHeader {
  if (!isJpeg(bytes)) throw new DataError(file, 'not a JPEG file: expected its first marker, ff d8');
  if (bytes.length > MAX_JPEG_BYTES) {
    throw new DataError(file, `too large: expected at most ${MAX_JPEG_BYTES} bytes, got ${bytes.length}`);
  }
  let frame: Frame | null = null;
  let orientation: Orientation = 1;
  let scans = 0;
  for (let at = 2; ; ) {
    at = nextMarker(bytes, at, file);
    const code = bytes[at++];
    if (code === EOI) break;
    // Restart markers and TEM stand alone.
    if ((code >= 0xd0 && code <= 0xd7) || code === 0x01) continue;
    if (code === SOI) throw new DataError(file, 'damaged: expected one beginning, got a second');
    const segment = segmentAt(bytes, at, file);
    if (isFrame(code)) {
      if (frame) throw new DataError(file, 'damaged: expected one image, got a second frame');
      frame = readFrame(code, segment, file);
    } else if (code === APP1 && !frame) {
      orientation = exifOrientation(segment) ?? orientation;
    } else if (code === SOS) {
      if (!frame) throw new DataError(file, 'damaged: expected the size of the image, got coded bytes');
      expectFewScans(++scans, frame, file);
    }
    at += 2 + segment.length;
  }
  if (!frame || scans === 0) throw new DataError(file, 'holds no image: expected a frame and a scan');
  expectBlocks(frame, bytes.length, file);
  const { width, height, components } = frame;
  return { width, height, components, orientation };
}

/** Where the next marker's code stands: after any bytes that are none, as libjpeg skips them. */
function nextMarker(bytes: Uint8Array, from: number, file: string): number {
  for (let at = bytes.indexOf(MARKER, from); at >= 0; at = bytes.indexOf(MARKER, at)) {
    while (bytes[at] === MARKER) at++;
    if (at < bytes.length && bytes[at] !== 0) return at;
  }
  throw new DataError(
    file,
    `truncated: expected the end of the image, got ${bytes.length} bytes without one`,
  );
}

/** What is after a marker and its length. */
function segmentAt(bytes: Uint8Array, at: number, file: string): Uint8Array {
  const length = at + 2 <= bytes.length ? (bytes[at] << 8) | bytes[at + 1] : Infinity;
  if (length < 2) {
    throw new DataError(file, `damaged: expected a segment of at least 2 bytes at byte ${at}, got ${length}`);
  }
  if (at + length > bytes.length) {
    throw new DataError(
      file,
      `truncated: expected a whole segment at byte ${at}, got ${bytes.length} bytes in all`,
    );
  }
  return bytes.subarray(at + 2, at + length);
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: 1 | 3;
  /** Blocks of 8×8 numbers that are coded. */
  readonly blocks: number;
}

/** SOF0 to SOF15, without DHT (c4), JPG (c8) and DAC (cc). */
function isFrame(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc;
}

/** Table B.1: kinds that isn't decoded, by the code of their frame. */
const OTHER_KINDS: Readonly<Record<number, string>> = {
  195: 'lossless JPEG',
  197: 'hierarchical JPEG',
  198: 'hierarchical JPEG',
  199: 'hierarchical JPEG',
};

/** What to do with a JPEG of a kind that isn't decoded. */
const SAVE_AGAIN =
  'save it again as a usual JPEG or PNG, or with ImageMagick: magick IMAGE -colorspace sRGB image.jpg';

function readFrame(code: number, segment: Uint8Array, file: string): Frame {
  const refuse = (got: string): DataError =>
    new DataError(
      file,
      `expected a baseline or progressive JPEG, grey or in colours, got ${got} (${SAVE_AGAIN})`,
    );
  if (code > 0xc2) throw refuse(OTHER_KINDS[code] ?? 'one with arithmetic coding');
  const [precision, h1, h0, w1, w0, components] = segment;
  if (segment.length < 6 || segment.length !== 6 + 3 * components) {
    throw new DataError(
      file,
      `damaged: expected a frame of 6 bytes and 3 per component, got ${segment.length}`,
    );
  }
  const [height, width] = [(h1 << 8) | h0, (w1 << 8) | w0];
  if (precision !== 8) throw refuse(`one of ${precision} bits per sample`);
  if (components === 4) throw refuse('one in CMYK, the colours of printers');
  if (components !== 1 && components !== 3) throw refuse(`one of ${components} components`);
  if (width === 0 || height === 0) {
    throw new DataError(file, `width and height must be at least 1, got ${width}×${height}`);
  }
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PHOTO_PIXELS) {
    throw new DataError(
      file,
      `too large: expected at most ${MAX_SIDE} pixels on a side and ${MAX_PHOTO_PIXELS} in all, got ${width}×${height} ${MAKE_SMALLER}`,
    );
  }
  const factors = Array.from({ length: components }, (_, c) => segment[7 + 3 * c]);
  const [across, down] = [factors.map((factor) => factor >> 4), factors.map((factor) => factor & 15)];
  if (![...across, ...down].every((factor) => factor >= 1 && factor <= 4)) {
    throw new DataError(file, `damaged: expected sampling factors from 1 to 4, got ${[...across, ...down]}`);
  }
  return { width, height, components, blocks: blocksOf(width, height, across, down) };
}

/** Section A.2: an image is cut into units of as many blocks of each component as its factors say; of one component into blocks. */
function blocksOf(width: number, height: number, across: readonly number[], down: readonly number[]): number {
  if (across.length === 1) return Math.ceil(width / 8) * Math.ceil(height / 8);
  const units = (size: number, factors: readonly number[]): number =>
    Math.ceil(size / (8 * factors.reduce((most, factor) => Math.max(most, factor), 1)));
  const inUnit = across.reduce((sum, factor, c) => sum + factor * down[c], 0);
  return units(width, across) * units(height, down) * inUnit;
}

/** @throws DataError where there is not even a bit for each block, so that nothing is allocated for an image that can't be there. */
function expectBlocks({ width, height, blocks }: Frame, bytes: number, file: string): void {
  if (blocks > 8 * bytes) {
    throw new DataError(file, `damaged: expected coded bytes for ${width}×${height} pixels, got ${bytes}`);
  }
}

function expectFewScans(scans: number, { width, height }: Frame, file: string): void {
  const pixels = width * height;
  const usual = pixels > MAX_PIXELS ? USUAL_SCANS_OF_LARGE : USUAL_SCANS;
  const most = Math.min(MAX_SCANS, Math.max(usual, Math.floor(MAX_SCANNED / pixels)));
  if (scans > most) {
    throw new DataError(
      file,
      `too many scans: expected at most ${most} of ${width}×${height} pixels, got more (save it again as a baseline JPEG, which has one)`,
    );
  }
}
