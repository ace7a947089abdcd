/**
 * Members of a zip archive, by name: the little of the format that NumPy's archives use.
 *
 * The end record points to the central directory, which lists every member with its sizes and the place of
 * its local header; the member's data is after that. Nothing is written anywhere: a member's name is
 * only compared with the names that are asked for, and never becomes a path.
 *
 * Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end
 * record), 4.4.4 (bit 11: names in UTF-8). Not read: encryption, split archives, and zip64's large sizes, which lie above `MAX_BYTES` anyway.
 * (NumPy writes zip64 fields into local headers always; the central directory has the sizes all the same.)
 */
import { listed } from '../checks/describe.ts';
import { DataError } from './errors.ts';
import { MAX_BYTES } from './limits.ts';
import { characters, quote } from './text.ts';

export const LOCAL_HEADER = { signature: 0x04034b50, bytes: 30 };
export const CENTRAL_HEADER = { signature: 0x02014b50, bytes: 46 };
export const END_RECORD = { signature: 0x06054b50, bytes: 22, maxComment: 0xffff };
export const STORED = 0;
const DEFLATED = 8;
/** The most members of an archive that is read as a whole: four weights for each of the 4,096 layers that a model may have. */
const MAX_MEMBERS = 2 ** 14;
/** Bits of a member's flags. */
const ENCRYPTED = 1;
export const UTF8_NAME = 1 << 11;

/** What the platform does for archives. */
export interface Unpacker {
  /**
   * Unpacks deflate.
   * @param promised its unpacked size, as the archive says
   * @throws DataError where the data is damaged or cut off, or unpacks to more than that; the message begins with `name`.
   */
  inflate(packed: Uint8Array, promised: number, name: string): Uint8Array;
  /** CRC-32, from 0 to 2^32 − 1. */
  crc32(bytes: Uint8Array): number;
}

interface Member {
  readonly encrypted: boolean;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly headerAt: number;
}

/**
 * The members called `names`, unpacked, in that order.
 * @param file what messages call the archive
 * @param limit most bytes that these members may have together
 * @throws DataError where this is no zip archive, a member is missing, there twice, damaged, packed in a way
 * that isn't read here, or all of them are larger than `limit`.
 */
export function readZip(
  bytes: Uint8Array,
  names: readonly string[],
  file: string,
  unpacker: Unpacker,
  limit = MAX_BYTES,
): Uint8Array[] {
  const view = viewOf(bytes);
  const members = centralDirectory(bytes, view, new Set(names), file);
  const wanted = names.map((name) => {
    const member = members.get(name);
    if (member === undefined) {
      const there = listed([...centralDirectory(bytes, view, null, file).keys()].map(quote)) || 'none';
      throw new DataError(file, `a member is missing: expected ${name}, got ${there}`);
    }
    return { name, member };
  });
  expectRoom(
    wanted.map(({ name, member }) => [name, member]),
    limit,
    file,
  );
  return wanted.map(({ name, member }) => unpackMember(bytes, view, member, `${file}: ${name}`, unpacker));
}

/**
 * All members of an archive by name, unpacked.
 * @throws DataError as readZip does; and where they are more than `MAX_MEMBERS`, claim more than their archive has room for, or
 * are together larger than `limit` and than the archive.
 */
export function readWholeZip(
  bytes: Uint8Array,
  file: string,
  unpacker: Unpacker,
  limit = MAX_BYTES,
): Map<string, Uint8Array> {
  const view = viewOf(bytes);
  const members = centralDirectory(bytes, view, null, file);
  if (members.size > MAX_MEMBERS) {
    throw new DataError(file, `too many members: expected at most ${MAX_MEMBERS}, got ${members.size}`);
  }
  const packed = Array.from(members.values()).reduce((sum, { packedBytes }) => sum + packedBytes, 0);
  // Members that share their bytes would make an archive of megabytes one of terabytes.
  if (packed > bytes.length) {
    throw new DataError(file, `members overlap: expected at most ${bytes.length} bytes, got ${packed}`);
  }
  const most = Math.max(limit, bytes.length);
  expectRoom(
    Array.from(members, ([name, member]) => [quote(name), member]),
    most,
    file,
  );
  return new Map(
    Array.from(members, ([name, member]) => [
      name,
      unpackMember(bytes, view, member, `${file}: ${quote(name)}`, unpacker),
    ]),
  );
}

/** The names of all members. @throws DataError where this is no zip archive, or its directory is damaged. */
export function memberNames(bytes: Uint8Array, file: string): string[] {
  return [...centralDirectory(bytes, viewOf(bytes), null, file).keys()];
}

