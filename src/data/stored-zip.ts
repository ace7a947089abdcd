/**
 * Zip archives whose members are in them as they are, as `numpy.savez` makes them.
 *
 *   local header, name, data | … | directory: header, name | … | end record
 *
 * The same members give the same bytes: all bear the date at which the format's time begins. Source: as in zip.ts.
 */
import { DataError } from './errors.ts';
import { CENTRAL_HEADER, END_RECORD, LOCAL_HEADER, STORED, type Unpacker, UTF8_NAME } from './zip.ts';

/** 2.0: the version of the format that a reader must know. */
const VERSION = 20;
/** 1 January 1980. */
const DATE = (1 << 5) | 1;
/** What 32 and 16 bits can count; past them begins zip64. */
const MOST_BYTES = 0xffffffff;
const MOST_MEMBERS = 0xffff;

interface Member {
  readonly name: Uint8Array;
  readonly data: Uint8Array;
}

/**
 * The bytes of an archive of these members, in their order.
 * @param file what messages call it
 * @throws DataError where there are more members or bytes than the format can count.
 */
export function storedZip(
  members: ReadonlyMap<string, Uint8Array>,
  file: string,
  { crc32 }: Pick<Unpacker, 'crc32'>,
): Uint8Array<ArrayBuffer> {
  const named = Array.from(members, ([name, data]) => ({ name: new TextEncoder().encode(name), data }));
  const writer = new Writer(sizeOf(named, file));
  const places = named.map((member) => {
    const place = { headerAt: writer.at, crc: crc32(member.data) };
    writer.u32(LOCAL_HEADER.signature);
    describe(writer, member, place.crc);
    writer.put(member.name);
    writer.put(member.data);
    return place;
  });
  const directoryAt = writer.at;
  for (const [i, member] of named.entries()) {
    writer.u32(CENTRAL_HEADER.signature);
    writer.u16(VERSION); // the writer's
    describe(writer, member, places[i].crc);
    writer.at += 10; // comment, disk, attributes: none
    writer.u32(places[i].headerAt);
    writer.put(member.name);
  }
  const directoryBytes = writer.at - directoryAt;
  writer.u32(END_RECORD.signature);
  writer.u32(0); // disks
  writer.u16(named.length);
  writer.u16(named.length);
  writer.u32(directoryBytes);
  writer.u32(directoryAt);
  writer.u16(0); // comment
  return writer.bytes;
}

/** Bytes of the archive. @throws DataError where the format can't count them, or the members. */
function sizeOf(members: readonly Member[], file: string): number {
  const headers = LOCAL_HEADER.bytes + CENTRAL_HEADER.bytes;
  const size = members.reduce(
    (sum, { name, data }) => sum + headers + 2 * name.length + data.length,
    END_RECORD.bytes,
  );
  const longest = members.reduce((most, { name }) => Math.max(most, name.length), 0);
  if (size > MOST_BYTES || members.length > MOST_MEMBERS || longest > 0xffff) {
    throw new DataError(
      file,
      `too large for an archive: expected at most ${MOST_BYTES} bytes and ${MOST_MEMBERS} members, ` +
        `got ${size} and ${members.length}`,
    );
  }
  return size;
}

/** Writes what both headers have of a member. */
function describe(writer: Writer, { name, data }: Member, crc: number): void {
  writer.u16(VERSION);
  writer.u16(UTF8_NAME);
  writer.u16(STORED);
  writer.u16(0); // time
  writer.u16(DATE);
  writer.u32(crc);
  writer.u32(data.length); // packed
  writer.u32(data.length);
  writer.u16(name.length);
  writer.u16(0); // extra field
}

/** Numbers, little-endian, and bytes, one after the other. */
class Writer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the next one goes. */
  at = 0;
  readonly #view: DataView;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
  }

  u16(value: number): void {
    this.#view.setUint16(this.at, value, true);
    this.at += 2;
  }

  u32(value: number): void {
    this.#view.setUint32(this.at, value, true);
    this.at += 4;
  }

  put(part: Uint8Array): void {
    this.bytes.set(part, this.at);
    this.at += part.length;
  }
}
