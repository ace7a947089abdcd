/**
 * Files that are what they seem. A name may lead to a pipe that never ends, to a device, to a file that grows while it
 * is read, or into a file system such as /proc, whose files say that they are empty and give gigabytes. So the file is
 * opened first, and all that is asked is asked of what was opened: its kind, its size, and no byte more than that.
 *
 * It is read while the caller waits: what comes next, decoding, does so too.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** What one array of bytes surely holds on every engine. */
const MOST_BYTES = 2 ** 32 - 1;
/** Bytes that are asked for at a time; the system reads no more than 2^31 − 1. */
const PIECE = 2 ** 30;
/** Some special files give only whole records. */
const PROBE = 64;

/**
 * The bytes of a regular file.
 * @param fail makes an error of `rule: expected X, got Y`, which names the file as its user would
 * @param limit most bytes that it may have
 * @throws what `fail` makes, and what Node's fs throws where the file can't be opened or read.
 */
export function readRegularFile(
  path: string,
  fail: (problem: string) => Error,
  limit = Infinity,
): Uint8Array {
  // Opening a pipe would wait for whoever writes to it. Windows has no such flag, nor such pipes.
  const handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(handle);
    if (!stats.isFile()) throw fail('must be a regular file');
    const most = Math.min(limit, MOST_BYTES);
    if (stats.size > most) throw fail(`too large: expected at most ${most} bytes, got ${stats.size}`);
    const bytes = allocate(stats.size, fail);
    const size = fill(handle, bytes);
    if (size < bytes.length) {
      throw fail(`became shorter, or isn't a file on a disk: expected ${bytes.length} bytes, got ${size}`);
    }
    if (readSync(handle, new Uint8Array(PROBE)) > 0) {
      throw fail(`became longer, or isn't a file on a disk: expected ${size} bytes, got more`);
    }
    return bytes;
  } finally {
    closeSync(handle);
  }
}

/** @returns how many bytes there were, at most as many as there is room for. */
function fill(handle: number, bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const read = readSync(handle, bytes, at, Math.min(PIECE, bytes.length - at), null);
    if (read === 0) break;
    at += read;
  }
  return at;
}

function allocate(size: number, fail: (problem: string) => Error): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch {
    throw fail(`too large for the memory that is left: it has ${size} bytes`);
  }
}
