/** A photo's file in Node. */
import { readWhole } from '../file.ts';
import { MAX_JPEG_BYTES } from './jpeg-header.ts';

/** Its bytes. @throws DataError where it can't be read, or is too large for any photo. */
export function readPhoto(path: string): Uint8Array {
  return readWhole(path, path, MAX_JPEG_BYTES);
}