/** @throws DataError where one member, or all of them together, are larger than `limit`. */
function expectRoom(
  members: readonly (readonly [name: string, Member])[],
  limit: number,
  file: string,
): void {
  let sum = 0;
  for (const [name, { bytes }] of members) {
    const most = `expected at most ${limit} bytes unpacked`;
    if (bytes > limit) throw new DataError(`${file}: ${name}`, `too large: ${most}, got ${bytes}`);
    sum += bytes;
    if (sum > limit) throw new DataError(file, `too large: ${most}, got ${sum} or more`);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Where the wanted members are, by name; null: all are wanted. */
function centralDirectory(
  bytes: Uint8Array,
  view: DataView,
  wanted: ReadonlySet<string> | null,
  file: string,
): Map<string, Member> {
  const end = findEndRecord(view, file);
  const count = view.getUint16(end + 10, true);
  const members = new Map<string, Member>();
  let at = view.getUint32(end + 16, true);
  for (let m = 0; m < count; m++) {
    expectHeader(view, at, CENTRAL_HEADER, `entry ${m + 1} of ${count} in the directory`, file);
    const nameAt = at + CENTRAL_HEADER.bytes;
    const nameBytes = view.getUint16(at + 28, true);
    const flags = view.getUint16(at + 8, true);
    const name = nameOf(bytes.subarray(nameAt, nameAt + nameBytes), flags);
    if (!wanted || wanted.has(name)) {
      if (members.has(name)) throw new DataError(file, `member names must differ: got ${quote(name)} twice`);
      members.set(name, {
        encrypted: (flags & ENCRYPTED) !== 0,
        method: view.getUint16(at + 10, true),
        crc: view.getUint32(at + 16, true),
        packedBytes: view.getUint32(at + 20, true),
        bytes: view.getUint32(at + 24, true),
        headerAt: view.getUint32(at + 42, true),
      });
    }
    at = nameAt + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return members;
}

/** What isn't UTF-8 by its flag is in a code page that nobody uses: names that anybody asks for are ASCII then. */
function nameOf(bytes: Uint8Array, flags: number): string {
  // A copy: browsers decode no shared memory.
  return flags & UTF8_NAME ? new TextDecoder().decode(new Uint8Array(bytes)) : characters(bytes);
}

/** The end record closes the file, except for a comment, whose length it holds. */
function findEndRecord(view: DataView, file: string): number {
  const last = view.byteLength - END_RECORD.bytes;
  for (let at = last; at >= 0 && at >= last - END_RECORD.maxComment; at--) {
    if (view.getUint32(at, true) !== END_RECORD.signature) continue;
    if (at + END_RECORD.bytes + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  throw new DataError(file, 'not a zip archive, or truncated: expected an end record at its end, found none');
}

function unpackMember(
  bytes: Uint8Array,
  view: DataView,
  member: Member,
  name: string,
  unpacker: Unpacker,
): Uint8Array {
  if (member.encrypted) throw new DataError(name, 'must not be encrypted');
  const header = member.headerAt;
  expectHeader(view, header, LOCAL_HEADER, 'its header', name);
  // The local header's name and extra field may be longer than the directory's, so their lengths are read here.
  const start =
    header + LOCAL_HEADER.bytes + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
  if (start + member.packedBytes > bytes.length) {
    throw new DataError(
      name,
      `truncated: expected ${member.packedBytes} bytes from byte ${start}, got ${Math.max(0, bytes.length - start)}`,
    );
  }
  const packed = bytes.subarray(start, start + member.packedBytes);
  const data = inflate(packed, member, name, unpacker);
  if (data.length !== member.bytes) {
    throw new DataError(name, `damaged: expected ${member.bytes} bytes unpacked, got ${data.length}`);
  }
  const crc = unpacker.crc32(data);
  if (crc !== member.crc) {
    throw new DataError(name, `damaged: expected checksum ${member.crc}, got ${crc}`);
  }
  return data;
}

function inflate(packed: Uint8Array, member: Member, name: string, unpacker: Unpacker): Uint8Array {
  if (member.method === STORED) return packed;
  if (member.method !== DEFLATED) {
    throw new DataError(name, `must be stored (0) or deflated (8): got compression method ${member.method}`);
  }
  return unpacker.inflate(packed, member.bytes, name);
}

/** @throws DataError where the file has no room for the header at `at`, or another signature is there. */
function expectHeader(
  view: DataView,
  at: number,
  header: { signature: number; bytes: number },
  what: string,
  file: string,
): void {
  if (at + header.bytes > view.byteLength || view.getUint32(at, true) !== header.signature) {
    throw new DataError(file, `damaged: expected ${what} at byte ${at}, found none`);
  }
}
