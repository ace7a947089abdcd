import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageDataset } from '../../src/data/dataset.ts';
import { selectClasses } from '../../src/data/split.ts';
import { dataError } from './files.ts';

/** Images of 1×2, whose first pixel is the image's index and whose second is 255. */
function dataset(labels: number[]): ImageDataset {
  return {
    images: Uint8Array.from(labels.flatMap((_, n) => [n, 255])),
    labels: Uint8Array.from(labels),
    height: 1,
    width: 2,
  };
}

describe('selectClasses', () => {
  it('keeps the images of the digits in their order, with labels shifted and one-hot', () => {
    const { x, labels, y } = selectClasses(dataset([6, 0, 5, 9, 6]), [5, 6]);
    const pixel = (byte: number) => Math.fround(byte / 255);
    expect(x.shape).toEqual([3, 1, 2, 1]);
    expect(Array.from(x.data)).toEqual([pixel(0), 1, pixel(2), 1, pixel(4), 1]);
    expect(labels).toStrictEqual(Uint8Array.of(1, 0, 1));
    expect(y.shape).toEqual([3, 2]);
    expect(Array.from(y.data)).toEqual([0, 1, 1, 0, 0, 1]);
    expect([x.dtype, y.dtype]).toEqual(['float32', 'float32']);
  });

  it('scales every byte to byte/255, rounded to float32', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const { x } = selectClasses({ images: bytes, labels: Uint8Array.of(4), height: 16, width: 16 }, [4]);
    expect(Array.from(x.data)).toEqual(Array.from(bytes, (byte) => Math.fround(byte / 255)));
  });

  it('partitions any data set: every image is in one half, the label of each is its place in the list', () => {
    const everyDigit = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    const more = fc.array(fc.nat(9), { maxLength: 30 });
    fc.assert(
      fc.property(
        more,
        fc.shuffledSubarray(everyDigit, { minLength: 10 }),
        fc.integer({ min: 1, max: 9 }),
        (rest, digits, k) => {
          const source = dataset([...everyDigit, ...rest]);
          const seen: number[] = [];
          for (const half of [digits.slice(0, k), digits.slice(k)]) {
            const { x, labels, y } = selectClasses(source, half);
            labels.forEach((label, n) => {
              const index = Math.round(x.at(n, 0, 0, 0) * 255);
              expect(half[label]).toBe(source.labels[index]);
              expect(y.at(n, label)).toBe(1);
              seen.push(index);
            });
            expect(y.data.reduce((sum, value) => sum + value, 0)).toBe(labels.length);
          }
          expect(seen.sort((a, b) => a - b)).toEqual(Array.from(source.labels.keys()));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('puts x and y into shared memory on request, and only then', () => {
    const shared = selectClasses(dataset([1, 2]), [1, 2], { shared: true });
    expect(shared.x.data.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(shared.y.data.buffer).toBeInstanceOf(SharedArrayBuffer);
    const own = selectClasses(dataset([1, 2]), [1, 2]);
    expect(own.x.data.buffer).toBeInstanceOf(ArrayBuffer);
    expect(Array.from(shared.x.data)).toEqual(Array.from(own.x.data));
  });

  it('takes labels of any byte', () => {
    const { labels, y } = selectClasses(dataset([255, 46, 3]), [46, 255]);
    expect(Array.from(labels)).toEqual([1, 0]);
    expect(Array.from(y.data)).toEqual([0, 1, 1, 0]);
  });

  it('refuses a class without images, and says which there are', () => {
    expect(dataError(() => selectClasses(dataset([5, 6, 6]), [5, 6, 7])).message).toBe(
      'classes: every class needs an image: expected some of class 7, got 3 images of classes 5, 6',
    );
  });

  it('refuses lists that are empty, hold a class twice, or something that no label can be', () => {
    expect(() => selectClasses(dataset([1]), [])).toThrow(
      new RangeError('classes: expected at least one class, got none'),
    );
    for (const digits of [
      [1, 1],
      [1, 256],
      [1, -1],
      [1, 1.5],
      [1, Number.NaN],
    ]) {
      expect(() => selectClasses(dataset([1]), digits)).toThrow(
        new RangeError(`classes must be integers from 0 to 255, each once: got ${digits[1]} in [${digits}]`),
      );
    }
  });
});
