/**
 * IDX, the format that MNIST came in: a header of big-endian 32-bit integers, then the numbers.
 *
 *   0 0 type rank | size of dimension 0 | … | size of dimension rank − 1 | numbers, row-major, big-endian
 *
 * Source: "The MNIST database", Y. LeCun, C. Cortes, C. Burges, section "FILE FORMATS". MNIST's four files are made of
 * unsigned bytes; the other types are read for `decodeIdx`.
 */
import { DataError } from './errors.ts';
import { adviceFor, kindOf } from './kind.ts';
import type { NamedBytes } from './named-bytes.ts';
import { dimensions } from './text.ts';

/** An array of an IDX file. */
export interface IdxArray {
  /** The sizes of its dimensions: [60000, 28, 28] for images, [60000] for labels. */
  readonly shape: readonly number[];
  /** The numbers, row-major. */
  readonly data: Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;
}

interface ElementType {
  readonly name: string;
  readonly bytes: number;
  read(view: DataView, count: number): IdxArray['data'];
}

const UNSIGNED_BYTE = 0x08;
const TYPES: ReadonlyMap<number, ElementType> = new Map([
  [
    UNSIGNED_BYTE,
    {
      name: 'unsigned bytes',
      bytes: 1,
      read: (v: DataView, n: number) => new Uint8Array(v.buffer, v.byteOffset, n),
    },
  ],
  [
    0x09,
    {
      name: 'signed bytes',
      bytes: 1,
      read: (v: DataView, n: number) => new Int8Array(v.buffer, v.byteOffset, n),
    },
  ],
  [
    0x0b,
    {
      name: '16-bit integers',
      bytes: 2,
      read: (v: DataView, n: number) => Int16Array.from({ length: n }, (_, i) => v.getInt16(2 * i)),
    },
  ],
  [
    0x0c,
    {
      name: '32-bit integers',
      bytes: 4,
      read: (v: DataView, n: number) => Int32Array.from({ length: n }, (_, i) => v.getInt32(4 * i)),
    },
  ],
  [
    0x0d,
    {
      name: '32-bit floats',
      bytes: 4,
      read: (v: DataView, n: number) => Float32Array.from({ length: n }, (_, i) => v.getFloat32(4 * i)),
    },
  ],
  [
    0x0e,
    {
      name: '64-bit floats',
      bytes: 8,
      read: (v: DataView, n: number) => Float64Array.from({ length: n }, (_, i) => v.getFloat64(8 * i)),
    },
  ],
]);

/** Whether the bytes begin as IDX does: two zeros, a type that there is, and one dimension at least. */
export function isIdx(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0 && TYPES.has(bytes[2]) && bytes[3] > 0;
}

/**
 * Reads one IDX file of unsigned bytes.
 * @param rank number of dimensions: 3 for images, 1 for labels
 * @param file what messages call it
 * @returns shape and numbers, which are a view of `bytes`
 * @throws DataError where the magic number is another one, or there are fewer or more bytes than the header
 * promises.
 */
export function parseIdx(bytes: Uint8Array, rank: number, file: string): NamedBytes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const expectedMagic = (UNSIGNED_BYTE << 8) | rank;
  if (bytes.length < 4 || view.getUint32(0) !== expectedMagic) {
    throw new DataError(file, `${wrongKind(bytes, expectedMagic, rank)}`);
  }
  const { shape, data } = readArray(bytes, file);
  return { file, shape, data: data as Uint8Array }; // by the type that was just compared
}

/**
 * Reads one IDX file of any type and number of dimensions. Bytes are a view of the file, all else is copied.
 * @param file what messages call it
 * @throws DataError where it is no IDX file, or there are fewer or more bytes than the header promises.
 */
export function parseAnyIdx(bytes: Uint8Array, file: string): IdxArray {
  if (!isIdx(bytes)) {
    const kind = kindOf(bytes);
    const got = kind ? `${kind}${adviceFor(kind)}` : `bytes ${Array.from(bytes.subarray(0, 4)).join(' ')}`;
    throw new DataError(file, `not an IDX file: expected 0 0, a type and a number of dimensions, got ${got}`);
  }
  return readArray(bytes, file);
}

/** The array after a header whose first four bytes are known to be right. */
function readArray(bytes: Uint8Array, file: string): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = TYPES.get(bytes[2]) as ElementType; // checked before
  const rank = bytes[3];
  const headerSize = 4 + 4 * rank;
  if (bytes.length < headerSize) {
    throw new DataError(
      file,
      `truncated: expected a header of ${headerSize} bytes, got ${bytes.length} bytes in all`,
    );
  }
  const shape = Array.from({ length: rank }, (_, d) => view.getUint32(4 + 4 * d));
  // May round where a hostile header asks for more than 2^53; then it is far from bytes.length anyway.
  const size = headerSize + shape.reduce((product, dimension) => product * dimension, type.bytes);
  if (bytes.length !== size) {
    const fault = bytes.length < size ? 'truncated' : 'too long';
    throw new DataError(
      file,
      `${fault}: header promises ${contents(shape)} (${size} bytes), got ${bytes.length} bytes`,
    );
  }
  const count = (size - headerSize) / type.bytes;
  const numbers = new DataView(bytes.buffer, bytes.byteOffset + headerSize, size - headerSize);
  return { shape, data: type.read(numbers, count) };
}

/** Why these bytes aren't what was expected: by what they are, where that shows. */
function wrongKind(bytes: Uint8Array, magic: number, rank: number): string {
  if (isIdx(bytes)) {
    const type = TYPES.get(bytes[2])?.name;
    return `expected unsigned bytes in ${rankName(rank)}, got ${type} in ${rankName(bytes[3])}`;
  }
  const kind = kindOf(bytes);
  if (kind) return `expected IDX, got ${kind}${adviceFor(kind)}`;
  if (bytes.length < 4)
    return `truncated: expected a header of ${4 + 4 * rank} bytes, got ${bytes.length} bytes in all`;
  const got = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return `wrong magic number: expected ${hex(magic)}, got ${hex(got)}`;
}

function rankName(rank: number): string {
  const what = rank === 1 ? ' (labels)' : rank === 3 ? ' (images)' : '';
  return `${rank} dimension${rank === 1 ? '' : 's'}${what}`;
}

/** `10000 images of 28×28`, `10000 labels` */
function contents(shape: readonly number[]): string {
  if (shape.length === 1) return `${shape[0]} labels`;
  return shape.length === 3
    ? `${shape[0]} images of ${dimensions(shape.slice(1))}`
    : `shape [${shape.join(', ')}]`;
}

function hex(magic: number): string {
  return `0x${magic.toString(16).padStart(8, '0')}`;
}
