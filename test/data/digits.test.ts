/** Images for programs and browsers: from bytes of files to what a network takes. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadMnistPackage } from '../../src/data/mnist-package.ts';
import { toGrey } from '../../src/data/pixels.ts';
import {
  argMax,
  DataError,
  decodeIdx,
  decodePng,
  fitDigit,
  fromPixels,
  type ImagePixels,
  tensor,
  toCategorical,
} from '../../src/index.ts';
import { relativeDifference } from '../arrays.ts';
import { idx } from './files.ts';
import { greyPng, png } from './png-writer.ts';

const { train } = loadMnistPackage();
const SIDE = 28;
const three = train.images.subarray(3500 * 784, 3501 * 784);

/** The digit `times` as large with a margin around it, each pixel painted by what it holds. */
function canvas(times: number, paint: (ink: number, x: number, y: number) => readonly number[]): ImagePixels {
  const side = SIDE * times;
  const data = new Uint8ClampedArray(4 * side * side);
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at += 4) {
      const ink = three[Math.floor(y / times) * SIDE + Math.floor(x / times)];
      data.set(paint(ink, x / side, y / side), at);
    }
  }
  return { width: side, height: side, data };
}

/** The mean difference to the digit as it is, as a part of its mean. */
const error = (image: ImagePixels): number => {
  return relativeDifference(
    fitDigit(image).data,
    Float32Array.from(three, (byte) => byte / 255),
  );
};

describe('fitDigit', () => {
  it.each<[string, (ink: number, x: number, y: number) => readonly number[]]>([
    ['black on white', (ink) => [255 - ink, 255 - ink, 255 - ink, 255]],
    ['white on black', (ink) => [ink, ink, ink, 255]],
    ['white ink on a transparent canvas', (ink) => [255, 255, 255, ink]],
    ['black ink on a transparent canvas', (ink) => [0, 0, 0, ink]],
    ['grey whose black is transparent', (ink) => [ink, ink, ink, ink === 0 ? 0 : 255]],
    [
      'grey on white whose black is transparent',
      (ink) => [255 - ink, 255 - ink, 255 - ink, ink > 250 ? 0 : 255],
    ],
    [
      'black on white with transparent corners',
      (ink, x, y) => [255 - ink, 255 - ink, 255 - ink, Math.abs(x - 0.5) + Math.abs(y - 0.5) > 0.9 ? 0 : 255],
    ],
    [
      'white on black with transparent corners',
      (ink, x, y) => [ink, ink, ink, Math.abs(x - 0.5) + Math.abs(y - 0.5) > 0.9 ? 0 : 255],
    ],
  ])('finds the digit: %s', (_, paint) => {
    expect(error(canvas(5, paint))).toBeLessThan(0.02);
  });

  // Of nine pixels of one level, the places from 0 to 8, some are transparent.
  it.each<[string, number, readonly number[], number]>([
    ['a corner of a dark border: dark', 127, [0], 0],
    ['a corner of a light border: light', 129, [0], 255],
    ['half of a dark border: dark', 127, [0, 1, 2, 3], 0],
    ['half of a light border: light', 129, [0, 1, 2, 3], 255],
    ['more than half of the border, dark ink: light', 127, [0, 1, 2, 3, 5], 255],
    ['more than half of the border, light ink: dark', 129, [0, 1, 2, 3, 5], 0],
    ['a hole within a dark border: light', 127, [4], 255],
    ['a hole within a light border: dark', 129, [4], 0],
  ])('puts paper behind what is transparent, by what it is: %s', (_, level, hidden, paper) => {
    const alpha = (i: number): number => (hidden.includes(i) ? 0 : 255);
    const data = Uint8Array.from({ length: 36 }, (_, i) => (i % 4 === 3 ? alpha(Math.floor(i / 4)) : level));
    const { pixels } = toGrey({ width: 3, height: 3, data });
    expect([...pixels]).toEqual(Array.from(pixels, (_, i) => (hidden.includes(i) ? paper : level)));
  });

  const lit = (shade: (x: number, y: number) => number) =>
    canvas(8, (ink, x, y) => {
      const grain = (Math.floor(x * 7919 + y * 104729) % 7) / 100;
      const level = 230 * shade(x, y) * (1 - 0.85 * (ink / 255)) * (1 - grain);
      return [level, level, level, 255];
    });
  it.each<[string, (x: number, y: number) => number]>([
    ['light that fades from left to right', (x) => 1 - 0.6 * x],
    ['a shadow with a sharp edge over a third', (x) => (x < 0.35 ? 0.5 : 1)],
    ['a shadow with a sharp edge over most of it', (x, y) => (x + y > 0.7 ? 0.45 : 1)],
    ['a corner that is lit', (x, y) => 0.4 + 0.6 * Math.max(0, 1 - x - y)],
  ])('finds the digit in a photograph with %s', (_, shade) => {
    expect(error(lit(shade))).toBeLessThan(0.35);
  });

  it('says that nothing stands out where that is so, and not that all is background', () => {
    expect(() => fitDigit(canvas(1, () => [9, 9, 9, 255]))).toThrow(
      new DataError(
        'fitDigit',
        'no ink: expected a digit, got an image in which nothing stands out from its background',
      ),
    );
    expect(() => fitDigit(canvas(1, () => [9, 9, 9, 0]))).toThrow('no ink');
  });

  it('gives one sample of the size that is asked for', () => {
    const image = canvas(2, (ink) => [ink, ink, ink, 255]);
    expect(fitDigit(image).shape).toEqual([1, 28, 28, 1]);
    expect(fitDigit(image, { height: 20, width: 16 }).shape).toEqual([1, 20, 16, 1]);
    expect(fitDigit(image, { invert: 'no' }).data).toEqual(fitDigit(image).data);
  });

  it.each<[unknown, unknown, string]>([
    [null, {}, 'as ImageData has it, with bytes of red, green, blue and alpha, got null: of a canvas'],
    [Promise.resolve(), {}, 'got a promise (is an await missing?)'],
    [{ getContext() {} }, {}, "of a canvas getContext('2d').getImageData(…) gives that"],
    [
      { data: new Uint8Array(4), width: 2, height: 1 },
      {},
      'data must have 4 bytes per pixel: expected 8 for 2×1, got 4',
    ],
    [{ data: new Uint8Array(4), width: '1', height: 1 }, {}, "width must be an integer ≥ 1, got '1'"],
    [
      { data: new Uint8Array(4), width: 1, height: 1 },
      { size: 28 },
      'fitDigit: unknown option size: expected one of height',
    ],
    [
      { data: new Uint8Array(4), width: 1, height: 1 },
      { width: 0 },
      'width must be an integer from 1 to 4096, got 0',
    ],
    [
      { data: new Uint8Array(4), width: 1, height: 1 },
      { invert: true },
      'invert must be one of auto, yes, no, got true',
    ],
  ])('refuses %j with %j', (image, options, message) => {
    expect(() => fitDigit(image as ImagePixels, options as object)).toThrow(message);
  });
});

