import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fitDigit } from '../../src/data/fit-digit.ts';
import { prepareImages } from '../../src/data/images.ts';
import { decodeImage } from '../../src/index.ts';
import { dataError, idx } from './files.ts';
import { jpegFile } from './photos/fixtures.ts';
import { greyPng } from './png-writer.ts';

const SIZE = { height: 2, width: 3 };
const NUMBERS = [0, 0, 9, 0, 7, 0, 250, 250, 250, 250, 250, 8];

/** What is said of bytes that hold no image. */
async function refusal(bytes: Uint8Array): Promise<string> {
  const error = await prepareImages(bytes, 'x', SIZE, 'auto').catch((reason: unknown) => reason);
  return dataError(() => {
    throw error;
  }).message;
}

describe('prepareImages', () => {
  it('takes IDX images as they are, gzipped or not, and inverts them only if it is told to', async () => {
    for (const file of [idx([2, 2, 3], NUMBERS), gzipSync(idx([2, 2, 3], NUMBERS))]) {
      const images = await prepareImages(file, 'x', SIZE, 'auto');
      expect(images.map(({ name, inverted }) => [name, inverted])).toEqual([
        ['x #0', false],
        ['x #1', false],
      ]);
      expect(images.flatMap(({ image }) => [...image.pixels])).toEqual(NUMBERS);
    }
    const [, inverse] = await prepareImages(idx([2, 2, 3], NUMBERS), 'x', SIZE, 'yes');
    expect(inverse).toMatchObject({ inverted: true, image: { pixels: Uint8Array.of(5, 5, 5, 5, 5, 247) } });
    const [one] = await prepareImages(idx([1, 2, 3], [1, 2, 3, 4, 5, 6]), 'one', SIZE, 'no');
    expect(one.name).toBe('one');
  });

  it('fits PNG images into the size', async () => {
    const pixels = new Uint8Array(100).fill(255);
    pixels[44] = 0;
    const [{ name, inverted, image }] = await prepareImages(greyPng(10, 10, pixels), 'dot.png', SIZE, 'auto');
    expect({ name, inverted }).toEqual({ name: 'dot.png', inverted: true });
    expect(image.pixels).toHaveLength(6);
  });

  it('fits JPEG images into the size, the right way up, gzipped or not', async () => {
    const file = jpegFile('orientation 6');
    const { width, height, data } = await decodeImage(file, { channels: 1 });
    const expected = fitDigit({ width, height, pixels: data }, SIZE, 'auto', 'x');
    for (const bytes of [file, gzipSync(file)]) {
      expect(await prepareImages(bytes, 'x', SIZE, 'auto')).toEqual([{ name: 'x', ...expected }]);
    }
  });

  it('unpacks a gzipped PNG image', async () => {
    const file = greyPng(10, 10, new Uint8Array(100).fill(0).fill(255, 44, 46));
    expect(await prepareImages(gzipSync(file), 'x.png.gz', SIZE, 'auto')).toEqual(
      await prepareImages(file, 'x.png.gz', SIZE, 'auto'),
    );
  });

  it.each<[string, number[] | string, string]>([
    ['GIF', 'GIF89a!', 'a GIF image (degelo reads JPEG and PNG: save it as one of them'],
    ['WebP', 'RIFF\x01\x02\x03\x04WEBPVP8', 'a WebP image (degelo'],
    ['HEIC', '\x00\x00\x00\x18ftypheic', 'a HEIC image (degelo'],
    ['BMP', 'BM......', 'a BMP image (degelo'],
    ['SVG', '<?xml version="1.0"?>\n<svg xmlns=""/>', 'an SVG image (degelo'],
    ['a page of the web', '<!DOCTYPE html>', 'an HTML page (a download that went wrong'],
    ['PDF', '%PDF-1.7', 'a PDF file'],
    ['XML', '<?xml version="1.0"?><a/>', 'an XML file'],
    ['a NumPy array', [0x93, ...Buffer.from('NUMPY')], 'a NumPy array (.npy)'],
  ])('says what %s is, and for an image how to convert it', async (_, bytes, message) => {
    const file = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Uint8Array.from(bytes);
    expect(await refusal(file)).toContain(
      `x: unknown kind of image: expected JPEG, PNG or IDX, got ${message}`,
    );
  });

  it('refuses other files, other sizes, and none', async () => {
    expect(await refusal(Buffer.from('hello'))).toBe(
      'x: unknown kind of image: expected JPEG, PNG or IDX, got "hello"',
    );
    expect(await refusal(Uint8Array.of(1))).toContain('unknown kind of image');
    expect(await refusal(gzipSync('{}'))).toContain(
      'unknown kind of image: expected JPEG, PNG or IDX, got "{}"',
    );
    expect(await refusal(idx([1, 3, 2], NUMBERS.slice(0, 6)))).toBe(
      "x: IDX images must have the model's size: expected 2×3, got 3×2",
    );
    expect(await refusal(idx([0, 2, 3], []))).toBe('x: expected at least one image, got none');
    expect(await refusal(idx([12], NUMBERS))).toContain('got unsigned bytes in 1 dimension (labels)');
    expect(await refusal(idx([2, 2, 3], NUMBERS.slice(1)))).toContain('truncated');
  });
});
