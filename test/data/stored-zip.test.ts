import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { deflateSync, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../src/data/crc32.ts';
import { unpacker } from '../../src/data/file.ts';
import { storedZip } from '../../src/data/stored-zip.ts';
import { readWholeZip } from '../../src/data/zip.ts';
import { unpacker as unpackerOfBrowsers } from '../../src/formats/unpacker-none.ts';
import { dataError } from './files.ts';

const members = fc
  .uniqueArray(fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.uint8Array()), {
    selector: ([name]) => name,
    maxLength: 5,
  })
  // Halves of characters are none in UTF-8.
  .filter((list) => list.every(([name]) => new TextDecoder().decode(new TextEncoder().encode(name)) === name))
  // The other library gives an object, whose `__proto__` is no member.
  .filter((list) => list.every(([name]) => name !== '__proto__'))
  .map((list) => new Map(list));

describe('crc32', () => {
  it('is zlib’s, for any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => crc32(bytes) === zlibCrc32(bytes)));
  });
});

describe('storedZip', () => {
  it('makes archives that another library reads, and so do we, with Node and without', () => {
    fc.assert(
      fc.property(members, (list) => {
        const archive = storedZip(list, 'z', unpacker);
        const theirs = unzipSync(archive);
        expect(Object.keys(theirs).length).toBe(list.size);
        for (const [name, data] of list) expect(theirs[name]).toEqual(data);
        expect(readWholeZip(archive, 'z', unpacker)).toEqual(list);
        expect(readWholeZip(archive, 'z', unpackerOfBrowsers)).toEqual(list);
        expect(storedZip(list, 'z', unpackerOfBrowsers)).toEqual(archive);
      }),
    );
  });

  it('refuses more members than the format can count, and longer names', () => {
    const many = new Map(Array.from({ length: 65_536 }, (_, i) => [`${i}`, new Uint8Array(0)]));
    expect(dataError(() => storedZip(many, 'z', unpacker)).message).toMatch(
      /^z: too large for an archive: expected at most 4294967295 bytes and 65535 members, got \d+ and 65536$/,
    );
    const long = new Map([['x'.repeat(65_536), new Uint8Array(0)]]);
    expect(dataError(() => storedZip(long, 'z', unpacker)).message).toContain('too large for an archive');
  });
});

describe('readWholeZip', () => {
  it('reads all members that another library packed, in their order', () => {
    const a = Uint8Array.of(1, 2, 3);
    const b = new Uint8Array(300);
    for (const level of [0, 6] as const) {
      const read = readWholeZip(zipSync({ b, 'ä/a': a }, { level }), 'z', unpacker);
      expect([...read]).toEqual([
        ['b', b],
        ['ä/a', a],
      ]);
    }
  });

  it('refuses members that share their bytes: an archive of kilobytes could be one of gigabytes', () => {
    const archive = storedZip(
      new Map([
        ['a', new Uint8Array(1000)],
        ['b', new Uint8Array(1000)],
      ]),
      'z',
      unpacker,
    );
    const copy = Buffer.from(archive);
    const directory = copy.indexOf(Buffer.from('PK\x01\x02'));
    // Ten entries for one member.
    const entry = copy.subarray(directory, directory + 47);
    const entries = Array.from({ length: 10 }, (_, i) => {
      const named = Buffer.from(entry);
      named.write(String(i), 46);
      return named;
    });
    const end = Buffer.from(copy.subarray(-22));
    end.writeUInt16LE(10, 10);
    const bomb = Buffer.concat([copy.subarray(0, directory), ...entries, end]);
    expect(dataError(() => readWholeZip(bomb, 'z', unpacker)).message).toBe(
      `z: members overlap: expected at most ${bomb.length} bytes, got 10000`,
    );
  });

  it('refuses what is larger than the limit and than the archive', () => {
    const zeros = new Uint8Array(1000);
    const packed = zipSync({ a: zeros, b: zeros });
    expect(dataError(() => readWholeZip(packed, 'z', unpacker, 1999)).message).toBe(
      'z: too large: expected at most 1999 bytes unpacked, got 2000 or more',
    );
    expect(readWholeZip(packed, 'z', unpacker, 2000).get('b')).toEqual(zeros);
    const stored = zipSync({ a: zeros }, { level: 0 });
    expect(readWholeZip(stored, 'z', unpacker, 10).get('a')).toEqual(zeros);
  });

  it('names a damaged member', () => {
    const archive = zipSync({ 'a\n': Uint8Array.of(1, 2, 3, 4) });
    const damaged = Uint8Array.from(archive);
    damaged[archive.length - 22 - 48 + 16] ^= 1;
    expect(dataError(() => readWholeZip(damaged, 'z', unpacker)).message).toMatch(
      /^z: "a\\n": damaged: expected/,
    );
  });

  it('is unpacked where there is no zlib as with it; what is cut off, longer or shorter than it says is refused alike', () => {
    const bytes = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251);
    const archive = zipSync({ a: bytes, empty: new Uint8Array(0) });
    expect(readWholeZip(archive, 'z', unpackerOfBrowsers)).toEqual(readWholeZip(archive, 'z', unpacker));
    const packed = deflateSync(bytes);
    for (const { inflate } of [unpacker, unpackerOfBrowsers]) {
      const read = (data: Uint8Array, promised: number) =>
        dataError(() => inflate(data, promised, 'x')).message;
      expect(inflate(packed, 5000, 'x')).toEqual(bytes);
      expect(inflate(packed, 5001, 'x')).toEqual(bytes); // whose length whoever asks compares
      expect(read(packed, 4999)).toBe(
        'x: too large: expected deflate of at most 4999 bytes unpacked, got more',
      );
      expect(read(packed.subarray(0, 100), 5000)).toMatch(/^x: damaged: expected whole deflate/);
      expect(read(Uint8Array.of(255, 255, 255), 50)).toMatch(/^x: damaged: expected whole deflate/);
    }
    expect(dataError(() => unpackerOfBrowsers.inflate(packed, 2 ** 40, 'x')).message).toContain("can't hold");
  });
});
