import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gunzip, readWhole, zlibChunk } from '../../src/data/file.ts';
import { isGzip, plain } from '../../src/data/inflate.ts';
import { MAX_BYTES } from '../../src/data/limits.ts';
import { temporaryFolder } from '../temporary.ts';
import { dataError, orDataError } from './files.ts';

const folder = temporaryFolder();

describe('readWhole', () => {
  it('gives the bytes of a file, as a Uint8Array and not as a Buffer', () => {
    writeFileSync(join(folder, 'three'), Uint8Array.of(1, 2, 3));
    const bytes = readWhole(join(folder, 'three'), 'three');
    expect(bytes).toStrictEqual(Uint8Array.of(1, 2, 3));
    expect(Buffer.isBuffer(bytes)).toBe(false);
  });

  it('refuses what is missing, empty, a folder, or larger than the limit', () => {
    writeFileSync(join(folder, 'empty'), '');
    writeFileSync(join(folder, 'eleven'), 'eleven byte');
    mkdirSync(join(folder, 'folder'));
    const message = (name: string) => dataError(() => readWhole(join(folder, name), name, 10)).message;
    expect(message('nothing')).toBe('nothing: not found');
    expect(message('empty')).toBe('empty: empty: expected some bytes, got 0');
    expect(message('folder')).toBe('folder: must be a regular file');
    expect(message('eleven')).toBe('eleven: too large: expected at most 10 bytes, got 11');
  });
});

describe('gunzip', () => {
  it('undoes gzip, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        const packed = gzipSync(bytes);
        expect(isGzip(packed)).toBe(true);
        expect(gunzip(packed, 'a.gz')).toStrictEqual(bytes);
      }),
      { numRuns: 50 },
    );
  });

  it('is told by both of its first bytes', async () => {
    for (const bytes of [[], [0x1f], [0x1f, 0], [0, 0x8b], [0x8b, 0x1f]]) {
      expect(isGzip(Uint8Array.from(bytes))).toBe(false);
      expect(await plain('parse', Uint8Array.from(bytes))).toEqual(Uint8Array.from(bytes));
    }
  });

  it('reads several gzip members one after another, whose last size is not the whole', () => {
    const packed = Buffer.concat([gzipSync('first '), gzipSync('second')]);
    expect(Buffer.from(gunzip(packed, 'a.gz')).toString()).toBe('first second');
  });

  it('stops at the limit: exactly as many bytes pass, one more is refused', () => {
    const bomb = gzipSync(new Uint8Array(1_000_000));
    expect(gunzip(bomb, 'bomb.gz', 1_000_000)).toHaveLength(1_000_000);
    expect(dataError(() => gunzip(bomb, 'bomb.gz', 999_999)).message).toBe(
      'bomb.gz: too large: expected gzip of at most 999999 bytes unpacked, got more',
    );
  });

  it('stops at the limit where the size at the end lies', () => {
    const bomb = gzipSync(new Uint8Array(1_000_000));
    bomb.writeUInt32LE(10, bomb.length - 4);
    expect(dataError(() => gunzip(bomb, 'bomb.gz', 500_000)).message).toContain('too large');
    expect(dataError(() => gunzip(bomb, 'bomb.gz')).message).toContain('damaged');
  });

  it('refuses a file cut off at any byte, and notices any bit that is wrong in its data or checksum', () => {
    const text = 'some digits: 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9';
    const packed = gzipSync(text);
    let noticed = 0;
    for (let length = 0; length < packed.length; length++) {
      const { message } = dataError(() => gunzip(packed.subarray(0, length), 'a.gz'));
      expect(message).toContain('a.gz: damaged: expected whole gzip data, got "');
    }
    for (let bit = 10 * 8; bit < packed.length * 8; bit++) {
      const damaged = Uint8Array.from(packed);
      damaged[bit >> 3] ^= 1 << (bit & 7);
      // Deflate has up to seven spare bits after its last block, which change nothing.
      const unpacked = orDataError(() => gunzip(damaged, 'a.gz'));
      if (unpacked === null) noticed++;
      else expect(Buffer.from(unpacked).toString()).toBe(text);
    }
    expect(noticed).toBeGreaterThanOrEqual((packed.length - 10) * 8 - 7);
  });
});

describe('zlibChunk', () => {
  it('makes room for what is promised, unless the packed bytes or the limit rule it out', () => {
    expect(zlibChunk(39_200_016, 8_002_966)).toBe(39_200_017);
    expect(zlibChunk(0, 20)).toBe(64);
    expect(zlibChunk(1032 * 100 + 1, 100)).toBe(2 ** 20);
    expect(zlibChunk(MAX_BYTES + 1, MAX_BYTES)).toBe(2 ** 20);
  });
});
