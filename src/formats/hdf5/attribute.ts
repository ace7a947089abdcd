/**
 * Attributes: small values by their names, in messages of an object's header.
 *
 *   version, flags, bytes of the name, of its type, of its shape (2 each), [character set] | name | type | shape | value
 *
 * In version 1 each part is filled up to a multiple of eight. Text of any length is in a global heap:
 *
 *   GCOL, 1, 0 0 0, size (8) | number (2), references (2), 4 reserved, size (8), content filled to 8 | …
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.2.m (attribute), III.E (global heap).
 */
import { type Cursor, type Source, textOf } from './cursor.ts';
import { countOf, type ElementType, readShape, readType } from './datatype.ts';
import { SAVE_AGAIN } from './group.ts';
import { getterOf } from './numbers.ts';
import { ATTRIBUTE, ATTRIBUTE_INFO, type Message } from './object-header.ts';

/** Text or a number where the attribute is a single one; null: an empty one, or of a type that isn't read. */
export type AttributeValue = string | number | readonly string[] | readonly number[] | null;

/** The attribute of this name; undefined: there is none. @throws FormatError where it is damaged. */
export function attributeOf(
  source: Source,
  messages: readonly Message[],
  name: string,
): AttributeValue | undefined {
  for (const { type, offset } of messages) {
    if (type === ATTRIBUTE_INFO) expectFew(source, offset);
    if (type !== ATTRIBUTE) continue;
    const at = source.at(offset);
    const version = at.u8();
    if (version < 1 || version > 3) {
      throw source.fault(`damaged: expected an attribute of version 1, 2 or 3, got ${version}`);
    }
    at.skip(1);
    const sizes = [at.u16(), at.u16(), at.u16()];
    if (version === 3) at.skip(1); // character set
    const [nameAt, typeAt, shapeAt] = sizes.map((size) =>
      at.skip(version === 1 ? 8 * Math.ceil(size / 8) : size),
    );
    if (textOf(source.at(nameAt).take(sizes[0])) !== name) continue;
    return readValue(at, readType(source.at(typeAt)), readShape(source.at(shapeAt)));
  }
  return undefined;
}

function readValue(at: Cursor, type: ElementType, shape: readonly number[] | null): AttributeValue {
  if (!shape) return null;
  const count = countOf(shape, at);
  at.source.at(at.offset).skip(count * type.size);
  at.source.step(count);
  const value = (): string | number | null => {
    if (type.kind === 'text') return textOf(at.take(type.size)).trimEnd();
    if (type.kind === 'variableText') return heapText(at);
    const getter = getterOf(type);
    return getter?.(at.source.view, at.skip(type.size)) ?? null;
  };
  const values = Array.from({ length: count }, value);
  if (values.some((each) => each === null)) return null;
  return (shape.length === 0 ? values[0] : values) as AttributeValue; // none of them is null
}

/** Text in a global heap, to which a length, an address and a number lead. */
function heapText(at: Cursor): string {
  const { source } = at;
  const length = at.u32();
  const address = at.u64();
  const wanted = at.u32();
  if (length === 0) return '';
  const heap = source.at(address);
  heap.expect('GCOL', 'a heap of texts');
  heap.skip(4);
  const end = address + heap.u64();
  while (heap.offset + 16 <= end) {
    source.step();
    const number = heap.u16();
    heap.skip(6);
    const size = heap.u64();
    if (number === 0) break; // what is left is free
    const content = heap.skip(8 * Math.ceil(size / 8));
    if (number !== wanted) continue;
    source.take(length);
    return textOf(source.at(content).take(Math.min(length, size)));
  }
  throw source.fault(`damaged: expected text ${wanted} in the heap at byte ${address}, found none`);
}

/** @throws FormatError where the attributes are in a heap of their own. */
function expectFew(source: Source, offset: number): void {
  const at = source.at(offset);
  at.skip(1);
  if (at.u8() & 1) at.skip(2); // highest order of creation
  if (at.address() !== null) {
    throw source.fault(`an object has its attributes in a fractal heap, which isn't read: ${SAVE_AGAIN}`);
  }
}
