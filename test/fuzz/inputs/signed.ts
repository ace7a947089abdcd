/** Files with the checksum in them that a reader expects. */
import { createHash } from 'node:crypto';

const DIGITS = 64;

/** `bytes` with the SHA-256 of themselves, zeros in its place, written at `at`; as they are where they end before. */
export function signed(bytes: Uint8Array, at: number): Uint8Array {
  if (bytes.length < at + DIGITS) return bytes;
  const result = bytes.slice().fill('0'.charCodeAt(0), at, at + DIGITS);
  result.set(Buffer.from(createHash('sha256').update(result).digest('hex')), at);
  return result;
}