describe('toGrey', () => {
  it('is the luma of ITU-R BT.601, and each grey itself', () => {
    const { pixels } = toGrey({
      width: 4,
      height: 1,
      data: Uint8Array.of(255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 9, 9, 9, 255),
    });
    expect(Array.from(pixels)).toEqual([76, 150, 29, 9]);
    for (let level = 0; level < 256; level++) {
      expect(toGrey({ width: 1, height: 1, data: Uint8Array.of(level, level, level, 255) }).pixels[0]).toBe(
        level,
      );
    }
  });
});

describe('what toGrey puts behind transparent pixels', () => {
  /** The grey of a hole beside pixels of these levels and alphas, [level, alpha] each: the paper's. */
  const paper = (...pixels: readonly (readonly [number, number])[]): number => {
    const data = [[0, 0], ...pixels].flatMap(([level, alpha]) => [level, level, level, alpha]);
    return toGrey({ width: pixels.length + 1, height: 1, data: Uint8Array.from(data) }).pixels[0];
  };

  it('is what the rest of the border is like, where more than half of it is seen', () => {
    expect(paper([129, 255])).toBe(255);
    expect(paper([127, 255])).toBe(0);
  });

  it('is what the ink stands out from, where less of the border is seen', () => {
    expect(paper([129, 255], [0, 0])).toBe(0);
    expect(paper([127, 255], [0, 0])).toBe(255);
  });

  it('counts a pixel as seen from an alpha of 128 on', () => {
    expect(paper([200, 128])).toBe(255); // as light as the rest
    expect(paper([200, 127])).toBe(0); // ink that stands out
  });
});

describe('fromPixels', () => {
  const data = Uint8ClampedArray.of(1, 2, 3, 4, 5, 6, 7, 8);
  it('gives the numbers of TensorFlow.js: 3 channels, or 1, or 4', () => {
    const image = { width: 2, height: 1, data };
    expect(fromPixels(image).toNested()).toEqual([[[1, 2, 3], [5, 6, 7]]]); // biome-ignore format: pixels
    expect(fromPixels(image, 1).toNested()).toEqual([[[1], [5]]]);
    expect(fromPixels(image, 4).shape).toEqual([1, 2, 4]);
    expect(() => fromPixels(image, 2 as 3)).toThrow('fromPixels: numChannels must be 1, 3 or 4, got 2');
  });
});

