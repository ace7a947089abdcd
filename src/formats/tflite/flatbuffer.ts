/**
 * A flatbuffer of strangers, read field by field. The package `flatbuffers` reads numbers and checks nothing (after the end it
 * gives zeros), so every place is compared with the bytes that are there before it is asked.
 *
 *   file     offset of the root table (uint32), identifier (4 bytes), …
 *   table    at its place: distance back to its vtable (int32), then its fields
 *   vtable   its own bytes (uint16), the table's bytes (uint16), then each field's distance from the table's place (uint16; 0: absent)
 *   vector   number of elements (uint32), then the elements; a table's or vector's field holds the distance to it (uint32)
 *
 * Source: flatbuffers' docs/source/internals.md.
 */
import { ByteBuffer } from 'flatbuffers';
import { characters } from '../../data/text.ts';
import { FormatError } from '../errors.ts';

/** Longest text that is read, in bytes: names are for people. */
const MAX_TEXT = 1000;
/** Bytes of a distance, of a number of elements, of an identifier. */
const WORD = 4;

/** A vector's elements. */
export interface Vector {
  /** Where the first one is. */
  readonly at: number;
  readonly length: number;
}

const NONE: Vector = { at: 0, length: 0 };

/** The bytes, and how many parts may still be read: several offsets may lead to one part, and so make much of little. */
export class FlatBuffer {
  readonly #bytes: Uint8Array;
  readonly #numbers: ByteBuffer;
  readonly #file: string;
  #left: number;

  /** @param file what messages call it */
  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#numbers = new ByteBuffer(bytes);
    this.#file = file;
    // An element of a vector that is counted here takes four bytes or more, and so does a table.
    this.#left = bytes.length / WORD;
  }

  /** @throws FormatError where the identifier is another one, or the root isn't there. */
  root(identifier: string): Table {
    const { length } = this.#bytes;
    if (length < 2 * WORD) this.#fail(`truncated: expected at least ${2 * WORD} bytes, got ${length}`);
    const own = characters(this.#bytes.subarray(WORD, 2 * WORD));
    if (own !== identifier) {
      this.#fail(
        `not a TensorFlow Lite file: expected ${JSON.stringify(identifier)} at byte ${WORD}, got ${JSON.stringify(own)}`,
      );
    }
    return this.table(this.#numbers.readUint32(0), 'model');
  }

  /** The table at a place. @param what messages call it */
  table(at: number, what: string): Table {
    this.#expect(at, WORD, what);
    this.#charge(1, what);
    const vtable = at - this.#numbers.readInt32(at);
    this.#expect(vtable, WORD, what);
    const size = this.#numbers.readUint16(vtable);
    const tableBytes = this.#numbers.readUint16(vtable + 2);
    this.#expect(vtable, size, what);
    this.#expect(at, tableBytes, what);
    return new Table(this, at, { at: vtable, size, tableBytes }, what);
  }

  uint8(at: number): number {
    return this.#numbers.readUint8(at);
  }

  int8(at: number): number {
    return this.#numbers.readInt8(at);
  }

  uint16(at: number): number {
    return this.#numbers.readUint16(at);
  }

  int32(at: number): number {
    return this.#numbers.readInt32(at);
  }

  uint32(at: number): number {
    return this.#numbers.readUint32(at);
  }

  float32(at: number): number {
    return this.#numbers.readFloat32(at);
  }

  /** As a double: exact up to 2^53. */
  int64(at: number): number {
    return Number(this.#numbers.readInt64(at));
  }

  /** The vector that the distance at `at` leads to; its elements have `width` bytes each, and all are there. */
  vector(at: number, width: number, what: string): Vector {
    const start = at + this.uint32(at);
    this.#expect(start, WORD, what);
    const length = this.uint32(start);
    this.#expect(start + WORD, length * width, what);
    return { at: start + WORD, length };
  }

  /** The elements of a vector that are looked at one by one. */
  counted(vector: Vector, what: string): Vector {
    this.#charge(vector.length, what);
    return vector;
  }

  /** Bytes as they are, not a copy. */
  slice({ at, length }: Vector): Uint8Array {
    return this.#bytes.subarray(at, at + length);
  }

  text({ at, length }: Vector): string {
    const bytes = this.#bytes.subarray(at, at + Math.min(length, MAX_TEXT));
    return new TextDecoder().decode(new Uint8Array(bytes)); // a copy: browsers decode no shared memory
  }

  #expect(at: number, length: number, what: string): void {
    if (at >= 0 && at + length <= this.#bytes.length) return;
    this.#fail(
      `${what}: expected to lie within the file's ${this.#bytes.length} bytes, got ${length} at byte ${at} (damaged or truncated)`,
    );
  }

  #charge(parts: number, what: string): void {
    this.#left -= parts;
    if (this.#left < 0)
      this.#fail(`${what}: parts must have bytes of their own, got more parts than fit the file`);
  }

  #fail(problem: string): never {
    throw new FormatError(this.#file, problem);
  }
}

