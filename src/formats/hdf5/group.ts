/**
 * What is in a group: names, and the addresses of their objects. h5py writes the old way:
 *
 *   symbol table message   address of a B-tree, address of a heap of names
 *   B-tree                 TREE, 0, level, number of children (2), neighbours (16) | key, child, key, child … key
 *   a leaf's child         SNOD, 1, 0, number (2) | name's place in the heap (8), address (8), 24 more bytes | …
 *
 * and with `libver='latest'`, or where names aren't ASCII, a link message for each, or more than eight of them in a heap (fractal-heap.ts). Source: HDF5 File Format Specification
 * 3.0, III.A.1 (B-tree), III.B (symbol table), III.D (heap), IV.A.2.g (link).
 */
import { type Cursor, type Source, textOf } from './cursor.ts';
import { readLinksOfHeap } from './fractal-heap.ts';
import { LINK, LINK_INFO, type Message, SYMBOL_TABLE } from './object-header.ts';

/** Addresses by names; null: a link to another place (soft or external), which isn't followed. */
export type Links = ReadonlyMap<string, number | null>;

/** The longest name that is read, in bytes. */
const LONGEST_NAME = 1024;
/** Bytes of a name that weigh as much as a structure. */
const BYTES_A_STEP = 8;

/** B-trees of 2^64 children have fewer levels. */
const MOST_LEVELS = 32;

/** The links of a group with these messages; null: it is none. */
export function linksOf(source: Source, messages: readonly Message[]): Links | null {
  const table = messages.find(({ type }) => type === SYMBOL_TABLE);
  if (table) return symbolTable(source, table.offset);
  const info = messages.find(({ type }) => type === LINK_INFO);
  if (!info) return null;
  const links = new Map<string, number | null>();
  const heap = heapOf(source, info.offset);
  if (heap !== null) readLinksOfHeap(source, heap, (at) => readLink(at, links), SAVE_AGAIN);
  for (const message of messages) {
    if (message.type === LINK) readLink(source.at(message.offset), links);
  }
  return links;
}

function symbolTable(source: Source, offset: number): Links {
  const at = source.at(offset);
  const tree = at.u64();
  const heap = source.at(at.u64());
  heap.expect('HEAP', 'a heap of names');
  heap.skip(4);
  const size = heap.u64();
  heap.skip(8);
  const names = source.at(heap.u64()).take(size);
  const links = new Map<string, number | null>();
  const visit = (address: number, above: number): void => {
    source.step();
    const node = source.at(address);
    node.expect('TREE', 'a B-tree');
    const type = node.u8();
    const level = node.u8();
    if (type !== 0 || level >= above) {
      throw source.fault(
        `damaged: expected a group's B-tree below level ${above}, got type ${type}, level ${level}`,
      );
    }
    const children = node.u16();
    node.skip(16 + 8); // neighbours, first key
    for (let c = 0; c < children; c++) {
      const child = node.u64();
      node.skip(8);
      if (level > 0) visit(child, level);
      else readSymbols(source, child, names, links);
    }
  };
  visit(tree, MOST_LEVELS);
  return links;
}

function readSymbols(
  source: Source,
  address: number,
  names: Uint8Array,
  links: Map<string, number | null>,
): void {
  const at = source.at(address);
  at.expect('SNOD', 'a list of links');
  at.skip(2);
  const count = at.u16();
  for (let i = 0; i < count; i++) {
    source.step();
    const name = at.u64();
    const object = at.address();
    const cache = at.u32();
    at.skip(4 + 16);
    if (name >= names.length)
      throw source.fault(`damaged: expected a name within its heap, got place ${name}`);
    add(source, links, names.subarray(name, name + LONGEST_NAME), cache === 2 ? null : object);
  }
}

/** The link here; behind it the cursor is at its end. */
function readLink(at: Cursor, links: Map<string, number | null>): void {
  at.skip(1);
  const flags = at.u8();
  const type = flags & 8 ? at.u8() : 0;
  if (flags & 4) at.skip(8); // order of creation
  if (flags & 16) at.skip(1); // character set
  const name = at.take(at.uint(1 << (flags & 3)));
  const object = type === 0 ? at.u64() : null;
  if (object === null) at.skip(at.u16()); // where it leads
  add(at.source, links, name, object);
}

function add(
  source: Source,
  links: Map<string, number | null>,
  bytes: Uint8Array,
  object: number | null,
): void {
  const name = textOf(bytes);
  source.step(name.length / BYTES_A_STEP);
  if (links.has(name))
    throw source.fault(`damaged: expected names that differ, got ${JSON.stringify(name)} twice`);
  links.set(name, object);
}

/** The heap with the links; null: they are in the header. */
function heapOf(source: Source, offset: number): number | null {
  const at = source.at(offset);
  at.skip(1);
  if (at.u8() & 1) at.skip(8); // highest order of creation
  return at.address();
}

/** What to do with a file that is HDF5 and isn't written as Keras does it. */
export const SAVE_AGAIN = 'save the model from Keras again (h5py with libver="earliest", its default)';
