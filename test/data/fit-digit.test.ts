import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitDigit, isDarkOnLight, withBrightInk } from '../../src/data/fit-digit.ts';
import { loadMnistPackage } from '../../src/data/mnist-package.ts';
import type { GreyImage } from '../../src/data/pixels.ts';
import { largestDifference, relativeDifference } from '../arrays.ts';
import { dataError } from './files.ts';

const MNIST = { height: 28, width: 28 };
const { train } = loadMnistPackage();
const digit = (n: number): GreyImage => ({ ...MNIST, pixels: train.images.subarray(n * 784, (n + 1) * 784) });

const inverse = (image: GreyImage): GreyImage => ({ ...image, pixels: image.pixels.map((v) => 255 - v) });

/** Each pixel `times` × `times` as large, on a canvas of `height` × `width` of which the corner is at (top, left). */
function onCanvas(image: GreyImage, times: number, height: number, width: number, top: number, left: number) {
  const pixels = new Uint8Array(height * width);
  for (let y = 0; y < image.height * times; y++) {
    for (let x = 0; x < image.width * times; x++) {
      const value = image.pixels[Math.floor(y / times) * image.width + Math.floor(x / times)];
      const [to, from] = [top + y, left + x];
      if (to >= 0 && to < height && from >= 0 && from < width) pixels[to * width + from] = value;
    }
  }
  return { height, width, pixels };
}

