/**
 * A checksum within the file that it is of: SHA-256, in hex, of all its bytes with zeros for the 64 digits
 * themselves, so that no bit can change unnoticed. It finds damage; it is no signature.
 */
import { characters } from '../data/text.ts';
import { FormatError } from './errors.ts';
import { show } from './json.ts';
import { sha256 } from './sha256.ts';

const DIGITS = 64;
/** What is in the digits' place until they are known. */
export const NO_SEAL = '0'.repeat(DIGITS);

/** Writes the digits at `at`, in place of NO_SEAL. */
export async function seal<B extends Uint8Array>(bytes: B, at: number): Promise<B> {
  bytes.set(new TextEncoder().encode(await sha256(bytes)), at);
  return bytes;
}

/**
 * @param opening what the file holds from `start` on, up to its digits
 * @param kind what messages call such a file: `a checkpoint`
 * @throws FormatError where the bytes don't begin so, or aren't those that the checksum was made of.
 */
export async function checkSeal(
  bytes: Uint8Array,
  { start = 0, opening, kind, file }: { start?: number; opening: string; kind: string; file: string },
): Promise<void> {
  const text = (from: number, to: number): string => characters(bytes.subarray(from, to));
  const at = start + opening.length;
  if (text(start, at) !== opening) {
    throw new FormatError(file, `damaged, or not ${kind}: it must begin with its checksum`);
  }
  const digits = text(at, at + DIGITS);
  const unsigned = new Uint8Array(bytes);
  unsigned.set(new TextEncoder().encode(NO_SEAL).subarray(0, digits.length), at);
  const hash = await sha256(unsigned);
  if (hash !== digits) throw new FormatError(file, `damaged: expected sha256 ${show(digits)}, got ${hash}`);
}
