/** Packed bytes, unpacked by what browsers and Node have alike: `DecompressionStream`. */
import { type Bytes, bytesOf } from '../checks/handed-in.ts';
import { DataError } from './errors.ts';
import { MAX_BYTES } from './limits.ts';

/** Whether the bytes begin as gzip does (RFC 1952, section 2.3.1). No IDX file does: those begin with 0 0. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The bytes, unpacked where they are gzip. */
export async function plain(operation: string, given: Bytes): Promise<Uint8Array> {
  const bytes = bytesOf(operation, given);
  return isGzip(bytes) ? unpack('gzip', bytes, MAX_BYTES, operation) : bytes;
}

/** What the packed bytes hold: at most `limit` bytes, however much they would become. */
export async function unpack(
  format: 'deflate' | 'gzip',
  packed: Uint8Array,
  limit: number,
  file: string,
): Promise<Uint8Array> {
  let stream: DecompressionStream;
  try {
    stream = new DecompressionStream(format);
  } catch (cause) {
    throw new Error(
      `${file}: ${format} data can't be unpacked: this engine has no DecompressionStream: set globalThis.DecompressionStream to a polyfill`,
      { cause },
    );
  }
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
