/** Pieces of HDF5 files, put together by hand: what the format allows is read, and what can't be is refused, just beyond each bound. */
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { attributeOf } from '../../src/formats/hdf5/attribute.ts';
import { Source } from '../../src/formats/hdf5/cursor.ts';
import { datasetOf } from '../../src/formats/hdf5/dataset.ts';
import { countOf, readShape, readType } from '../../src/formats/hdf5/datatype.ts';
import { linksOf } from '../../src/formats/hdf5/group.ts';
import {
  ATTRIBUTE,
  DATASPACE,
  DATATYPE,
  FILTERS,
  LAYOUT,
  LINK,
  LINK_INFO,
  messagesOf,
  SYMBOL_TABLE,
} from '../../src/formats/hdf5/object-header.ts';
import { FormatError } from '../../src/index.ts';

type Piece = readonly (string | number | readonly [value: number, bytes: number] | Uint8Array)[];

/** Characters, single bytes, numbers of so many bytes, and bytes, one after another. */
function bytes(...parts: Piece): Uint8Array {
  const all = parts.map((part) => {
    if (typeof part === 'string') return Buffer.from(part, 'latin1');
    if (part instanceof Uint8Array) return part;
    if (typeof part === 'number') return Uint8Array.of(part);
    const [value, size] = part;
    const whole = Buffer.alloc(8);
    whole.writeBigInt64LE(BigInt(value));
    return whole.subarray(0, size);
  });
  return new Uint8Array(Buffer.concat(all));
}

/** A source with these pieces, each a message, after what is at its begin. */
function sourceOf(begin: Uint8Array, pieces: readonly (readonly [type: number, content: Uint8Array])[]) {
  let offset = begin.length;
  const messages = pieces.map(([type, content]) => {
    const message = { type, offset, size: content.length };
    offset += content.length;
    return message;
  });
  const all = bytes(begin, ...pieces.map(([, content]) => content), new Uint8Array(64));
  return { source: new Source(all, 'x.h5'), messages };
}

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    return (error as Error).message;
  }
  return 'none';
}

const FLOAT32 = bytes(0x11, 0x20, 31, 0, [4, 4], [0, 2], [32, 2], 23, 8, 0, 23, [127, 4]);
const shapeOf = (...sizes: number[]) =>
  bytes(2, sizes.length, 0, 1, ...sizes.map((size): [number, number] => [size, 8]));
/** Six numbers, and what they are as bytes. */
const SIX = Float32Array.of(1, -2, 3, 4.5, 0, 6);
const STORED = new Uint8Array(SIX.buffer);
const TREE_BYTES = 24;

interface Chunk {
  readonly packed?: number;
  readonly leftOut?: number;
  readonly place?: readonly number[];
  readonly address?: number;
}

/** A B-tree's node at the begin of the file. */
function tree(children: readonly Chunk[], { type = 1, level = 0, rank = 2 } = {}): Uint8Array {
  const keys = children.map(({ packed = 24, leftOut = 0, place = [0, 0], address = 0 }) =>
    bytes(
      [packed, 4],
      [leftOut, 4],
      ...place.map((each): [number, number] => [each, 8]),
      [0, 8],
      [address, 8],
    ),
  );
  expect(children.every(({ place = [0, 0] }) => place.length === rank)).toBe(true);
  return bytes('TREE', type, level, [children.length, 2], [-1, 8], [-1, 8], ...keys);
}

const chunked = (...sizes: number[]) =>
  bytes(3, 2, sizes.length + 1, [0, 8], ...sizes.map((size): [number, number] => [size, 4]), [4, 4]);

/** The numbers of an array of float32. */
function numbersOf(
  layout: Uint8Array,
  options: { begin?: Uint8Array; filters?: Uint8Array; shape?: readonly number[] } = {},
): number[] {
  const { begin = new Uint8Array(0), filters, shape = [2, 3] } = options;
  const { source, messages } = sourceOf(begin, [
    [DATASPACE, shapeOf(...shape)],
    [DATATYPE, FLOAT32],
    [LAYOUT, layout],
    ...(filters ? [[FILTERS, filters] as const] : []),
  ]);
  return Array.from(datasetOf(source, messages, '"/x"')?.read() ?? []);
}

