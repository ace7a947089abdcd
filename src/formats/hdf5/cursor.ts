/** A place in an HDF5 file, read onwards: every read is compared with the bytes that are there. */
import { characters } from '../../data/text.ts';
import { FormatError } from '../errors.ts';

/** An address that leads nowhere: all bits are set. */
const NOWHERE = 0xffffffffffffffffn;

/**
 * Structures (headers, messages, nodes, links) that are looked at: one for two bytes of the file, where the smallest has eight, and
 * some may be looked at twice. What leads in a circle, or to the same place again and again, ends here.
 */
const STEPS_PER_BYTE = 1 / 2;
const LEAST_STEPS = 1024;

/** The bytes of one file, and what may still be done with them. */
export class Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** What messages call the file. */
  readonly file: string;
  #steps: number;
  /** Stored bytes of numbers that may still be read: each may be read once. */
  #stored: number;

  constructor(bytes: Uint8Array, file: string) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.file = file;
    this.#stored = bytes.length;
    this.#steps = LEAST_STEPS + bytes.length * STEPS_PER_BYTE;
  }

  /** Counts a structure, or something as long as several. @throws FormatError where there were too many. */
  step(weight = 1): void {
    this.#steps -= weight;
    if (this.#steps < 0) {
      throw this.fault(
        'damaged: its headers, nodes and links lead in a circle, or to the same place again and again',
      );
    }
  }

  /** Counts bytes of numbers. @throws FormatError where there are more than the file has: arrays that share their place. */
  take(bytes: number): void {
    this.#stored -= bytes;
    if (this.#stored < 0)
      throw this.fault(`arrays overlap: expected at most ${this.bytes.length} bytes in all`);
  }

  at(offset: number): Cursor {
    return new Cursor(this, offset);
  }

  fault(problem: string): FormatError {
    return new FormatError(this.file, problem);
  }
}

export class Cursor {
  readonly source: Source;
  offset: number;

  constructor(source: Source, offset: number) {
    this.source = source;
    this.offset = offset;
  }

  /** Moves on by so many bytes. @returns where they begin @throws FormatError where they aren't there. */
  skip(count: number): number {
    const { offset, source } = this;
    const end = offset + count;
    if (!(offset >= 0 && end <= source.bytes.length)) {
      throw source.fault(
        `truncated or damaged: expected ${count} bytes at byte ${offset}, got a file of ${source.bytes.length}`,
      );
    }
    this.offset = end;
    return offset;
  }

  u8(): number {
    return this.source.view.getUint8(this.skip(1));
  }

  u16(): number {
    return this.source.view.getUint16(this.skip(2), true);
  }

  u32(): number {
    return this.source.view.getUint32(this.skip(4), true);
  }

  /** A number of 64 bits: a size, or an address. @throws FormatError where it is 2^53 or more. */
  u64(): number {
    return this.#safe(this.source.view.getBigUint64(this.skip(8), true));
  }

  /** An address; null: there is none. */
  address(): number | null {
    const value = this.source.view.getBigUint64(this.skip(8), true);
    return value === NOWHERE ? null : this.#safe(value);
  }

  #safe(value: bigint): number {
    if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
    throw this.source.fault(`damaged: expected a size or an address below 2^53, got ${value}`);
  }

  /** A number of 1, 2, 4 or 8 bytes. */
  uint(bytes: number): number {
    return bytes === 1 ? this.u8() : bytes === 2 ? this.u16() : bytes === 4 ? this.u32() : this.u64();
  }

  /** @throws FormatError where other characters are here. */
  expect(sign: string, what: string): void {
    const { offset, source } = this;
    const begin = this.skip(sign.length);
    const got = characters(source.bytes.subarray(begin, begin + sign.length));
    if (got !== sign) throw source.fault(`damaged: expected ${what} (${sign}) at byte ${offset}, found none`);
  }

  /** Whether these characters are here. */
  has(sign: string): boolean {
    return characters(this.source.bytes.subarray(this.offset, this.offset + sign.length)) === sign;
  }

  /** The next bytes; a view of the file. */
  take(count: number): Uint8Array {
    const begin = this.skip(count);
    return this.source.bytes.subarray(begin, begin + count);
  }
}

/** UTF-8, up to the first zero. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  // A copy: browsers decode no shared memory.
  return new TextDecoder().decode(new Uint8Array(end < 0 ? bytes : bytes.subarray(0, end)));
}