describe('fitDigit', () => {
  it('leaves every hundredth image of MNIST where it is, and changes no pixel by more than 1', () => {
    for (let n = 0; n < 8000; n += 100) {
      const { image, inverted } = fitDigit(digit(n), MNIST, 'auto', 'x');
      expect(inverted).toBe(false);
      expect(largestDifference(image.pixels, digit(n).pixels)).toBeLessThanOrEqual(1);
    }
  });

  it('gives the same image wherever the digit stands, however large, and black on white too', () => {
    const anywhere = fc.record({
      n: fc.nat(7999),
      times: fc.integer({ min: 1, max: 5 }),
      top: fc.nat(40),
      left: fc.nat(40),
      isInverse: fc.boolean(),
    });
    fc.assert(
      fc.property(anywhere, ({ n, times, top, left, isInverse }) => {
        const canvas = onCanvas(digit(n), times, 200, 220, top, left);
        const { image, inverted } = fitDigit(isInverse ? inverse(canvas) : canvas, MNIST, 'auto', 'x');
        expect(inverted).toBe(isInverse);
        // Three of the 8,000 are a pixel beside their centre of mass in MNIST itself.
        const own = fitDigit(digit(n), MNIST, 'auto', 'x').image;
        expect(largestDifference(image.pixels, own.pixels)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same image of a digit of 5.7 million pixels, within the rounding of means', () => {
    const canvas = onCanvas(digit(4000), 84, 2400, 2380, 24, 16);
    const { image } = fitDigit(canvas, MNIST, 'auto', 'x');
    expect(largestDifference(image.pixels, digit(4000).pixels)).toBeLessThanOrEqual(1);
  });

  it('finds the digit under noise and a shadow: most of the ink where it was, none far away', () => {
    const { pixels, ...size } = inverse(onCanvas(digit(4000), 6, 240, 260, 40, 50));
    const photo = pixels.map((value, i) => {
      const shadow = ((i % 260) / 260) * 20;
      const noise = ((i * 7919) % 97) / 8;
      return Math.max(0, Math.round(value * 0.8 - shadow - noise));
    });
    const { image, inverted } = fitDigit({ ...size, pixels: photo }, MNIST, 'auto', 'x');
    expect(inverted).toBe(true);
    expect(relativeDifference(image.pixels, digit(4000).pixels)).toBeLessThan(0.35);
  });

  it('draws the box around what is ink for certain where the border has any noise, of one level too', () => {
    const clean = onCanvas(digit(4000), 2, 80, 80, 12, 12);
    const noisy = (spot: number): GreyImage => {
      const pixels = clean.pixels.slice();
      // A fifth of the border is one level darker than its middle.
      for (const [i, value] of pixels.entries()) if (value === 0 && i % 5 > 0) pixels[i] = 1;
      if (spot > 0) for (const i of [3 * 80 + 3, 3 * 80 + 4, 4 * 80 + 3, 4 * 80 + 4]) pixels[i] = spot;
      return { ...clean, pixels };
    };
    const { image } = fitDigit(noisy(0), MNIST, 'no', 'x');
    expect(fitDigit(noisy(50), MNIST, 'no', 'x').image.pixels).toEqual(image.pixels);
    // What is as bright as a quarter of the ink belongs to it.
    expect(fitDigit(noisy(90), MNIST, 'no', 'x').image.pixels).not.toEqual(image.pixels);
  });

  it('finds it where light falls unevenly, dark on light and light on dark', () => {
    const { pixels, ...size } = onCanvas(digit(4000), 6, 240, 260, 40, 50);
    // With the noise that all photos have.
    const light = (i: number): number => ((i % 260) / 260) * 90 + ((i * 7919) % 97) / 16;
    const paper = { ...size, pixels: pixels.map((value, i) => (250 - light(i)) * (1 - 0.7 * (value / 255))) };
    const slate = { ...size, pixels: pixels.map((value, i) => 10 + light(i) + 0.5 * value) };
    const found = (photo: GreyImage, how: 'auto' | 'yes' | 'no', inverted: boolean) => {
      const fitted = fitDigit(photo, MNIST, how, 'x');
      expect(fitted.inverted).toBe(inverted);
      return fitted.image.pixels;
    };
    const dark = found(paper, 'yes', true);
    expect(relativeDifference(dark, digit(4000).pixels)).toBeLessThan(0.35);
    expect(found(paper, 'auto', true)).toEqual(dark);
    expect(found(paper, 'no', false)).not.toEqual(dark);
    const bright = found(slate, 'no', false);
    expect(relativeDifference(bright, digit(4000).pixels)).toBeLessThan(0.35);
    expect(found(slate, 'yes', true)).not.toEqual(bright);
  });

  it('fits into the box of 20×20 and keeps the aspect ratio', () => {
    const bar = { height: 300, width: 100, pixels: new Uint8Array(30_000) };
    for (let y = 50; y < 250; y++) bar.pixels.fill(200, y * 100 + 40, y * 100 + 60);
    const { pixels } = fitDigit(bar, MNIST, 'no', 'x').image;
    // 200×20 becomes 20×2, all of it as bright as can be.
    expect(pixels.filter((value) => value === 255)).toHaveLength(40);
    expect(pixels.filter((value) => value > 0)).toHaveLength(40);
    expect([pixels[5 * 28 + 14], pixels[24 * 28 + 15]]).toEqual([255, 255]);
  });

  it('takes a digit that is cut out tightly, so that a third of the border is ink', () => {
    const { pixels } = digit(0);
    const ink = onCanvas({ ...MNIST, pixels }, 1, 20, 28, -4, 0);
    const [left, right] = [0, 27].map((_, side) => {
      const columns = Array.from({ length: 28 }, (_, x) => x).filter((x) =>
        ink.pixels.some((value, i) => value > 0 && i % 28 === x),
      );
      return columns[side === 0 ? 0 : columns.length - 1];
    });
    const cut = onCanvas(ink, 1, 20, right - left + 1, 0, -left);
    expect(largestDifference(fitDigit(cut, MNIST, 'no', 'x').image.pixels, pixels)).toBeLessThanOrEqual(1);
  });

  it('keeps the finest line', () => {
    const line = { height: 2000, width: 2000, pixels: new Uint8Array(4_000_000) };
    line.pixels.fill(1, 1_000_100, 1_001_900);
    const { pixels } = fitDigit(line, MNIST, 'no', 'x').image;
    expect(pixels.filter((value) => value === 255)).toHaveLength(20);
  });

  it('inverts as it is told, whatever the border says', () => {
    const image = { height: 3, width: 3, pixels: Uint8Array.of(0, 0, 0, 0, 200, 0, 0, 0, 9) };
    const inverted = (how: 'auto' | 'yes' | 'no') => withBrightInk(image, how).inverted;
    expect([inverted('auto'), inverted('yes'), inverted('no')]).toEqual([false, true, false]);
    expect(isDarkOnLight(inverse(image))).toBe(true);
  });

  it('makes images of any size from images of any size', () => {
    const size = (min: number) =>
      fc.record({ height: fc.integer({ min, max: 12 }), width: fc.integer({ min, max: 12 }) });
    // Less than half of the smallest border: more would be background.
    const inks = fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(size(3), size(1), fc.nat(), inks, (from, to, at, ink) => {
        const pixels = new Uint8Array(from.height * from.width);
        pixels.set(ink, at % (pixels.length - ink.length));
        const { image } = fitDigit({ ...from, pixels }, to, 'no', 'x');
        expect(image.pixels).toHaveLength(to.height * to.width);
        expect(Math.max(...image.pixels)).toBe(255);
      }),
    );
  });

  it('refuses an image without ink', () => {
    const image = { height: 4, width: 4, pixels: new Uint8Array(16).fill(77) };
    expect(dataError(() => fitDigit(image, MNIST, 'auto', 'grey.png')).message).toBe(
      'grey.png: no ink: expected a digit, got an image in which nothing stands out from its background',
    );
  });
});
