/**
 * An array's numbers: in one piece, within its header, or in chunks, which may be packed.
 *
 *   layout, version 3   3, kind | 0: size (2), numbers | 1: address, size | 2: rank + 1, address of a B-tree, sizes of a chunk (4 each)
 *   B-tree of chunks    TREE, 1, level, number of children (2), neighbours | key, child, … key
 *   key                 bytes of the stored chunk (4), filters that were left out (4), its place in each dimension (8), and 0 (8)
 *
 * Source: HDF5 File Format Specification 3.0, III.A.1, IV.A.2.i (layout), IV.A.2.l (filters).
 */
import { unpacker } from '#unpacker';
import { MAX_DEFLATE_RATIO } from '../../data/limits.ts';
import { dataAsFormatError } from '../errors.ts';
import type { Cursor, Source } from './cursor.ts';
import { countOf, type ElementType, readShape, readType } from './datatype.ts';
import { SAVE_AGAIN } from './group.ts';
import { getterOf } from './numbers.ts';
import { DATASPACE, DATATYPE, EXTERNAL_FILES, FILTERS, LAYOUT, type Message } from './object-header.ts';

const [COMPACT, CONTIGUOUS, CHUNKED] = [0, 1, 2];
const [DEFLATE, SHUFFLE] = [1, 2];
const MOST_LEVELS = 32;

/** An array, whose numbers aren't read yet. */
export interface Dataset {
  readonly shape: readonly number[];
  readonly type: ElementType;
  /** Its numbers, as IEEE's single precision if they are at most that, else double. @throws FormatError where they aren't there. */
  read(): Float32Array | Float64Array;
}

/** The array with these messages; null: it is none. @throws FormatError where it is damaged. */
export function datasetOf(source: Source, messages: readonly Message[], name: string): Dataset | null {
  const find = (wanted: number): Cursor | null => {
    const message = messages.find(({ type }) => type === wanted);
    return message ? source.at(message.offset) : null;
  };
  const [spaceAt, typeAt, layout] = [find(DATASPACE), find(DATATYPE), find(LAYOUT)];
  if (!spaceAt || !typeAt || !layout) return null;
  const shape = readShape(spaceAt) ?? [0];
  const type = readType(typeAt);
  const called = `array ${name}`;
  return {
    shape,
    type,
    read() {
      if (find(EXTERNAL_FILES))
        throw source.fault(`${called}: its numbers are in another file, which isn't read`);
      const getter = getterOf(type);
      if (!getter) throw source.fault(`${called}: expected numbers, little-endian, got ${type.name}`);
      const count = countOf(shape, layout);
      const bytes = stored(layout, find(FILTERS), count, shape, type, called);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const isSingle = type.size < 4 || (type.kind === 'float' && type.size === 4);
      const data = isSingle ? new Float32Array(count) : new Float64Array(count);
      for (let i = 0; i < count; i++) data[i] = getter(view, i * type.size);
      return data;
    },
  };
}

function stored(
  at: Cursor,
  filters: Cursor | null,
  count: number,
  shape: readonly number[],
  type: ElementType,
  called: string,
): Uint8Array {
  const { source } = at;
  const size = count * type.size;
  const version = at.u8();
  if (version !== 3 && version !== 4)
    throw source.fault(`${called}: expected a layout of version 3 or 4, got ${version}`);
  const kind = at.u8();
  if (kind === COMPACT) return exactly(at, at.u16(), size, called);
  if (kind === CHUNKED && version === 3) {
    const dimensions = at.u8();
    const tree = at.address();
    const chunk = Array.from({ length: dimensions - 1 }, () => at.u32());
    return chunks(source, tree, chunk, filters, shape, type, called);
  }
  if (kind !== CONTIGUOUS) throw source.fault(`${called}: its layout isn't read: ${SAVE_AGAIN}`);
  const address = at.address();
  if (address === null) {
    if (size === 0) return new Uint8Array(0);
    throw source.fault(`${called}: has no numbers: expected ${size} bytes`);
  }
  source.take(size);
  return source.at(address).take(size);
}

function exactly(at: Cursor, got: number, expected: number, called: string): Uint8Array {
  if (got !== expected)
    throw at.source.fault(`${called}: damaged: expected ${expected} bytes of numbers, got ${got}`);
  at.source.take(got);
  return at.take(got);
}

/** The numbers of an array that is stored in chunks, which a B-tree finds by their places. null: none is stored. */
function chunks(
  source: Source,
  tree: number | null,
  chunk: readonly number[],
  filters: Cursor | null,
  shape: readonly number[],
  type: ElementType,
  called: string,
): Uint8Array {
  const size = type.size * shape.reduce((product, each) => product * each, 1);
  const chunkBytes = type.size * chunk.reduce((product, each) => product * each, 1);
  if (chunk.length !== shape.length || chunk.length === 0 || chunk.includes(0)) {
    throw source.fault(`${called}: damaged: expected chunks of ${shape.length} dimensions, got [${chunk}]`);
  }
  const most = MAX_DEFLATE_RATIO * source.bytes.length;
  if (size > most || chunkBytes > most) {
    throw source.fault(
      `${called}: expected at most ${most} bytes in a file of ${source.bytes.length}, got ${Math.max(size, chunkBytes)}`,
    );
  }
  const pipeline = filters ? readFilters(filters, called) : [];
  const bytes = new Uint8Array(size);
  const needed = shape.reduce((product, each, d) => product * Math.ceil(each / chunk[d]), 1);
  const seen = new Set<string>();
  const read = ({ packedBytes, leftOut, place, address }: Chunk): void => {
    source.step();
    if (place.some((from, d) => from % chunk[d] !== 0 || from >= shape[d]) || seen.has(place.join())) {
      throw source.fault(
        `${called}: damaged: expected each chunk once and within [${shape}], got one at [${place}]`,
      );
    }
    seen.add(place.join());
    source.take(packedBytes);
    const packed = source.at(address).take(packedBytes);
    const unpacked = unfilter(packed, pipeline, leftOut, chunkBytes, type.size, source, called);
    putChunk(bytes, unpacked, place, chunk, shape, type.size);
  };
  if (tree !== null) eachChunk(source, tree, shape.length, called, read);
  if (seen.size !== needed) {
    throw source.fault(`${called}: damaged: expected ${needed} chunks, got ${seen.size}`);
  }
  return bytes;
}

