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

/**
 * The bytes of an archive of these members, in their order.
 * @param file what messages call it
 * @throws DataError where there are more members or bytes than the format can count.
 */
export function storedZip(
  members: ReadonlyMap<string, Uint8Array>,
  file: string,
  { crc32 }: Pick<Unpacker, 'crc32'>,
): Uint8Array {
  const named = Array.from(members, ([name, data]) => ({ name: new TextEncoder().encode(name), data }));
  const headers = LOCAL_HEADER.bytes + CENTRAL_HEADER.bytes;
  const size = named.reduce(
    (sum, { name, data }) => sum + headers + 2 * name.length + data.length,
    END_RECORD.bytes,
  );
  const longest = named.reduce((most, { name }) => Math.max(most, name.length), 0);
  if (size > MOST_BYTES || named.length > MOST_MEMBERS || longest > 0xffff) {
    throw new DataError(
      file,
      `too large for an archive: expected at most ${MOST_BYTES} bytes and ${MOST_MEMBERS} members, ` +
        `got ${size} and ${named.length}`,
    );
  }
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const u16 = (value: number): void => {
    view.setUint16(at, value, true);
    at += 2;
  };
  const u32 = (value: number): void => {
    view.setUint32(at, value, true);
    at += 4;
  };
  const put = (part: Uint8Array): void => {
    bytes.set(part, at);
    at += part.length;
  };
  /** What both headers have of a member. */
  const describe = ({ name, data }: (typeof named)[number], crc: number): void => {
    u16(VERSION);
    u16(UTF8_NAME);
    u16(STORED);
    u16(0); // time
    u16(DATE);
    u32(crc);
    u32(data.length); // packed
    u32(data.length);
    u16(name.length);
    u16(0); // extra field
  };

  const places = named.map((member) => {
    const place = { headerAt: at, crc: crc32(member.data) };
    u32(LOCAL_HEADER.signature);
    describe(member, place.crc);
    put(member.name);
    put(member.data);
    return place;
  });
  const directoryAt = at;
  for (const [i, member] of named.entries()) {
    u32(CENTRAL_HEADER.signature);
    u16(VERSION); // the writer's
    describe(member, places[i].crc);
    at += 10; // comment, disk, attributes: none
    u32(places[i].headerAt);
    put(member.name);
  }
  const directoryBytes = at - directoryAt;
  u32(END_RECORD.signature);
  u32(0); // disks
  u16(named.length);
  u16(named.length);
  u32(directoryBytes);
  u32(directoryAt);
  u16(0); // comment
  return bytes;
}
