/** Images are resized as Keras resizes them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resizeImage, Tensor } from '../../../src/index.ts';
import { fixtures, fromBase64 } from './fixtures.ts';

const { height, width, data } = fixtures.image;
const image = { height, width, data: fromBase64(data) };

describe('resizeImage', () => {
  it.each(
    fixtures.resized.map((each) => {
      const how = `${each.antialias ? 'antialias, ' : ''}${each.cropToAspectRatio ? 'cropped' : 'stretched'}`;
      return [`${each.size.join('×')}, ${how}`, each] as const;
    }),
  )("is within 1e-5 of Keras' numbers: %s", (_, { size, antialias, cropToAspectRatio, values }) => {
    const expected = new Float32Array(fromBase64(values).buffer);
    const x = resizeImage(image, { size, antialias, cropToAspectRatio });
    expect(x.shape).toEqual([...size, 3]);
    const worst = x.data.reduce((most, v, i) => Math.max(most, Math.abs(v - expected[i]) / 255), 0);
    expect(worst).toBeLessThan(1e-5);
  });

  it('is the formula of its page, to the bit', () => {
    // 5 → 2 without antialias: places 0.75 and 3.25.
    const row = { height: 1, width: 5, data: Uint8Array.of(0, 100, 7, 50, 250) };
    expect([...resizeImage(row, { size: [1, 2] }).data]).toEqual([75, 100]);
    // With it: triangles of radius 2.5 around these.
    const triangle = (place: number): number => {
      const weights = [0, 1, 2, 3, 4].map((s) => Math.max(0, 1 - Math.abs(s - place) / 2.5));
      const sum = weights.reduce((total, w) => total + w, 0);
      return Math.fround(weights.reduce((total, w, s) => total + (w / sum) * row.data[s], 0));
    };
    expect([...resizeImage(row, { size: [1, 2], antialias: true }).data]).toEqual([
      triangle(0.75),
      triangle(3.25),
    ]);
  });

  it('leaves an image of the right size as it is, and one of one colour that colour', () => {
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(size, size, size, size, fc.boolean(), fc.boolean(), (h, w, H, W, antialias, crop) => {
        const options = { antialias, cropToAspectRatio: crop };
        const bytes = Uint8Array.from({ length: h * w * 3 }, (_, i) => (i * 37) % 256);
        const same = resizeImage({ height: h, width: w, data: bytes }, { size: [h, w], ...options });
        expect([...same.data]).toEqual([...bytes]);
        const grey = { height: h, width: w, data: new Uint8Array(h * w).fill(200) };
        for (const v of resizeImage(grey, { size: [H, W], ...options }).data) expect(v).toBeCloseTo(200, 3);
      }),
      { numRuns: 40 },
    );
  });

  it('takes an ImageData without its alpha, and a tensor', () => {
    const rgba = { height: 1, width: 2, data: Uint8ClampedArray.of(1, 2, 3, 99, 4, 5, 6, 98) };
    expect([...resizeImage(rgba, { size: [1, 2] }).data]).toEqual([1, 2, 3, 4, 5, 6]);
    const x = new Tensor(Float32Array.of(0.5, 1.5), [1, 2, 1]);
    expect(resizeImage(x, { size: 1 })).toEqual(new Tensor(Float32Array.of(1), [1, 1, 1]));
  });

  it('refuses what is no image and no such option', () => {
    // biome-ignore lint/suspicious/noExplicitAny: as JavaScript calls it
    const call = resizeImage as (...args: any[]) => unknown;
    expect(() => call([1, 2], { size: 3 })).toThrow(
      'resizeImage: expected an image, as decodeImage gives it',
    );
    expect(() => call(image)).toThrow('resizeImage: size must be an integer ≥ 1');
    expect(() => call(image, { size: 3, interpolation: 'bicubic' })).toThrow('interpolation must be');
    expect(() => call(image, { size: 10_000 })).toThrow('size must be at most 8192');
    expect(() => call({ ...image, height: 0 }, { size: 3 })).toThrow('height must be an integer ≥ 1');
    expect(() => call({ ...image, height: 12 }, { size: 3 })).toThrow('1, 3 or 4 bytes per pixel');
    expect(() => call(new Tensor(new Float32Array(4), [2, 2]), { size: 3 })).toThrow('must have shape');
  });
});
