/**
 * Rows of at most 2^16 numbers without their zeros, which are most of what comes out of a ReLU. In words of 32 bits:
 *
 *   how many numbers aren't 0 | where they are in the row, 16 bits each | those numbers
 *
 * Where that is no shorter, all numbers follow the first word. They are copied as bits: −0 and NaN stay what they are.
 */
import { newBuffer } from '../../tensor/memory.ts';

/** The most numbers of a row. */
export const LONGEST = 2 ** 16;

/** One memory, seen as words and as halves of words: no view of it is made for each row. */
export interface Words {
  readonly words: Uint32Array;
  readonly halves: Uint16Array;
}

/** Zeros. @throws RangeError as newBuffer does */
export function newWords(count: number, shared: boolean): Words {
  const buffer = newBuffer(count * Uint32Array.BYTES_PER_ELEMENT, shared);
  return { words: new Uint32Array(buffer), halves: new Uint16Array(buffer) };
}

/**
 * Writes the row from `first` ≤ i < `end` to place `at`.
 * @param to with room for the row and half of it again, which may be written to as well
 * @returns the first place after the row
 */
export function packRow(
  row: Uint32Array,
  first: number,
  end: number,
  { words, halves }: Words,
  at: number,
): number {
  const size = end - first;
  const begin = at + 1;
  const values = begin + halfOf(size);
  let count = 0;
  for (let i = 0; i < size; i++) {
    // Each number is written, and the next one over it if it is 0: a branch would be guessed wrong too often.
    const value = row[first + i];
    halves[2 * begin + count] = i;
    words[values + count] = value;
    count += (value | -value) >>> 31;
  }
  if (halfOf(count) + count >= size) {
    words[at] = size;
    words.set(row.subarray(first, end), begin);
    return begin + size;
  }
  words[at] = count;
  words.copyWithin(begin + halfOf(count), values, values + count);
  return begin + halfOf(count) + count;
}

/** Reads the row at place `at` into `first` ≤ i < `end`. @returns the first place after it */
export function unpackRow(
  { words, halves }: Words,
  at: number,
  row: Uint32Array,
  first: number,
  end: number,
): number {
  const count = words[at];
  const begin = at + 1;
  if (count === end - first) {
    row.set(words.subarray(begin, begin + count), first);
    return begin + count;
  }
  const values = begin + halfOf(count);
  row.fill(0, first, end);
  for (let k = 0; k < count; k++) row[first + halves[2 * begin + k]] = words[values + k];
  return values + count;
}

/** Words for so many halves. */
function halfOf(count: number): number {
  return Math.ceil(count / 2);
}