/** One chunk, which is behind its tree. */
function oneChunk(stored: Uint8Array, chunk: Chunk = {}, node = {}): Uint8Array {
  const key = { packed: stored.length, address: TREE_BYTES + 40, ...chunk };
  return bytes(tree([key], node), stored);
}

describe('an array’s numbers', () => {
  it('are in its header, elsewhere in one piece, or in chunks', () => {
    expect(numbersOf(bytes(3, 0, [24, 2], STORED))).toEqual(Array.from(SIX));
    expect(numbersOf(bytes(3, 1, [0, 8], [24, 8]), { begin: STORED })).toEqual(Array.from(SIX));
    expect(numbersOf(bytes(4, 1, [0, 8], [24, 8]), { begin: STORED })).toEqual(Array.from(SIX));
    expect(numbersOf(chunked(2, 3), { begin: oneChunk(STORED) })).toEqual(Array.from(SIX));
    expect(numbersOf(bytes(3, 1, [-1, 8], [0, 8]), { shape: [0, 3] })).toEqual([]);
  });

  const gzip = (version: number) =>
    version === 1
      ? bytes(1, 1, [0, 6], [1, 2], [0, 2], [0, 2], [1, 2], [6, 4], [0, 4])
      : bytes(2, 1, [1, 2], [0, 2], [1, 2], [6, 4]);
  const packed = new Uint8Array(deflateSync(STORED));
  /** All first bytes, all second ones, … */
  const shuffled = Uint8Array.from(STORED, (_, i) => STORED[(i % 6) * 4 + Math.floor(i / 6)]);

  it.each([1, 2])('went through filters that a message of version %d names', (version) => {
    expect(numbersOf(chunked(2, 3), { begin: oneChunk(packed), filters: gzip(version) })).toEqual(
      Array.from(SIX),
    );
    const both =
      version === 1
        ? bytes(
            1,
            2,
            [0, 6],
            [2, 2],
            [8, 2],
            [1, 2],
            [1, 2],
            'shuffle\0',
            [4, 4],
            [0, 4],
            gzip(1).subarray(8),
          )
        : bytes(2, 2, [2, 2], [1, 2], [1, 2], [4, 4], gzip(2).subarray(2));
    const begin = oneChunk(new Uint8Array(deflateSync(shuffled)));
    expect(numbersOf(chunked(2, 3), { begin, filters: both })).toEqual(Array.from(SIX));
    const plain = oneChunk(STORED, { leftOut: 3 });
    expect(numbersOf(chunked(2, 3), { begin: plain, filters: both })).toEqual(Array.from(SIX));
    const half = oneChunk(shuffled, { leftOut: 2 });
    expect(numbersOf(chunked(2, 3), { begin: half, filters: both })).toEqual(Array.from(SIX));
  });

  it('of chunks at the edge end where the array does', () => {
    // Two chunks of 2×2 for 2×3 numbers: the second has one column of them.
    const first = Float32Array.of(1, -2, 4.5, 0);
    const second = Float32Array.of(3, 99, 6, 99);
    const at = TREE_BYTES + 2 * 40;
    const begin = bytes(
      tree([
        { packed: 16, address: at },
        { packed: 16, address: at + 16, place: [0, 2] },
      ]),
      new Uint8Array(first.buffer),
      new Uint8Array(second.buffer),
    );
    expect(numbersOf(chunked(2, 2), { begin })).toEqual(Array.from(SIX));
  });

  const twice = bytes(tree([{ address: 104 }, { address: 104 }]), STORED);
  const CASES: readonly [string, Uint8Array, Parameters<typeof numbersOf>[1], string][] = [
    ['a layout of version 2', bytes(2, 0), {}, 'expected a layout of version 3 or 4, got 2'],
    ['a layout of version 5', bytes(5, 0), {}, 'expected a layout of version 3 or 4, got 5'],
    ['a layout of a fourth kind', bytes(3, 3), {}, "its layout isn't read: save"],
    ['chunks in a newer layout', bytes(4, 2), {}, "its layout isn't read: save"],
    [
      'a byte too few in the header',
      bytes(3, 0, [23, 2], STORED),
      {},
      'damaged: expected 24 bytes of numbers, got 23',
    ],
    ['no numbers', bytes(3, 1, [-1, 8], [0, 8]), {}, 'has no numbers: expected 24 bytes'],
    [
      'chunks of fewer dimensions',
      chunked(6),
      { begin: oneChunk(STORED) },
      'expected chunks of 2 dimensions, got [6]',
    ],
    ['chunks of no rows', chunked(0, 3), { begin: oneChunk(STORED) }, 'of 2 dimensions, got [0,3]'],
    ['scalars in chunks', chunked(), { shape: [] }, 'expected chunks of 0 dimensions, got []'],
    [
      'a tree of names',
      chunked(2, 3),
      { begin: oneChunk(STORED, {}, { type: 0 }) },
      'in a B-tree below level 32, got type 0, level 0',
    ],
    [
      'a tree of too many levels',
      chunked(2, 3),
      { begin: oneChunk(STORED, {}, { level: 32 }) },
      'in a B-tree below level 32, got type 1, level 32',
    ],
    [
      'a tree in itself',
      chunked(2, 3),
      { begin: oneChunk(STORED, { address: 0 }, { level: 31 }) },
      'in a B-tree below level 31, got type 1, level 31',
    ],
    [
      'a chunk twice',
      chunked(2, 3),
      { begin: twice },
      'expected each chunk once and within [2,3], got one at [0,0]',
    ],
    [
      'a chunk behind the array',
      chunked(2, 3),
      { begin: oneChunk(STORED, { place: [2, 0] }) },
      'within [2,3], got one at [2,0]',
    ],
    [
      'a chunk between others',
      chunked(2, 3),
      { begin: oneChunk(STORED, { place: [1, 0] }) },
      'within [2,3], got one at [1,0]',
    ],
    ['no chunk', chunked(2, 3), { begin: tree([]) }, 'damaged: expected 1 chunks, got 0'],
    [
      'one chunk of two',
      chunked(2, 2),
      { begin: oneChunk(STORED.subarray(0, 16)) },
      'expected 2 chunks, got 1',
    ],
    [
      'a chunk that is too short',
      chunked(2, 3),
      { begin: oneChunk(STORED.subarray(1)) },
      'expected a chunk of 24 bytes, got 23',
    ],
    [
      'too short for zlib',
      chunked(2, 3),
      { begin: oneChunk(packed.subarray(0, 5)), filters: gzip(2) },
      "expected zlib's data, got 5 bytes",
    ],
    [
      'a filter with a name',
      chunked(2, 3),
      {
        begin: oneChunk(STORED),
        filters: bytes(2, 2, [1, 2], [0, 2], [0, 2], [256, 2], [8, 2], [0, 2], [0, 2], 'filter\0\0'),
      },
      'got filter 256',
    ],
  ];
  it.each(CASES)('%s is refused', (_, layout, options, message) => {
    expect(errorOf(() => numbersOf(layout, options))).toContain(message);
  });

  it('of more bytes than deflate can make of the file are refused before memory is taken', () => {
    const most = /expected at most (\d+) bytes in a file of (\d+), got 8000000$/;
    const large = errorOf(() => numbersOf(chunked(2, 3), { begin: oneChunk(STORED), shape: [2, 1_000_000] }));
    expect(large).toMatch(most);
    const chunk = errorOf(() => numbersOf(chunked(2, 1_000_000), { begin: oneChunk(STORED) }));
    expect(chunk).toMatch(most);
  });
});

