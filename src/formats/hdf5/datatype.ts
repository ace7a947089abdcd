/**
 * Types of elements, and shapes, as messages and attributes have them.
 *
 *   datatype    class and version (1), bits of the class (3), bytes of an element (4), properties of the class
 *   dataspace   version 1: 1, rank, flags, 5 reserved | version 2: 2, rank, flags, kind || a size (8) for each dimension
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.2.b (dataspace), IV.A.2.d (datatype).
 */
import { isCount } from '../json.ts';
import type { Cursor } from './cursor.ts';

/** What an element is. Read are IEEE's numbers, whole numbers, and strings, little-endian; opaque bytes where there are two, which are bfloat16 then. */
export type ElementKind = 'float' | 'int' | 'uint' | 'opaque' | 'text' | 'variableText' | 'other';

export interface ElementType {
  readonly kind: ElementKind;
  /** Bytes of an element; of text of any length: of what leads to it. */
  readonly size: number;
  /** What messages call it. */
  readonly name: string;
}

const [FIXED, FLOAT, TEXT, OPAQUE, VARIABLE] = [0, 1, 3, 5, 9];
/** Their names, for what isn't read. */
const CLASSES = 'integer,float,time,text,bits,opaque,compound,reference,enum,variable length,array'.split(
  ',',
);
/** Sizes of exponent and mantissa of IEEE's numbers by bytes: what else is a float of two bytes is bfloat16. */
const IEEE: Readonly<Record<number, string>> = { 2: '5,10', 4: '8,23', 8: '11,52' };

export function readType(at: Cursor): ElementType {
  const classAndVersion = at.u8();
  const bits = at.u8() | (at.u8() << 8) | (at.u8() << 16);
  const size = at.u32();
  const kindNumber = classAndVersion & 15;
  const name = `${CLASSES[kindNumber] ?? `class ${kindNumber}`} of ${size} bytes`;
  const isBigEndian = (bits & 1) === 1;
  if (kindNumber === FIXED && !isBigEndian && [1, 2, 4, 8].includes(size)) {
    const kind = bits & 8 ? 'int' : 'uint';
    return { kind, size, name: `${kind}${8 * size}` };
  }
  if (kindNumber === FLOAT && !isBigEndian) {
    at.skip(2 + 2 + 1); // offset and precision in bits, place of the exponent
    const exponent = at.u8();
    at.skip(1);
    if (IEEE[size] === `${exponent},${at.u8()}`) return { kind: 'float', size, name: `float${8 * size}` };
  }
  if (kindNumber === OPAQUE) return { kind: 'opaque', size, name };
  if (kindNumber === TEXT) return { kind: 'text', size, name };
  // A length, and the address and number of an object in a global heap.
  if (kindNumber === VARIABLE && (bits & 15) === 1) return { kind: 'variableText', size: 16, name: 'text' };
  return { kind: 'other', size, name: isBigEndian && kindNumber <= FLOAT ? `big-endian ${name}` : name };
}

/** The sizes of an array; null: there is none (HDF5's null space). @throws FormatError for ranks that HDF5 hasn't. */
export function readShape(at: Cursor): number[] | null {
  const version = at.u8();
  const rank = at.u8();
  at.skip(1);
  const kind = at.u8();
  if (version !== 1 && version !== 2) {
    throw at.source.fault(`damaged: expected a dataspace of version 1 or 2, got ${version}`);
  }
  if (rank > 32) throw at.source.fault(`damaged: expected at most 32 dimensions, got ${rank}`);
  if (version === 2 && kind === 2) return null;
  if (version === 1) at.skip(4);
  return Array.from({ length: rank }, () => at.u64());
}

/** How many elements. @throws FormatError where that is 2^53 or more. */
export function countOf(shape: readonly number[], at: Cursor): number {
  const count = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
  if (!isCount(count))
    throw at.source.fault(`damaged: expected fewer than 2^53 numbers, got shape [${shape}]`);
  return count;
}
