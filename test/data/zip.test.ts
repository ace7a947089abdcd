import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { unpacker } from '../../src/data/file.ts';
import { readZip } from '../../src/data/zip.ts';
import { dataError, orDataError } from './files.ts';

const A = Uint8Array.from({ length: 300 }, (_, i) => i % 7);
const B = Uint8Array.of(1, 2, 3);

/** Offset of the n-th occurrence of a signature. */
function find(bytes: Uint8Array, signature: number, n = 0): number {
  const pattern = Buffer.from([0x50, 0x4b, signature & 255, signature >> 8]);
  let at = -1;
  for (let i = 0; i <= n; i++) at = Buffer.from(bytes).indexOf(pattern, at + 1);
  expect(at).toBeGreaterThanOrEqual(0);
  return at;
}
const LOCAL = 0x0403;
const CENTRAL = 0x0201;

/** The archive with a 16- or 32-bit number somewhere in it replaced. */
function patched(bytes: Uint8Array, at: number, value: number, size: 2 | 4): Uint8Array {
  const copy = Buffer.from(bytes);
  copy.writeUIntLE(value, at, size);
  return copy;
}

describe('readZip', () => {
  it('reads what another library packed, deflated or stored, in the order asked for', () => {
    const bytes = fc.uint8Array({ maxLength: 2000 });
    fc.assert(
      fc.property(bytes, bytes, fc.constantFrom<0 | 6 | 9>(0, 6, 9), (a, b, level) => {
        const archive = zipSync({ a, other: B, b }, { level });
        expect(readZip(archive, ['b', 'a'], 'z', unpacker)).toEqual([b, a]);
      }),
      { numRuns: 50 },
    );
  });

  it('takes names for UTF-8 only where their flag says so', () => {
    const archive = zipSync({ é: A });
    expect(readZip(archive, ['é'], 'z', unpacker)).toEqual([A]);
    const unflagged = patched(archive, find(archive, CENTRAL) + 8, 0, 2);
    expect(readZip(unflagged, ['Ã©'], 'z', unpacker)).toEqual([A]);
    expect(() => readZip(unflagged, ['é'], 'z', unpacker)).toThrow('a member is missing');
  });

  it('reads an archive with a comment, in which an end record is imitated', () => {
    const archive = zipSync({ a: A });
    const comment = Buffer.from('PK\x05\x06 and twenty bytes more to fill a record');
    const commented = Buffer.concat([patched(archive, archive.length - 2, comment.length, 2), comment]);
    expect(readZip(commented, ['a'], 'z', unpacker)).toEqual([A]);
  });

  it('reads an archive of nothing but its end record, and one with the longest comment that there may be', () => {
    expect(readZip(zipSync({}), [], 'z', unpacker)).toEqual([]);
    const archive = zipSync({ a: A });
    const commented = (length: number) =>
      Buffer.concat([patched(archive, archive.length - 2, length & 0xffff, 2), Buffer.alloc(length)]);
    expect(readZip(commented(0xffff), ['a'], 'z', unpacker)).toEqual([A]);
    expect(dataError(() => readZip(commented(0x10000), ['a'], 'z', unpacker)).message).toContain(
      'not a zip archive',
    );
  });

  it('never takes a name for a path: members are compared by name, and hostile ones are not looked at', () => {
    const archive = zipSync({ '../../a': B, '/a': B, a: A });
    expect(readZip(archive, ['a'], 'z', unpacker)).toEqual([A]);
  });

  it('says which member is missing', () => {
    expect(dataError(() => readZip(zipSync({ a: A }), ['a', 'b'], 'z', unpacker)).message).toBe(
      'z: a member is missing: expected b, got "a"',
    );
    expect(dataError(() => readZip(zipSync({}), ['b'], 'z', unpacker)).message).toBe(
      'z: a member is missing: expected b, got none',
    );
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`member${i}`, A]));
    expect(dataError(() => readZip(zipSync(many), ['b'], 'z', unpacker)).message.length).toBeLessThan(400);
  });

  it('refuses an archive cut off at any byte', () => {
    for (const level of [0, 6] as const) {
      const archive = zipSync({ a: A, b: B }, { level });
      for (let length = 0; length < archive.length; length++) {
        expect(
          dataError(() => readZip(archive.subarray(0, length), ['a', 'b'], 'z', unpacker)).message,
        ).toContain('z: not a zip archive, or truncated: expected an end record at its end');
      }
    }
  });

  it('notices any bit that is wrong in a member', () => {
    for (const level of [0, 6] as const) {
      const archive = zipSync({ a: A }, { level });
      const bits = { from: 31 * 8, to: find(archive, CENTRAL) * 8 };
      let noticed = 0;
      for (let bit = bits.from; bit < bits.to; bit++) {
        const damaged = Uint8Array.from(archive);
        damaged[bit >> 3] ^= 1 << (bit & 7);
        // Deflate has up to seven spare bits after its last block, which change nothing.
        const unpacked = orDataError(() => readZip(damaged, ['a'], 'z', unpacker));
        if (unpacked === null) noticed++;
        else expect(unpacked).toEqual([A]);
      }
      expect(noticed).toBeGreaterThanOrEqual(bits.to - bits.from - (level === 0 ? 0 : 7));
    }
  });

  it('gives the right bytes or a DataError, whichever byte of the archive is changed to whatever', () => {
    const archive = zipSync({ a: A, b: B });
    fc.assert(
      fc.property(fc.nat(archive.length - 1), fc.nat(255), (at, value) => {
        const damaged = Uint8Array.from(archive);
        damaged[at] = value;
        const unpacked = orDataError(() => readZip(damaged, ['a', 'b'], 'z', unpacker));
        if (unpacked !== null) expect(unpacked).toEqual([A, B]);
      }),
      { numRuns: 500 },
    );
  });

  it('stops at the limit: by the size that is promised, and by what comes out where that lies', () => {
    const archive = zipSync({ bomb: new Uint8Array(1_000_000) });
    expect(readZip(archive, ['bomb'], 'z', unpacker, 1_000_000)[0]).toHaveLength(1_000_000);
    expect(dataError(() => readZip(archive, ['bomb'], 'z', unpacker, 999_999)).message).toBe(
      'z: bomb: too large: expected at most 999999 bytes unpacked, got 1000000',
    );
    const lying = patched(archive, find(archive, CENTRAL) + 24, 10, 4);
    expect(dataError(() => readZip(lying, ['bomb'], 'z', unpacker, 999_999)).message).toBe(
      'z: bomb: too large: expected deflate of at most 10 bytes unpacked, got more',
    );
  });

  it('holds members to one limit together', () => {
    const archive = zipSync({ a: new Uint8Array(600), b: new Uint8Array(500) });
    expect(readZip(archive, ['a', 'b'], 'z', unpacker, 1100).map(({ length }) => length)).toEqual([600, 500]);
    expect(dataError(() => readZip(archive, ['a', 'b'], 'z', unpacker, 1099)).message).toBe(
      'z: too large: expected at most 1099 bytes unpacked, got 1100 or more',
    );
  });

  it('refuses what it does not read: encryption, other methods, zip64 sizes', () => {
    const archive = zipSync({ a: A });
    const central = find(archive, CENTRAL);
    const message = (bytes: Uint8Array) => dataError(() => readZip(bytes, ['a'], 'z', unpacker)).message;
    expect(message(patched(archive, central + 8, 1, 2))).toBe('z: a: must not be encrypted');
    expect(message(patched(archive, central + 10, 12, 2))).toBe(
      'z: a: must be stored (0) or deflated (8): got compression method 12',
    );
    expect(message(patched(archive, central + 24, 0xffffffff, 4))).toContain(
      'z: a: too large: expected at most 268435456 bytes unpacked, got 4294967295',
    );
  });

  it('refuses places and sizes that point out of the file', () => {
    const archive = zipSync({ a: A }, { level: 0 });
    const central = find(archive, CENTRAL);
    const message = (bytes: Uint8Array) => dataError(() => readZip(bytes, ['a'], 'z', unpacker)).message;
    expect(message(patched(archive, central + 42, 0xfffffff0, 4))).toBe(
      'z: a: damaged: expected its header at byte 4294967280, found none',
    );
    expect(message(patched(archive, central + 20, 0x7fffffff, 4))).toContain(
      'z: a: truncated: expected 2147483647',
    );
    expect(message(patched(archive, central + 24, 299, 4))).toBe(
      'z: a: damaged: expected 299 bytes unpacked, got 300',
    );
    expect(message(patched(archive, archive.length - 6, 0xfffffff0, 4))).toBe(
      'z: damaged: expected entry 1 of 1 in the directory at byte 4294967280, found none',
    );
    expect(message(patched(archive, archive.length - 12, 3, 2))).toContain('expected entry 2 of 3');
    expect(message(patched(archive, find(archive, LOCAL) + 28, 0xffff, 2))).toContain('z: a: truncated: ');
  });

  it('refuses a wrong checksum, and a name that is there twice', () => {
    const archive = zipSync({ a: A, b: B });
    expect(
      dataError(() => readZip(patched(archive, find(archive, CENTRAL) + 16, 1, 4), ['a'], 'z', unpacker))
        .message,
    ).toContain('z: a: damaged: expected checksum 1, got ');
    const nameOfB = find(archive, CENTRAL, 1) + 46;
    const twice = Uint8Array.from(archive);
    twice[nameOfB] = 'a'.charCodeAt(0);
    expect(dataError(() => readZip(twice, ['a'], 'z', unpacker)).message).toBe(
      'z: member names must differ: got "a" twice',
    );
  });
});