describe('a shape', () => {
  const shape = (...parts: Piece) => readShape(new Source(bytes(...parts), 'x.h5').at(0));
  it('is of version 1 or 2, of at most 32 dimensions', () => {
    expect(shape(1, 2, 0, 0, [0, 4], [5, 8], [7, 8])).toEqual([5, 7]);
    expect(shape(2, 2, 0, 1, [5, 8], [7, 8])).toEqual([5, 7]);
    expect(shape(2, 0, 0, 0)).toEqual([]);
    expect(shape(2, 0, 0, 2)).toBeNull();
    // What says "null" in version 2 is reserved in version 1.
    expect(shape(1, 1, 0, 2, [0, 4], [5, 8])).toEqual([5]);
    expect(shape(2, 32, 0, 1, new Uint8Array(32 * 8))).toHaveLength(32);
    expect(errorOf(() => shape(2, 33, 0, 1))).toContain('expected at most 32 dimensions, got 33');
    for (const version of [0, 3]) {
      expect(errorOf(() => shape(version, 0, 0, 1))).toContain(`of version 1 or 2, got ${version}`);
    }
  });

  it('has fewer than 2^53 numbers, none where one size is 0', () => {
    const at = new Source(new Uint8Array(0), 'x.h5').at(0);
    expect(countOf([2 ** 26, 2 ** 26, 1], at)).toBe(2 ** 52);
    expect(countOf([2 ** 40, 0, 2 ** 40], at)).toBe(0);
    expect(countOf([], at)).toBe(1);
    expect(errorOf(() => countOf([2 ** 26, 2 ** 27], at))).toContain('expected fewer than 2^53 numbers');
  });
});

