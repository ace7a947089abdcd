/**
 * A fractal heap: where a group has its links when they are more than eight, and new in kind. h5py writes one wherever names of layers go beyond
 * ASCII. Blocks double in size from row to row; in each, links follow one another.
 *
 *   FRHP   header: sizes, counts, the root's address and its rows; no rows: the root is the only block of links
 *   FHIB   addresses of blocks, `width` a row
 *   FHDB   links
 *
 * The B-tree of their names beside it isn't read. Source: HDF5 File Format Specification 3.0, III.G.
 */
import type { Cursor, Source } from './cursor.ts';

/** What a block begins with: FHDB or FHIB, version, the header's address; its place in the heap follows. */
const HEAD = 4 + 1 + 8;
/** What each link begins with: its version. */
const LINK_VERSION = 1;

/**
 * Calls `read` at each link, which moves on to its end.
 * @param advice for whoever has a heap that isn't read
 * @throws FormatError where these aren't the links that it counts: it is damaged, links were taken away, or there are more than some ten thousand.
 */
export function readLinksOfHeap(
  source: Source,
  address: number,
  read: (at: Cursor) => void,
  advice: string,
): void {
  const at = source.at(address);
  at.expect('FRHP', 'a fractal heap');
  at.skip(1 + 2 + 2);
  const hasChecksums = (at.u8() & 2) !== 0;
  at.skip(4 + 2 * 8);
  const free = at.u64();
  at.skip(4 * 8);
  const count = at.u64();
  at.skip(8);
  const large = at.u64(); // which are elsewhere
  at.skip(8 + 8);
  const width = at.u16();
  const start = at.u64();
  const mostDirect = at.u64();
  const placeBytes = Math.ceil(at.u16() / 8);
  at.skip(2);
  const root = at.u64();
  const rows = at.u16();

  const head = HEAD + placeBytes + (hasChecksums ? 4 : 0);
  let found = 0;
  let unused = 0;
  const readBlock = (block: number, size: number): void => {
    source.step();
    const links = source.at(block);
    links.expect('FHDB', 'a block of links');
    links.offset = block + head;
    while (found < count && links.offset < block + size && source.bytes[links.offset] === LINK_VERSION) {
      read(links);
      found++;
    }
    unused += block + size - links.offset;
  };
  if (rows === 0) readBlock(root, start);
  else {
    const children = source.at(root);
    children.expect('FHIB', 'a list of blocks');
    children.skip(HEAD - 4 + placeBytes);
    for (let i = 0; i < rows * width; i++) {
      source.step();
      const size = start * 2 ** Math.max(0, Math.floor(i / width) - 1);
      const child = children.address();
      if (child !== null && size <= mostDirect) readBlock(child, size);
      else unused += size - head; // of a block that isn't there yet
    }
  }
  // Links that were taken away still stand in what is free.
  if (found === count && unused === free && large === 0) return;
  throw source.fault(
    `a group has ${count + large} links in a fractal heap, where ${found} could be read: ${advice}`,
  );
}
