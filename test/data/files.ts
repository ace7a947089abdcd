/** Small files for the tests of src/data: writers that share no code with the readers. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { DataError } from '../../src/data/errors.ts';

/** Writes files by name into a new folder below `parent`. */
export function folderOf(parent: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  const folder = mkdtempSync(join(parent, 'case-'));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return folder;
}

/** An IDX file of unsigned bytes. */
export function idx(shape: readonly number[], numbers: Iterable<number>): Uint8Array {
  const header = shape.flatMap((d) => [(d >>> 24) & 255, (d >>> 16) & 255, (d >>> 8) & 255, d & 255]);
  return Uint8Array.from([0, 0, 8, shape.length, ...header, ...numbers]);
}

/** An NPY file around bytes that are its numbers already. */
export function npy(
  descr: string,
  shape: readonly number[],
  numbers: Uint8Array,
  { major = 1, fortran = false, pad = 64 }: { major?: number; fortran?: boolean; pad?: number } = {},
): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${tuple}), }`;
  const before = major === 1 ? 10 : 12;
  const length = Math.ceil((before + text.length + 1) / pad) * pad - before;
  const lengthBytes = [length & 255, (length >> 8) & 255, ...(major === 1 ? [] : [0, 0])];
  const characters = Array.from(`${text.padEnd(length - 1)}\n`, (character) => character.charCodeAt(0));
  return Uint8Array.from([
    0x93,
    ...Buffer.from('NUMPY'),
    major,
    0,
    ...lengthBytes,
    ...characters,
    ...numbers,
  ]);
}

/** The bytes of any typed array. */
export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Runs what must fail, and checks that it does so with one line of ours. */
export function dataError(run: () => unknown): DataError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    const failure = error as DataError; // checked the line before
    expect(failure.message).not.toMatch(/\p{Cc}/u);
    expect(failure.message.startsWith(failure.file.replace(/\p{Cc}+/gu, ' '))).toBe(true);
    return failure;
  }
  throw new Error('expected a DataError, got none');
}

/** What `run` gives, or null where it failed, as it may, with one line of ours. */
export function orDataError<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    dataError(run);
    return null;
  }
}
