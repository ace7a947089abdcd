/**
 * HDF5 in h5py's default layout, as much of it as Keras' files need: groups, arrays of float32 in one piece, text as attributes.
 *
 *   superblock | for each object, inner ones first: numbers, header; or heap of names, lists of links, B-tree, header
 *
 * The same content gives the same bytes: there are no times in it. Source: as in file.ts.
 */
import { joined } from '../../data/fetch-bytes.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { putNumbers } from '../numbers.ts';
import { SIGNATURE } from './file.ts';
import { ATTRIBUTE, DATASPACE, DATATYPE, LAYOUT, SYMBOL_TABLE } from './object-header.ts';

/** What is written: groups within groups, with arrays at their ends. */
export interface GroupContent {
  readonly attributes?: Readonly<Record<string, string>>;
  readonly members: ReadonlyMap<string, GroupContent | Tensor>;
}

/** Half of the most links in a list (SNOD) and of the most children of a node (TREE), as the superblock says them. */
const LINKS = 4;
const CHILDREN = 16;
/** An address that leads nowhere. */
const NOTHING = 0xffffffffffffffffn;
/** An address, or a length. */
const WORD = 8;

/**
 * The bytes of a file with this root group.
 * @param file what messages call it
 * @throws FormatError where a number isn't finite.
 */
export function encodeHdf5(root: GroupContent, file: string): Uint8Array {
  const writer = new Writer(file);
  writer.reserve(SUPERBLOCK_BYTES);
  const { header, tree, heap } = writer.group(root, '/');
  writer.superblock(header, tree, heap);
  return writer.bytes();
}

const SUPERBLOCK_BYTES = 96;

/** What a node of a tree leads to: a list or a node, and the place of its last name. */
interface Child {
  readonly address: number;
  readonly last: number;
}

interface GroupPlace {
  readonly header: number;
  readonly tree: number;
  readonly heap: number;
}

/** Bytes that grow; every piece begins at a multiple of eight. */
class Writer {
  readonly #file: string;
  #bytes = new Uint8Array(2 ** 16);
  #end = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** Room for so many bytes, zero; @returns where it begins. */
  reserve(size: number): number {
    const begin = this.#end;
    this.#end += padded(size);
    if (this.#end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#end));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return begin;
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#end);
  }

  /** Fields one after the other: [value, bytes], or text. @returns where the last one ends. */
  #put(
    at: number,
    ...fields: readonly (readonly [value: number | bigint, bytes: number] | string | Uint8Array)[]
  ): number {
    let to = at;
    for (const field of fields) {
      if (typeof field === 'string') {
        for (const character of field) this.#bytes[to++] = character.charCodeAt(0);
      } else if ('byteLength' in field) {
        this.#bytes.set(field, to);
        to += field.length;
      } else {
        const [value, bytes] = field;
        let rest = BigInt(value);
        for (let b = 0; b < bytes; b++, rest >>= 8n) this.#bytes[to++] = Number(rest & 255n);
      }
    }
    return to;
  }