describe('a type', () => {
  const type = (...parts: Piece) => readType(new Source(bytes(...parts, new Uint8Array(16)), 'x.h5').at(0));
  /** Its size in bytes, and the bits of exponent and mantissa. */
  const float = (size: number, exponent: number, mantissa: number) =>
    type(0x11, 0x20, 0, 0, [size, 4], [0, 2], [8 * size, 2], 0, exponent, 0, mantissa);
  it.each([
    [2, 5, 10],
    [4, 8, 23],
    [8, 11, 52],
  ])('of %d bytes is IEEE’s float with %d and %d bits alone', (size, exponent, mantissa) => {
    expect(float(size, exponent, mantissa)).toEqual({ kind: 'float', size, name: `float${8 * size}` });
    const other = { kind: 'other', size, name: `float of ${size} bytes` };
    expect(float(size, exponent + 1, mantissa)).toEqual(other);
    expect(float(size, exponent, mantissa - 1)).toEqual(other);
  });

  it.each([
    [0x13, 5, { kind: 'text', size: 5, name: 'text of 5 bytes' }],
    [0x15, 2, { kind: 'opaque', size: 2, name: 'opaque of 2 bytes' }],
    [0x19, 16, { kind: 'other', size: 16, name: 'variable length of 16 bytes' }],
    [0x1b, 3, { kind: 'other', size: 3, name: 'class 11 of 3 bytes' }],
    [0x16, 8, { kind: 'other', size: 8, name: 'compound of 8 bytes' }],
  ])('of class and version %d has its name', (kind, size, expected) => {
    expect(type(kind, 0, 0, 0, [size, 4])).toEqual(expected);
  });

  it('of text of any length is 16 bytes that lead to it', () => {
    expect(type(0x19, 1, 0, 0, [16, 4])).toEqual({ kind: 'variableText', size: 16, name: 'text' });
  });

  it('is big-endian of numbers alone', () => {
    expect(type(0x11, 0x21, 0, 0, [4, 4], [0, 4], 23, 8, 0, 23).name).toBe('big-endian float of 4 bytes');
    expect(type(0x12, 1, 0, 0, [4, 4]).name).toBe('time of 4 bytes');
  });
});

describe('an attribute', () => {
  const number = bytes(0x10, 8, 0, 0, [4, 4], [0, 2], [32, 2]); // int32
  const one = shapeOf();
  /** Of these versions: the parts are filled up to eight bytes in the first. */
  const attribute = (version: number, name: string, value: number) => {
    const fill = (part: Uint8Array) => (version === 1 ? bytes(part, new Uint8Array(-part.length & 7)) : part);
    const named = bytes(name, 0);
    const head = [version, 0, [named.length, 2], [number.length, 2], [one.length, 2]] as const;
    const content = [fill(named), fill(number), fill(one), [value, 4]] as const;
    return bytes(...head, ...(version === 3 ? [0] : []), ...content);
  };

  it.each([1, 2, 3])('of version %d is found by its name', (version) => {
    const { source, messages } = sourceOf(new Uint8Array(0), [
      [ATTRIBUTE, attribute(version, 'first', 1)],
      [ATTRIBUTE, attribute(version, 'second', -2)],
    ]);
    expect(attributeOf(source, messages, 'first')).toBe(1);
    expect(attributeOf(source, messages, 'second')).toBe(-2);
    expect(attributeOf(source, messages, 'third')).toBeUndefined();
  });

  it.each([0, 4])('of version %d is refused', (version) => {
    const { source, messages } = sourceOf(new Uint8Array(0), [[ATTRIBUTE, attribute(version, 'x', 1)]]);
    expect(errorOf(() => attributeOf(source, messages, 'x'))).toContain(
      `expected an attribute of version 1, 2 or 3, got ${version}`,
    );
  });

  /** A text that is in a heap at byte 0, as object 2 of 2. */
  const textOf = (length: number, wanted = 2, heapBytes = 16 + 2 * 24) => {
    const heap = [[1, 2], [0, 6], [3, 8], 'one', [0, 5], [2, 2], [0, 6], [5, 8], 'three', [0, 3]] as const;
    const begin = bytes('GCOL', 1, 0, 0, 0, [heapBytes, 8], ...heap);
    const type = bytes(0x19, 1, 0, 0, [16, 4]);
    const head = bytes(2, 0, [2, 2], [type.length, 2], [one.length, 2], 'x\0', type, one);
    const value = bytes([length, 4], [0, 8], [wanted, 4]);
    const { source, messages } = sourceOf(begin, [[ATTRIBUTE, bytes(head, value)]]);
    return attributeOf(source, messages, 'x');
  };

  it('of text of any length is found in its heap', () => {
    expect(textOf(5)).toBe('three');
    expect(textOf(4)).toBe('thre');
    expect(textOf(3, 1)).toBe('one');
    expect(textOf(9)).toBe('three'); // no more than the heap has
    expect(textOf(0, 7)).toBe(''); // which leads nowhere
    expect(errorOf(() => textOf(5, 3))).toContain('expected text 3 in the heap at byte 0, found none');
    // A heap that ends before its second text.
    expect(errorOf(() => textOf(5, 2, 16 + 24))).toContain('expected text 2 in the heap');
  });
});

