/**
 * Members of a zip archive, by name: the little of the format that NumPy's archives use.
 *
 * The end record points to the central directory, which lists every member with its sizes and the place of
 * its local header; the member's data stands behind that. Nothing is written anywhere: a member's name is
 * only compared with the names that are asked for, and never becomes a path.
 *
 * Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end
 * record). Not read: encryption, split archives, and zip64's large sizes, which lie above `MAX_BYTES` anyway.
 * (NumPy writes zip64 fields into local headers always; the central directory has the sizes all the same.)
 */
import * as zlib from 'node:zlib';
import { DataError } from './errors.ts';
import { MAX_BYTES, unpacked, zlibChunk } from './file.ts';
import { latin1 } from './text.ts';

const LOCAL_HEADER = { signature: 0x04034b50, bytes: 30 };
const CENTRAL_HEADER = { signature: 0x02014b50, bytes: 46 };
const END_RECORD = { signature: 0x06054b50, bytes: 22, maxComment: 0xffff };
const STORED = 0;
const DEFLATED = 8;

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
 * @throws DataError where this is no zip archive, a member is missing, there twice, damaged, packed in a way
 * that isn't read here, or larger than `limit`.
 */
export function readZip(
  bytes: Uint8Array,
  names: readonly string[],
  file: string,
  limit = MAX_BYTES,
): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const members = centralDirectory(bytes, view, new Set(names), file);
  return names.map((name) => {
    const member = members.get(name);
    if (member === undefined) throw new DataError(file, `a member is missing: expected ${name}, found none`);
    return unpackMember(bytes, view, member, `${file}: ${name}`, limit);
  });
}

/** Where the wanted members are, by name. */
function centralDirectory(
  bytes: Uint8Array,
  view: DataView,
  wanted: ReadonlySet<string>,
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
    const name = latin1(bytes.subarray(nameAt, nameAt + nameBytes));
    if (wanted.has(name)) {
      if (members.has(name)) throw new DataError(file, `member names must differ: got ${name} twice`);
      members.set(name, {
        encrypted: (view.getUint16(at + 8, true) & 1) === 1,
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

/** The end record closes the file, but for a comment, whose length it holds. */
function findEndRecord(view: DataView, file: string): number {
  const last = view.byteLength - END_RECORD.bytes;
  for (let at = last; at >= 0 && at >= last - END_RECORD.maxComment; at--) {
    if (view.getUint32(at, true) !== END_RECORD.signature) continue;
    if (at + END_RECORD.bytes + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  throw new DataError(file, 'no zip archive, or truncated: expected an end record at its end, found none');
}

function unpackMember(
  bytes: Uint8Array,
  view: DataView,
  member: Member,
  name: string,
  limit: number,
): Uint8Array {
  if (member.encrypted) throw new DataError(name, 'must not be encrypted');
  if (member.bytes > limit) {
    throw new DataError(name, `too large: expected at most ${limit} bytes unpacked, got ${member.bytes}`);
  }
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
  const data = inflate(packed, member, name);
  if (data.length !== member.bytes) {
    throw new DataError(name, `damaged: expected ${member.bytes} bytes unpacked, got ${data.length}`);
  }
  // Node before 20.15 has no crc32; there, damage shows only where inflating stumbles over it.
  if (typeof zlib.crc32 === 'function' && zlib.crc32(data) !== member.crc) {
    throw new DataError(name, `damaged: expected checksum ${member.crc}, got ${zlib.crc32(data)}`);
  }
  return data;
}

function inflate(packed: Uint8Array, member: Member, name: string): Uint8Array {
  if (member.method === STORED) return packed;
  if (member.method !== DEFLATED) {
    throw new DataError(name, `must be stored (0) or deflated (8): got compression method ${member.method}`);
  }
  // zlib insists on room for one byte at least.
  const maxOutputLength = Math.max(1, member.bytes);
  return unpacked(name, 'deflate', maxOutputLength, () =>
    zlib.inflateRawSync(packed, { maxOutputLength, chunkSize: zlibChunk(member.bytes, packed.length) }),
  );
}

/** @throws DataError where the file has no room for the header at `at`, or another signature stands there. */
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