  superblock(root: number, tree: number, heap: number): void {
    const end = this.#end;
    this.#put(
      0,
      SIGNATURE,
      ...([0, 0, 0, 0, 0, WORD, WORD, 0] as const).map((v) => [v, 1] as const),
      [LINKS, 2],
      [CHILDREN, 2],
      [0, 4],
      ...[0n, NOTHING, BigInt(end), NOTHING].map((v) => [v, WORD] as const), // base, free space, end, drivers
      ...this.#symbol(0, root, { tree, heap }),
    );
  }

  /** A link: name's place, address, and, of a group, where its tree and its heap are. */
  #symbol(
    name: number,
    address: number,
    group: { readonly tree: number; readonly heap: number } | null,
  ): (readonly [number, number])[] {
    return [
      [name, WORD],
      [address, WORD],
      [group ? 1 : 0, 4],
      [0, 4],
      [group?.tree ?? 0, WORD],
      [group?.heap ?? 0, WORD],
    ];
  }

  group({ members, attributes = {} }: GroupContent, path: string): GroupPlace {
    // By their bytes, as the format wants it.
    const sorted = [...members].sort(([a], [b]) => compare(utf8(a), utf8(b)));
    const objects = sorted.map(([name, member]) => {
      const own = `${path === '/' ? '' : path}/${name}`;
      if ('members' in member) {
        const place = this.group(member, own);
        return { name, address: place.header, place };
      }
      return { name, address: this.#array(member, own), place: null };
    });
    const { heap, places } = this.#heap(objects.map(({ name }) => name));
    const tree = this.#tree(
      objects.map(({ address, place }, i) => this.#symbol(places[i], address, place)),
      places,
    );
    const header = this.#header([
      [SYMBOL_TABLE, fields([tree, WORD], [heap, WORD])],
      ...Object.entries(attributes).map(([name, text]) => [ATTRIBUTE, textAttribute(name, text)] as const),
    ]);
    return { header, tree, heap };
  }

  /** The first name is the empty one, to which a tree's first key leads. */
  #heap(names: readonly string[]): { heap: number; places: number[] } {
    const encoded = names.map((name) => utf8(name));
    const places: number[] = [];
    let size = WORD;
    for (const name of encoded) {
      places.push(size);
      size += padded(name.length + 1);
    }
    const heap = this.reserve(32);
    const data = this.reserve(size);
    // Free list: 1 means that nothing is free.
    this.#put(heap, 'HEAP', [0, 4], [size, WORD], [1, WORD], [data, WORD]);
    for (const [i, name] of encoded.entries()) this.#put(data + places[i], name);
    return { heap, places };
  }

  /** Lists of links, and above them nodes, until one has all. */
  #tree(symbols: readonly (readonly (readonly [number, number])[])[], places: readonly number[]): number {
    const lists = split(symbols, 2 * LINKS).map((own, l): Child => {
      const at = this.reserve(8 + 2 * LINKS * 40);
      this.#put(at, 'SNOD', [1, 1], [0, 1], [own.length, 2], ...own.flat());
      return { address: at, last: places[l * 2 * LINKS + own.length - 1] };
    });
    return this.#nodes(lists, 0);
  }

  #nodes(children: readonly Child[], level: number): number {
    const groups = children.length === 0 ? [[]] : split(children, 2 * CHILDREN);
    const places = groups.map(() => this.reserve(24 + (4 * CHILDREN + 1) * WORD));
    let before = 0; // a key is the last name before what comes after it
    const nodes = groups.map((own, g): Child => {
      const first = before;
      before = own.at(-1)?.last ?? 0;
      this.#put(
        places[g],
        'TREE',
        [0, 1], // of a group
        [level, 1],
        [own.length, 2],
        [places[g - 1] ?? NOTHING, WORD],
        [places[g + 1] ?? NOTHING, WORD],
        [first, WORD],
        ...own.flatMap(({ address, last }) => [[address, WORD] as const, [last, WORD] as const]),
      );
      return { address: places[g], last: before };
    });
    return nodes.length === 1 ? nodes[0].address : this.#nodes(nodes, level + 1);
  }

  #array(tensor: Tensor, path: string): number {
    const bytes = tensor.data.byteLength;
    const data = this.reserve(bytes);
    putNumbers(this.#bytes, data, tensor, path, this.#file);
    const rank = tensor.shape.length;
    const shape = [...tensor.shape, ...tensor.shape].map((size) => [size, WORD] as const); // and the most: the same
    return this.#header([
      [DATASPACE, fields([1, 1], [rank, 1], [rank === 0 ? 0 : 1, 1], [0, 5], ...shape)],
      [DATATYPE, fields(...FLOAT32)],
      [FILL_VALUE, fields([2, 1], [2, 1], [2, 1], [1, 1], [0, 4])], // version, when, when, defined, none
      [LAYOUT, fields([3, 1], [1, 1], [bytes === 0 ? NOTHING : data, WORD], [bytes, WORD])],
    ]);
  }

  #header(messages: readonly (readonly [type: number, content: Uint8Array])[]): number {
    const size = messages.reduce((sum, [, content]) => sum + 8 + padded(content.length), 0);
    const header = this.reserve(16 + size);
    let at = this.#put(header, [1, 1], [0, 1], [messages.length, 2], [1, 4], [size, 4], [0, 4]);
    for (const [type, content] of messages) {
      at = this.#put(at, [type, 2], [padded(content.length), 2], [0, 1], [0, 3], content);
      at = header + padded(at - header);
    }
    return header;
  }
}

const FILL_VALUE = 0x05;

/** Class 1, version 1; little-endian, normalised, sign in bit 31 | 4 bytes | bits from 0, 32 of them | exponent | mantissa | bias. */
const FLOAT32 = [
  [0x11, 1],
  [0x20, 1],
  [31, 1],
  [0, 1],
  [4, 4],
  [0, 2],
  [32, 2],
  [23, 1],
  [8, 1],
  [0, 1],
  [23, 1],
  [127, 4],
] as const;

/** Version 1: each part filled up to eight; text of a fixed length, UTF-8, filled with zeros. */
function textAttribute(name: string, text: string): Uint8Array {
  const bytes = utf8(text);
  const size = Math.max(1, bytes.length);
  const type = fields([0x13, 1], [0x11, 1], [0, 2], [size, 4]);
  const space = fields([1, 1], [0, 7]);
  const named = utf8(`${name}\0`);
  return fields(
    ...([
      [1, 1],
      [0, 1],
      [named.length, 2],
      [type.length, 2],
      [space.length, 2],
    ] as const),
    filled(named),
    type,
    space,
    filled(bytes.length > 0 ? bytes : Uint8Array.of(0)),
  );
}

/** Fields as bytes, little-endian: [value, bytes]. */
function fields(
  ...given: readonly (readonly [value: number | bigint, bytes: number] | Uint8Array)[]
): Uint8Array {
  const parts = given.map((field) => {
    if ('byteLength' in field) return field;
    const [value, size] = field;
    const bytes = new Uint8Array(size);
    for (let b = 0, rest = BigInt(value); b < size; b++, rest >>= 8n) bytes[b] = Number(rest & 255n);
    return bytes;
  });
  return joined(
    parts,
    parts.reduce((sum, { length }) => sum + length, 0),
  );
}

function split<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

function filled(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(padded(bytes.length));
  out.set(bytes);
  return out;
}

function padded(size: number): number {
  return 8 * Math.ceil(size / 8);
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}