/** A chunk as its B-tree has it. */
interface Chunk {
  readonly packedBytes: number;
  /** A bit for each filter that this chunk didn't go through. */
  readonly leftOut: number;
  /** Where its first number is, in each dimension. */
  readonly place: readonly number[];
  readonly address: number;
}

/** Calls `use` for each chunk below a B-tree's node, in their order. @throws FormatError where the tree is damaged. */
function eachChunk(
  source: Source,
  tree: number,
  rank: number,
  called: string,
  use: (chunk: Chunk) => void,
): void {
  const visit = (address: number, above: number): void => {
    source.step();
    const node = source.at(address);
    node.expect('TREE', 'a B-tree');
    const nodeType = node.u8();
    const level = node.u8();
    if (nodeType !== 1 || level >= above) {
      throw source.fault(
        `${called}: damaged: expected chunks in a B-tree below level ${above}, got type ${nodeType}, level ${level}`,
      );
    }
    const children = node.u16();
    node.skip(16);
    for (let c = 0; c < children; c++) {
      const packedBytes = node.u32();
      const leftOut = node.u32();
      const place = Array.from({ length: rank }, () => node.u64());
      node.skip(8);
      const child = node.u64();
      if (level > 0) visit(child, level);
      else use({ packedBytes, leftOut, place, address: child });
    }
  };
  visit(tree, MOST_LEVELS);
}

/** The numbers of the filters that the numbers went through, in their order. @throws FormatError for one that isn't read. */
function readFilters(at: Cursor, called: string): number[] {
  const version = at.u8();
  const count = at.u8();
  if (version === 1) at.skip(6);
  return Array.from({ length: count }, () => {
    const id = at.u16();
    const nameBytes = version === 1 || id >= 256 ? at.u16() : 0;
    at.skip(2);
    const values = at.u16();
    at.skip(nameBytes + 4 * values + (version === 1 && values % 2 === 1 ? 4 : 0));
    if (id !== DEFLATE && id !== SHUFFLE) {
      throw at.source.fault(
        `${called}: expected numbers that are plain, or packed by gzip and shuffle; got filter ${id}`,
      );
    }
    return id;
  });
}

function unfilter(
  packed: Uint8Array,
  pipeline: readonly number[],
  leftOut: number,
  size: number,
  elementSize: number,
  source: Source,
  called: string,
): Uint8Array {
  let bytes = packed;
  for (const [i, filter] of [...pipeline.entries()].reverse()) {
    if (leftOut & (1 << i)) continue;
    bytes = filter === DEFLATE ? inflated(bytes, size, source, called) : unshuffled(bytes, elementSize);
  }
  if (bytes.length !== size)
    throw source.fault(`${called}: damaged: expected a chunk of ${size} bytes, got ${bytes.length}`);
  return bytes;
}

/** zlib's format: two bytes, deflate, and a checksum of four. */
function inflated(packed: Uint8Array, size: number, source: Source, called: string): Uint8Array {
  if (packed.length < 6)
    throw source.fault(`${called}: damaged: expected zlib's data, got ${packed.length} bytes`);
  return dataAsFormatError(() => unpacker.inflate(packed.subarray(2, -4), size, `${source.file}: ${called}`));
}

/** First the first bytes of all elements, then the second ones, …; what is left over is after them. */
function unshuffled(bytes: Uint8Array, elementSize: number): Uint8Array {
  const count = Math.floor(bytes.length / elementSize);
  const out = bytes.slice();
  for (let b = 0; b < elementSize; b++) {
    for (let i = 0; i < count; i++) out[i * elementSize + b] = bytes[b * count + i];
  }
  return out;
}

/** Copies a chunk's rows to where they belong; chunks at the edge are longer than the array. */
function putChunk(
  bytes: Uint8Array,
  chunkBytes: Uint8Array,
  place: readonly number[],
  chunk: readonly number[],
  shape: readonly number[],
  elementSize: number,
): void {
  const last = shape.length - 1;
  const rowBytes = elementSize * Math.min(chunk[last], shape[last] - place[last]);
  const copy = (d: number, from: number, to: number): void => {
    if (d === last) {
      const begin = from * chunk[last] * elementSize;
      bytes.set(chunkBytes.subarray(begin, begin + rowBytes), (to * shape[last] + place[last]) * elementSize);
      return;
    }
    for (let i = 0; i < chunk[d] && place[d] + i < shape[d]; i++) {
      copy(d + 1, from * chunk[d] + i, to * shape[d] + place[d] + i);
    }
  };
  copy(0, 0, 0);
}
