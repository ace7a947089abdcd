import fc from 'fast-check';
import { expect, it } from 'vitest';
import { brightInk, darkInk } from '../../src/data/even-light.ts';
import type { GreyImage } from '../../src/data/pixels.ts';

/** The largest, or least, value of the window around each pixel, as one would say it. */
function swept({ height: H, width: W, pixels }: GreyImage, pick: (...values: number[]) => number): GreyImage {
  const reach = Math.max(1, Math.floor(Math.min(H, W) / 8));
  const result = pixels.map((_, at) => {
    const [y, x] = [Math.floor(at / W), at % W];
    const rows = range(y - reach, y + reach, H);
    const columns = range(x - reach, x + reach, W);
    return pick(...rows.flatMap((i) => columns.map((j) => pixels[i * W + j])));
  });
  return { height: H, width: W, pixels: result };
}

const range = (first: number, last: number, size: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((i) => i >= 0 && i < size);

const images = fc
  .record({ height: fc.integer({ min: 1, max: 17 }), width: fc.integer({ min: 1, max: 17 }) })
  .chain(({ height, width }) =>
    fc
      .uint8Array({ minLength: height * width, maxLength: height * width })
      .map((pixels) => ({ height, width, pixels })),
  );

it('ink is what stands out from the largest, then the least within the window, of every image', () => {
  fc.assert(
    fc.property(images, (image) => {
      const paper = swept(swept(image, Math.max), Math.min).pixels;
      const ground = swept(swept(image, Math.min), Math.max).pixels;
      const ink = (value: number, i: number): number =>
        paper[i] > 0 ? Math.round((255 * (paper[i] - value)) / paper[i]) : 0;
      expect(darkInk(image).pixels).toEqual(image.pixels.map(ink));
      expect(brightInk(image).pixels).toEqual(image.pixels.map((value, i) => value - ground[i]));
    }),
    { numRuns: 30 },
  );
});