describe('decodePng', () => {
  const file = greyPng(1, 2, [7, 200]);
  it('reads PNG files, gzipped or not', async () => {
    const expected = { width: 2, height: 1, data: Uint8ClampedArray.of(7, 7, 7, 255, 200, 200, 200, 255) };
    expect(await decodePng(file)).toEqual(expected);
    expect(await decodePng(gzipSync(file))).toEqual(expected);
  });

  it('says what else a file is, and that it is damaged', async () => {
    const refused = (bytes: Uint8Array) =>
      decodePng(bytes).then(
        () => 'no error',
        (error: Error) => error.message,
      );
    expect(await refused(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).toBe(
      'decodePng: expected PNG, got a JPEG image (decodeImage reads it)',
    );
    expect(await refused(Uint8Array.of(1, 2))).toBe('decodePng: expected PNG, got other bytes');
    const short = png({ width: 9, height: 9, depth: 8, type: 0, samples: [1] });
    expect(await refused(short)).toMatch(/damaged: expected 90 bytes of image data, got \d+/);
    const long = png({ width: 1, height: 1, depth: 8, type: 0, samples: [1, 2, 3, 4] });
    expect(await refused(file.subarray(0, 40))).toContain('truncated');
    expect(await refused(gzipSync(file).subarray(0, 30))).toBe(
      'decodePng: damaged: expected whole gzip data',
    );
    await expect(decodePng('three.png' as unknown as Uint8Array)).rejects.toThrow(
      "expected the file's bytes in a Uint8Array or an ArrayBuffer, got 'three.png'",
    );
    expect(long).toBeDefined();
  });
});

describe('decodeIdx', () => {
  it('reads IDX files, gzipped or not', async () => {
    const file = idx([2, 1, 2], [1, 2, 3, 4]);
    for (const bytes of [file, gzipSync(file)]) {
      expect(await decodeIdx(bytes)).toEqual({ shape: [2, 1, 2], data: Uint8Array.of(1, 2, 3, 4) });
    }
    await expect(decodeIdx(Buffer.from('<html>'))).rejects.toThrow(
      'decodeIdx: not an IDX file: expected 0 0, a type',
    );
  });
});

describe('toCategorical', () => {
  it('makes one-hot rows, as many columns as the largest label asks for, or as told', () => {
    const rows = [[1, 0, 0], [0, 0, 1]]; // biome-ignore format: a matrix
    for (const labels of [[0, 2], Uint8Array.of(0, 2), tensor([0, 2]), tensor([[0], [2]])]) {
      expect(toCategorical(labels).toNested()).toEqual(rows);
    }
    expect(toCategorical([1], 4).toNested()).toEqual([[0, 1, 0, 0]]);
    expect(toCategorical([], 3).shape).toEqual([0, 3]);
  });

  it.each<[unknown, unknown, string]>([
    [[0, 1.5], undefined, 'toCategorical: labels must be integers ≥ 0, got 1.5 at 1'],
    [[0, -1], undefined, 'got -1 at 1'],
    [['1'], undefined, "got '1' at 0"],
    [[0, 3], 3, 'toCategorical: labels must be below classes: expected 0 to 2, got 3 at 1'],
    [[0], 0.5, 'toCategorical: classes must be an integer ≥ 1, got 0.5'],
    [[], undefined, 'toCategorical: without labels, classes must be given: toCategorical([], 10)'],
    ['012', undefined, "labels must be an array of class numbers, got '012'"],
    [tensor([[0, 1]]), undefined, 'labels must have shape [n] or [n, 1], got [1,2]'],
  ])('refuses %j, %j', (labels, classes, message) => {
    expect(() => toCategorical(labels as number[], classes as number)).toThrow(message);
  });
});

describe('argMax', () => {
  it('gives the first largest place of each row of the last dimension', () => {
    expect(argMax(tensor([[1, 3, 3], [9, 0, 1]]))).toEqual(Int32Array.of(1, 0)); // biome-ignore format: a matrix
    expect(argMax(tensor([[[1, 2]], [[4, 3]]]), 2)).toEqual(Int32Array.of(1, 0));
    expect(argMax(tensor([5, 7]), -1)).toEqual(Int32Array.of(1));
    expect(argMax(toCategorical([4, 0, 2]))).toEqual(Int32Array.of(4, 0, 2));
  });

  it('refuses another axis, and what has no rows', () => {
    expect(() => argMax(tensor([[1, 2]]), 0)).toThrow(
      'argMax: axis must be the last one: expected -1 or 1, got 0',
    );
    expect(() => argMax(tensor(3))).toThrow('the last dimension must not be empty, got shape []');
    expect(() => argMax([[1, 2]] as never)).toThrow(TypeError);
  });
});
