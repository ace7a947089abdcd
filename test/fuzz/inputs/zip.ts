/** Zip archives, field by field, as NumPy writes them and as nobody should. */
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { concat, damaged, latin1, lies, littleEndian, utf8, wildNames, wildNumber } from '../arbitraries.ts';

export interface Member {
  readonly name: string;
  readonly data: Uint8Array;
}

const member = lies({
  name: fc.constantFrom(...wildNames, 'x_test.npy', 'X_TRAIN.NPY', 'x_train.npy\0'),
  flags: wildNumber(2),
  method: wildNumber(2),
  crc: wildNumber(4),
  packedBytes: wildNumber(4),
  bytes: wildNumber(4),
  /** Lengths of name and extra field in the directory. */
  nameBytes: wildNumber(2),
  extraBytes: wildNumber(2),
  headerAt: wildNumber(4),
  localSignature: wildNumber(4),
  localNameBytes: wildNumber(2),
  localExtra: fc.nat(40),
  signature: wildNumber(4),
  /** Times that the directory lists it. */
  listed: fc.constantFrom(0, 2, 3),
});

const archive = lies({
  signature: wildNumber(4),
  count: wildNumber(2),
  directoryAt: wildNumber(4),
  commentBytes: wildNumber(2),
  comment: fc.constantFrom('PK\x05\x06', 'x'.repeat(70), 'PK\x05\x06'.padEnd(22, '\0')),
  /** Members that lie, too. */
  liar: fc.nat(3),
});

const u16 = (value: number): Uint8Array => littleEndian(value, 2);
const u32 = (value: number): Uint8Array => littleEndian(value, 4);

/** An archive of these members, of which one may lie, and the archive too. */
export function zip(members: fc.Arbitrary<readonly Member[]>): fc.Arbitrary<Uint8Array> {
  return damaged(
    fc.tuple(members, member, archive, fc.boolean()).map(([list, lie, end, stored]) => {
      const contents: Uint8Array[] = [];
      const directory: Uint8Array[] = [];
      let at = 0;
      for (const [m, { name, data }] of list.entries()) {
        const f = m === (end.liar ?? 0) % list.length ? lie : {};
        const packed = stored ? data : deflated(data);
        const written = utf8(f.name ?? name);
        const common = concat(
          u16(f.flags ?? 0),
          u16(f.method ?? (stored ? 0 : 8)),
          u32(0), // time and date
          u32(f.crc ?? crc32(data)),
          u32(f.packedBytes ?? packed.length),
          u32(f.bytes ?? data.length),
        );
        const entry = concat(
          u32(f.signature ?? 0x02014b50),
          u16(20), // version of the writer, and needed to read
          u16(20),
          common,
          u16(f.nameBytes ?? written.length),
          u16(f.extraBytes ?? 0),
          new Uint8Array(10), // comment, disk, attributes
          u32(f.headerAt ?? at),
          written,
        );
        for (let i = 0; i < (f.listed ?? 1); i++) directory.push(entry);
        const local = concat(
          u32(f.localSignature ?? 0x04034b50),
          u16(20),
          common,
          u16(f.localNameBytes ?? written.length),
          u16(f.localExtra ?? 0),
          written,
          new Uint8Array(f.localExtra ?? 0),
          packed,
        );
        contents.push(local);
        at += local.length;
      }
      const listing = concat(...directory);
      return concat(
        ...contents,
        listing,
        u32(end.signature ?? 0x06054b50),
        u32(0), // disks
        u16(directory.length),
        u16(end.count ?? directory.length),
        u32(listing.length),
        u32(end.directoryAt ?? at),
        u16(end.commentBytes ?? end.comment?.length ?? 0),
        latin1(end.comment ?? ''),
      );
    }),
  );
}

/** Packing takes longer than anything else here, and the same few members come again and again. */
const packed = new Map<string, Uint8Array>();

function deflated(data: Uint8Array): Uint8Array {
  const key = Buffer.from(data.buffer, data.byteOffset, data.length).toString('latin1');
  let result = packed.get(key);
  if (!result) {
    result = new Uint8Array(deflateRawSync(data));
    if (packed.size > 1000) packed.clear();
    packed.set(key, result);
  }
  return result;
}
