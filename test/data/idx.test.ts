import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAnyIdx, parseIdx } from '../../src/data/idx.ts';
import { loadIdxFolder } from '../../src/data/idx-folder.ts';
import { temporaryFolder } from '../temporary.ts';
import { dataError, folderOf, idx } from './files.ts';

const parent = temporaryFolder();

/** Three images of 2×3 for training, one for the test. */
const FILES = {
  'train-images-idx3-ubyte': idx([3, 2, 3], Array(18).keys()),
  'train-labels-idx1-ubyte': idx([3], [7, 0, 9]),
  't10k-images-idx3-ubyte': idx([1, 2, 3], [0, 255, 1, 254, 2, 253]),
  't10k-labels-idx1-ubyte': idx([1], [4]),
};
type Name = keyof typeof FILES;

const loadWith = (changes: Partial<Record<Name, Uint8Array>>) =>
  loadIdxFolder(folderOf(parent, { ...FILES, ...changes }));

describe('parseIdx', () => {
  it('reads what was written, for any shape and numbers', () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(shapes, fc.infiniteStream(fc.nat(255)), (shape, stream) => {
        const size = shape.reduce((product, d) => product * d, 1);
        const numbers = Uint8Array.from(stream.take(size));
        const parsed = parseIdx(idx(shape, numbers), shape.length, 'a');
        expect(parsed).toStrictEqual({ file: 'a', shape, data: numbers });
      }),
    );
  });

  it('does not copy the numbers', () => {
    const bytes = idx([2], [1, 2]);
    expect(parseIdx(bytes, 1, 'a').data.buffer).toBe(bytes.buffer);
  });

  it('refuses a file cut off at any byte, and one with a byte more', () => {
    const bytes = FILES['train-images-idx3-ubyte'];
    expect(dataError(() => parseIdx(new Uint8Array(0), 3, 'a')).message).toBe(
      'a: expected IDX, got an empty file',
    );
    for (let length = 1; length < bytes.length; length++) {
      const { message } = dataError(() => parseIdx(bytes.subarray(0, length), 3, 'a'));
      expect(message).toContain('a: truncated: ');
      expect(message).toContain(`got ${length} bytes`);
    }
    expect(dataError(() => parseIdx(Uint8Array.from([...bytes, 0]), 3, 'a')).message).toBe(
      'a: too long: header promises 3 images of 2×3 (34 bytes), got 35 bytes',
    );
  });

  it('refuses sizes beyond all memory without allocating them', () => {
    const max = 2 ** 32 - 1;
    expect(dataError(() => parseIdx(idx([max, max, max], []), 3, 'a')).message).toContain('truncated');
    expect(dataError(() => parseIdx(idx([10000, 28, 28], Array(1218).fill(0)), 3, 'a')).message).toBe(
      'a: truncated: header promises 10000 images of 28×28 (7840016 bytes), got 1234 bytes',
    );
    expect(dataError(() => parseIdx(idx([10000], []), 1, 'a')).message).toBe(
      'a: truncated: header promises 10000 labels (10008 bytes), got 8 bytes',
    );
  });

  it('refuses another rank, another element type, and files that are no IDX at all', () => {
    const message = (bytes: Uint8Array) => dataError(() => parseIdx(bytes, 3, 'a')).message;
    expect(message(Uint8Array.from([...idx([9], Array(9).fill(0)), 0, 0]))).toBe(
      'a: expected unsigned bytes in 3 dimensions (images), got unsigned bytes in 1 dimension (labels)',
    );
    expect(message(Uint8Array.of(0, 0, 0x0d, 3, ...Array(12).fill(0)))).toContain(
      'got 32-bit floats in 3 dimensions (images)',
    );
    expect(message(Uint8Array.of(9, 8, 7, 6))).toBe(
      'a: wrong magic number: expected 0x00000803, got 0x09080706',
    );
  });

  it('says what a file is that is no IDX: a page, an image, a pointer', () => {
    const message = (bytes: Uint8Array) => dataError(() => parseIdx(bytes, 1, 'a')).message;
    for (const page of ['<!doctype html><p>404', '\n <HTML>', '\ufeff<html lang="en">']) {
      expect(message(Buffer.from(page))).toBe(
        'a: expected IDX, got an HTML page (a download that went wrong is often such a page: open it to see what the server said)',
      );
    }
    expect(message(idx32([1], 0x0c))).toBe(
      'a: expected unsigned bytes in 1 dimension (labels), got 32-bit integers in 1 dimension (labels)',
    );
    expect(message(Buffer.from('version https://git-lfs.github.com/spec/v1'))).toContain(
      'a pointer of Git LFS',
    );
    expect(message(Buffer.from('PK\x03\x04...'))).toContain('got a zip archive');
  });
});

/** One number of four bytes after a header of one dimension. */
const idx32 = (number: readonly number[], type: number): Uint8Array =>
  Uint8Array.from([0, 0, type, 1, 0, 0, 0, number.length, ...number.flatMap((n) => [0, 0, 0, n])]);

