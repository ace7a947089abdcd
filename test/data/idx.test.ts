import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadIdxFolder, parseIdx } from '../../src/data/idx.ts';
import { dataError, folderOf, idx, temporaryFolder } from './files.ts';

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
    for (let length = 0; length < bytes.length; length++) {
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
      'a: wrong magic number: expected 0x00000803, got 0x00000801',
    );
    expect(message(Uint8Array.of(0, 0, 0x0d, 3, ...Array(12).fill(0)))).toContain('got 0x00000d03');
    expect(message(Buffer.from('<!doctype html><p>404'))).toContain('got 0x3c21646f');
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