/** One table. Fields are named by their number in the schema; a field that is absent has its default. */
export class Table {
  /** What messages call it. */
  readonly what: string;
  readonly #buffer: FlatBuffer;
  readonly #at: number;
  readonly #vtable: { readonly at: number; readonly size: number; readonly tableBytes: number };

  constructor(
    buffer: FlatBuffer,
    at: number,
    vtable: { readonly at: number; readonly size: number; readonly tableBytes: number },
    what: string,
  ) {
    this.#buffer = buffer;
    this.#at = at;
    this.#vtable = vtable;
    this.what = what;
  }

  /** Where a field of so many bytes is; null: it is absent. */
  #field(number: number, width: number): number | null {
    const slot = (2 * WORD) / 2 + 2 * number; // after the two sizes
    const { at, size, tableBytes } = this.#vtable;
    if (slot + 2 > size) return null;
    const distance = this.#buffer.uint16(at + slot);
    // What would reach out of the table, whose bytes are all there, is as good as absent: no sound writer makes it.
    return distance === 0 || distance + width > tableBytes ? null : this.#at + distance;
  }

  has(number: number): boolean {
    return this.#field(number, 1) !== null;
  }

  byte(number: number): number {
    const at = this.#field(number, 1);
    return at === null ? 0 : this.#buffer.int8(at);
  }

  /** Of a union: which type it has. */
  type(number: number): number {
    const at = this.#field(number, 1);
    return at === null ? 0 : this.#buffer.uint8(at);
  }

  flag(number: number): boolean {
    return this.byte(number) !== 0;
  }

  int(number: number, absent = 0): number {
    const at = this.#field(number, WORD);
    return at === null ? absent : this.#buffer.int32(at);
  }

  uint(number: number): number {
    const at = this.#field(number, WORD);
    return at === null ? 0 : this.#buffer.uint32(at);
  }

  float(number: number): number {
    const at = this.#field(number, WORD);
    return at === null ? 0 : this.#buffer.float32(at);
  }

  text(number: number): string {
    const at = this.#field(number, WORD);
    return at === null ? '' : this.#buffer.text(this.#buffer.vector(at, 1, this.what));
  }

  /** Bytes as they are in the file. */
  bytes(number: number): Uint8Array {
    return this.#buffer.slice(this.#vector(number, 1));
  }

  ints(number: number): number[] {
    return this.#numbers(number, WORD, (at) => this.#buffer.int32(at));
  }

  floats(number: number): number[] {
    return this.#numbers(number, WORD, (at) => this.#buffer.float32(at));
  }

  longs(number: number): number[] {
    return this.#numbers(number, 2 * WORD, (at) => this.#buffer.int64(at));
  }

  table(number: number, what: string): Table | null {
    const at = this.#field(number, WORD);
    return at === null ? null : this.#buffer.table(at + this.#buffer.uint32(at), what);
  }

  /** A table without fields: each has its default. */
  empty(): Table {
    return new Table(this.#buffer, this.#at, { at: 0, size: 0, tableBytes: 0 }, this.what);
  }

  /** How many elements a vector has. */
  count(number: number): number {
    return this.#vector(number, 1).length;
  }

  /** Element i of a vector of tables. @param what messages call it */
  element(number: number, i: number, what: string): Table | null {
    const { at, length } = this.#vector(number, WORD);
    if (i < 0 || i >= length) return null;
    const place = at + WORD * i;
    return this.#buffer.table(place + this.#buffer.uint32(place), what);
  }

  #vector(number: number, width: number): Vector {
    const at = this.#field(number, WORD);
    return at === null ? NONE : this.#buffer.vector(at, width, this.what);
  }

  #numbers(number: number, width: number, read: (at: number) => number): number[] {
    const { at, length } = this.#buffer.counted(this.#vector(number, width), this.what);
    return Array.from({ length }, (_, i) => read(at + width * i));
  }
}
