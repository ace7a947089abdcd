/**
 * Whole files into memory, with a cap on what they may be and on what they may become.
 *
 * A gzip file of one megabyte can unpack to a gigabyte. Nothing here, nor in zip.ts, produces more than
 * `MAX_BYTES` from one file or one archive member.
 */
import { type Stats, statSync } from 'node:fs';
import * as zlib from 'node:zlib';
import { crc32 } from './crc32.ts';
import { DataError } from './errors.ts';
import { faultOfFile, isMissing } from './file-fault.ts';
import { MAX_BYTES, MAX_DEFLATE_RATIO } from './limits.ts';
import { readRegularFile } from './regular-file.ts';
import type { Unpacker } from './zip.ts';

/** Output that zlib makes room for at a time, where the file's promise can't be believed. */
const DEFAULT_CHUNK = 2 ** 20;
/** The least that Node takes (zlib's Z_MIN_CHUNK). */
const MIN_CHUNK = 64;

/** What is at a path, or null where nothing does. @throws DataError where that can't be told: it says why. */
export function statOrNull(path: string): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw new DataError(path, `can't be read: ${faultOfFile(error)}`, { cause: error });
  }
}

/**
 * The bytes of a file.
 * @param path which is opened
 * @param file what messages call it
 * @throws DataError where it is missing, no regular file (a pipe would never end), empty, larger than `limit`
 * or unreadable.
 */
export function readWhole(path: string, file: string, limit = MAX_BYTES): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readRegularFile(path, (problem) => new DataError(file, problem), limit);
  } catch (error) {
    if (error instanceof DataError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new DataError(file, 'not found');
    throw new DataError(file, `can't be read: ${faultOfFile(error)}`, { cause: error });
  }
  if (bytes.length === 0) throw new DataError(file, 'empty: expected some bytes, got 0');
  return bytes;
}

/**
 * Unpacks gzip.
 * @throws DataError where the data is damaged or cut off, or unpacks to more than `limit` bytes.
 */
export function gunzip(bytes: Uint8Array, file: string, limit = MAX_BYTES): Uint8Array {
  // The last four bytes are the unpacked size (RFC 1952, ISIZE): a promise that saves copies, no more.
  const { length } = bytes;
  const promised =
    length < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset, length).getUint32(length - 4, true);
  return unpacked(file, 'gzip', limit, () =>
    zlib.gunzipSync(bytes, { maxOutputLength: limit, chunkSize: zlibChunk(promised, length) }),
  );
}

/** zlib, for archives. */
export const unpacker: Unpacker = {
  inflate(packed, promised, name) {
    // zlib insists on room for one byte at least.
    const maxOutputLength = Math.max(1, promised);
    return unpacked(name, 'deflate', maxOutputLength, () =>
      zlib.inflateRawSync(packed, { maxOutputLength, chunkSize: zlibChunk(promised, packed.length) }),
    );
  },
  // Not every engine that calls itself Node has this one.
  crc32: typeof zlib.crc32 === 'function' ? (bytes) => zlib.crc32(bytes) : crc32,
};

/**
 * Room to give zlib at a time: all that is promised and one byte, so that the output is made in one piece and
 * not copied together (which saves a third of the time); unless so few packed bytes can't hold so much.
 */
export function zlibChunk(promised: number, packed: number): number {
  const isCredible = promised <= Math.min(MAX_BYTES, packed * MAX_DEFLATE_RATIO);
  return isCredible ? Math.max(MIN_CHUNK, promised + 1) : DEFAULT_CHUNK;
}

/** Runs zlib, and says in our words what it refuses. `format` names what the bytes should have been. */
export function unpacked(file: string, format: string, limit: number, run: () => Uint8Array): Uint8Array {
  try {
    return plainBytes(run());
  } catch (error) {
    if (error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw new DataError(
        file,
        `too large: expected ${format} of at most ${limit} bytes unpacked, got more`,
        {
          cause: error,
        },
      );
    }
    throw new DataError(file, `damaged: expected whole ${format} data, got "${reason(error)}"`, {
      cause: error,
    });
  }
}

/** A Buffer's bytes without its methods, of which `slice` means a view there and a copy everywhere else. */
function plainBytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