describe('parseAnyIdx', () => {
  it('reads every type of number, the highest byte first', () => {
    const bytes = (type: number, ...numbers: number[]) =>
      Uint8Array.from([0, 0, type, 1, 0, 0, 0, 1, ...numbers]);
    const read = (...args: [number, ...number[]]) => parseAnyIdx(bytes(...args), 'a').data;
    expect(read(0x08, 200)).toStrictEqual(Uint8Array.of(200));
    expect(read(0x09, 200)).toStrictEqual(Int8Array.of(-56));
    expect(read(0x0b, 0xff, 0xfe)).toStrictEqual(Int16Array.of(-2));
    expect(read(0x0c, 0, 1, 0, 2)).toStrictEqual(Int32Array.of(65538));
    expect(read(0x0d, 0x3f, 0xc0, 0, 0)).toStrictEqual(Float32Array.of(1.5));
    expect(read(0x0e, 0xbf, 0xf8, 0, 0, 0, 0, 0, 0)).toStrictEqual(Float64Array.of(-1.5));
    expect(parseAnyIdx(idx([2, 1], [3, 4]), 'a').shape).toEqual([2, 1]);
  });

  it('refuses what is no IDX, and what is cut off', () => {
    expect(dataError(() => parseAnyIdx(Uint8Array.of(1, 2, 3, 4, 5), 'a')).message).toBe(
      'a: not an IDX file: expected 0 0, a type and a number of dimensions, got bytes 1 2 3 4',
    );
    expect(dataError(() => parseAnyIdx(idx32([1], 0x0c).subarray(0, 11), 'a')).message).toContain(
      'truncated: header promises 1 labels (12 bytes), got 11 bytes',
    );
  });
});

describe('loadIdxFolder', () => {
  it('joins the four files, gzipped or not, to the same data', () => {
    const plain = loadIdxFolder(folderOf(parent, FILES));
    expect(plain.train).toStrictEqual({
      images: Uint8Array.from(Array(18).keys()),
      labels: Uint8Array.of(7, 0, 9),
      height: 2,
      width: 3,
    });
    expect(plain.test).toStrictEqual({
      images: Uint8Array.of(0, 255, 1, 254, 2, 253),
      labels: Uint8Array.of(4),
      height: 2,
      width: 3,
    });
    const gzipped = Object.entries(FILES).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]);
    const { source: _, ...unpacked } = loadIdxFolder(folderOf(parent, Object.fromEntries(gzipped)));
    const { source: __, ...same } = plain;
    expect(unpacked).toStrictEqual(same);
  });

  it('goes by content where a gzipped file has lost its .gz', () => {
    const name = 'train-images-idx3-ubyte';
    expect(loadWith({ [name]: gzipSync(FILES[name]) }).train.labels).toHaveLength(3);
  });

  it('finds files whose names have a dot, gzipped or not, with folders of the usual names beside them or around them', () => {
    const { source: _, ...expected } = loadIdxFolder(folderOf(parent, FILES));
    const dotted = (name: string) => name.replace('-idx', '.idx');
    const ways: ((folder: string, name: string, bytes: Uint8Array) => void)[] = [
      (folder, name, bytes) => writeFileSync(join(folder, dotted(name)), bytes),
      (folder, name, bytes) => writeFileSync(join(folder, `${dotted(name)}.gz`), gzipSync(bytes)),
      (folder, name, bytes) => {
        mkdirSync(join(folder, name));
        writeFileSync(join(folder, dotted(name)), bytes);
      },
      (folder, name, bytes) => {
        mkdirSync(join(folder, name));
        writeFileSync(join(folder, name, dotted(name)), bytes);
      },
    ];
    for (const way of ways) {
      const folder = folderOf(parent, {});
      for (const [name, bytes] of Object.entries(FILES)) way(folder, name, bytes);
      const { source: __, ...found } = loadIdxFolder(folder);
      expect(found).toStrictEqual(expected);
    }
  });

  it('names the source and its folder', () => {
    const folder = folderOf(parent, FILES);
    expect(loadIdxFolder(folder).source).toBe(`IDX files in ${folder}`);
  });

  it('says which file is missing', () => {
    const { 't10k-labels-idx1-ubyte': _, ...rest } = FILES;
    const folder = folderOf(parent, rest);
    expect(dataError(() => loadIdxFolder(folder)).message).toBe(
      `${folder}: a file is missing: expected t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz, found neither`,
    );
    expect(dataError(() => loadIdxFolder(join(folder, 'nowhere'))).message).toContain('a file is missing');
  });

  it('says which file is empty, and which gzip is damaged', () => {
    expect(dataError(() => loadWith({ 'train-labels-idx1-ubyte': new Uint8Array() })).message).toBe(
      'train-labels-idx1-ubyte: empty: expected some bytes, got 0',
    );
    const cut = gzipSync(FILES['train-labels-idx1-ubyte']).subarray(0, -1);
    expect(dataError(() => loadWith({ 'train-labels-idx1-ubyte': cut })).message).toBe(
      'train-labels-idx1-ubyte: damaged: expected whole gzip data, got "unexpected end of file"',
    );
  });

  it('refuses labels and images of different count, no images, and two image sizes', () => {
    const message = (changes: Partial<Record<Name, Uint8Array>>) =>
      dataError(() => loadWith(changes)).message;
    expect(message({ 'train-labels-idx1-ubyte': idx([2], [1, 2]) })).toBe(
      'train-labels-idx1-ubyte: every image needs one label: ' +
        'expected 3 labels as images in train-images-idx3-ubyte, got 2',
    );
    expect(message({ 't10k-images-idx3-ubyte': idx([0, 2, 3], []) })).toBe(
      't10k-images-idx3-ubyte: images must have shape [samples, height, width], none of them 0: got [0, 2, 3]',
    );
    expect(message({ 't10k-images-idx3-ubyte': idx([1, 3, 2], Array(6).fill(0)) })).toContain(
      'training and test images must have the same size: expected 2×3, got 3×2',
    );
  });
});