describe('an object’s header', () => {
  const header = (...parts: Piece) => messagesOf(new Source(bytes(...parts), 'x.h5'), 0);
  /** Of version 1, with one block of these messages. */
  const old = (...messages: Piece) => {
    const block = bytes(...messages);
    return [1, 0, [9, 2], [1, 4], [block.length, 4], [0, 4], block] as const;
  };

  it('of version 1 has messages in blocks', () => {
    expect(header(...old([5, 2], [8, 2], 0, 0, 0, 0, [7, 8]))).toEqual([{ type: 5, offset: 24, size: 8 }]);
    // What is shared with other objects has no type of its own; a rest of fewer bytes than a message's head is none.
    expect(header(...old([5, 2], [0, 2], 2, 0, 0, 0, [0, 7]))).toEqual([{ type: 0, offset: 24, size: 0 }]);
    // A block at byte 48, which is behind the first.
    const first = old([0x10, 2], [16, 2], 0, 0, 0, 0, [48, 8], [8, 8]);
    expect(header(...first, [0, 8], [6, 2], [0, 2], 0, 0, 0, 0)).toEqual([{ type: 6, offset: 56, size: 0 }]);
  });

  it.each([
    [0, 0, 1],
    [0x20, 16, 1],
    [0x10, 4, 1],
    [0x31, 20, 2],
    [0x02, 0, 4],
    [0x03, 0, 8],
  ])('of version 2 with flags %d has %d more bytes before a size of %d', (flags, more, size) => {
    const begin = 6 + more + size;
    const got = header('OHDR', 2, flags, new Uint8Array(more).fill(9), [4, size], 5, [0, 2], 0);
    expect(got).toEqual([{ type: 5, offset: begin + 4, size: 0 }]);
  });

  it('of version 2 can number its messages', () => {
    const got = header('OHDR', 2, 4, 12, 5, [0, 2], 0, [0, 2], 6, [0, 2], 0, [1, 2]);
    expect(got).toEqual([
      { type: 5, offset: 13, size: 0 },
      { type: 6, offset: 19, size: 0 },
    ]);
  });

  it('of version 2 goes on in blocks that have a name and a checksum', () => {
    const first = ['OHDR', 2, 0, 20, 0x10, [16, 2], 0, [32, 8], [12 + 4, 8], [0, 5]] as const;
    const next = (name: string) => header(...first, name, 5, [0, 2], 0, 6, [0, 2], 0, [0, 4], [0, 8]);
    // 16 bytes less name and checksum: two messages of four.
    expect(next('OCHK')).toEqual([
      { type: 5, offset: 40, size: 0 },
      { type: 6, offset: 44, size: 0 },
    ]);
    expect(errorOf(() => next('OCHX'))).toContain('expected a part of a header (OCHK) at byte 32');
  });

  it.each<[string, Piece, string]>([
    ['version 0', [0], "expected an object's header of version 1 or 2, got 0"],
    ['version 2 without its name', [2], "expected an object's header of version 1 or 2, got 2"],
    ['version 3', ['OHDR', 3], "expected an object's header of version 2, got 3"],
    ['a message longer than it', old([5, 2], [1, 2], 0, 0, 0, 0), 'a message of 1 bytes within its header'],
    ['a block longer than the file', [1, 0, [1, 2], [1, 4], [1, 4], [0, 4]], 'expected 1 bytes at byte 16'],
  ])('of %s is refused', (_, parts, message) => {
    expect(errorOf(() => header(...parts))).toContain(message);
  });
});

