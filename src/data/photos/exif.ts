/**
 * Which way up a photo is. Cameras store what the sensor saw, and how to turn it in a number from 1 to 8.
 *
 *   "Exif\0\0" (in JPEG only) | TIFF: "II" or "MM", 42, where the first directory is | directory: count, entries of 12 bytes
 *
 * Source: Exif 2.32 (CIPA DC-008-2019), section 4.6.4, tag 0x0112.
 */
import type { Orientation } from './orient.ts';

const SIGNATURE = [0x45, 0x78, 0x69, 0x66, 0, 0];
const ORIENTATION = 0x0112;
/** TIFF's code for a number of two bytes. */
const SHORT = 3;

/**
 * The orientation that a segment APP1 names; null where it is no Exif, names none, or is damaged: other programs then leave the
 * image as it is, too.
 */
export function exifOrientation(segment: Uint8Array): Orientation | null {
  if (!SIGNATURE.every((byte, i) => segment[i] === byte)) return null;
  return tiffOrientation(segment.subarray(SIGNATURE.length));
}

/** The same of what is after the signature: all that a chunk eXIf of PNG has. */
export function tiffOrientation(tiff: Uint8Array): Orientation | null {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length);
  if (tiff.length < 8) return null;
  const mark = view.getUint16(0);
  if (mark !== 0x4949 && mark !== 0x4d4d) return null;
  const little = mark === 0x4949;
  const directory = view.getUint32(4, little);
  if (view.getUint16(2, little) !== 42 || directory + 2 > tiff.length) return null;
  const count = view.getUint16(directory, little);
  for (let i = 0, at = directory + 2; i < count && at + 12 <= tiff.length; i++, at += 12) {
    if (view.getUint16(at, little) !== ORIENTATION) continue;
    const value = view.getUint16(at + 8, little);
    const isOne = view.getUint16(at + 2, little) === SHORT && value >= 1 && value <= 8;
    return isOne ? (value as Orientation) : null;
  }
  return null;
}