describe('a group', () => {
  const linkInfo = (flags: number, heap: number) =>
    bytes(0, flags, ...(flags & 1 ? [[9, 8] as const] : []), [heap, 8], [-1, 8]);
  const links = (...messages: readonly Uint8Array[]) => {
    const all = messages.map((message) => [LINK, message] as const);
    const made = sourceOf(new Uint8Array(0), [[LINK_INFO, linkInfo(1, -1)], ...all]);
    return [...(linksOf(made.source, made.messages) ?? [])];
  };

  it.each<[number, Piece]>([
    [0, [1, 'x', [40, 8]]],
    [1, [[1, 2], 'x', [40, 8]]],
    [4, [[9, 8], 1, 'x', [40, 8]]],
    [8, [0, 1, 'x', [40, 8]]],
    [16, [1, 1, 'x', [40, 8]]],
    [31, [0, [9, 8], 1, [1, 8], 'x', [40, 8]]],
  ])('has links with flags %d', (flags, parts) => {
    expect(links(bytes(1, flags, ...parts))).toEqual([['x', 40]]);
  });

  it('has links to other places, which lead nowhere', () => {
    expect(links(bytes(1, 8, 1, 4, 'soft', [2, 2], '/x'))).toEqual([['soft', null]]);
    expect(links(bytes(1, 8, 64, 1, 'e', [2, 2], 'xx'))).toEqual([['e', null]]);
  });

  it('with its links in a heap that isn’t there is refused; without links it is none', () => {
    for (const flags of [0, 1]) {
      const { source, messages } = sourceOf(new Uint8Array(0), [[LINK_INFO, linkInfo(flags, 40)]]);
      expect(errorOf(() => linksOf(source, messages))).toContain('expected a fractal heap (FRHP) at byte 40');
    }
    expect(linksOf(new Source(new Uint8Array(8), 'x.h5'), [])).toBeNull();
  });

  /** The names in the heap at byte 0, and a tree behind it. */
  const symbols = (options: { type?: number; level?: number; name?: number; cache?: number }) => {
    const { type = 0, level = 0, name = 0, cache = 0 } = options;
    const heap = bytes('HEAP', 0, 0, 0, 0, [8, 8], [-1, 8], [32, 8], 'x\0\0\0y\0\0\0');
    const node = bytes('TREE', type, level, [1, 2], [-1, 8], [-1, 8], [0, 8], [88, 8], [4, 8]);
    expect([heap.length, heap.length + node.length]).toEqual([40, 88]);
    const list = bytes('SNOD', 1, 0, [1, 2], [name, 8], [77, 8], [cache, 4], [0, 20]);
    const { source, messages } = sourceOf(bytes(heap, node, list), [[SYMBOL_TABLE, bytes([40, 8], [0, 8])]]);
    return [...(linksOf(source, messages) ?? [])];
  };

  it('of the old kind has names in a heap and a tree that leads to them', () => {
    expect(symbols({})).toEqual([['x', 77]]);
    expect(symbols({ name: 4 })).toEqual([['y', 77]]);
    expect(symbols({ cache: 1 })).toEqual([['x', 77]]);
    expect(symbols({ cache: 2 })).toEqual([['x', null]]); // a soft link
    expect(symbols({ name: 7 })).toEqual([['', 77]]);
    expect(errorOf(() => symbols({ name: 8 }))).toContain('expected a name within its heap, got place 8');
    expect(errorOf(() => symbols({ type: 1 }))).toContain('B-tree below level 32, got type 1, level 0');
    expect(errorOf(() => symbols({ level: 32 }))).toContain('B-tree below level 32, got type 0, level 32');
    expect(errorOf(() => symbols({ level: 31 }))).toContain('expected a B-tree (TREE) at byte 88');
  });
});
