/** Images with their margins: how large they are, and where the image is in them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conv2dGeometry } from '../../../src/kernels/geometry.ts';
import { isUnpadded, paddedGeometry, paddedSize, padImage } from '../../../src/kernels/simd/padding.ts';

const size = fc.integer({ min: 1, max: 4 });
const pair = fc.tuple(size, size);
const geometry = fc
  .record({
    image: fc.tuple(fc.integer({ min: 13, max: 16 }), fc.integer({ min: 13, max: 16 }), size),
    ...{ kernelSize: pair, strides: pair, dilationRate: pair },
    padding: fc.constantFrom('same' as const, 'valid' as const),
  })
  .map(({ image, ...options }) => conv2dGeometry(image, { ...options, filters: 1 }));

describe('an image with its margin', () => {
  it('reaches just to the last pixel of the last patch, whatever strides and dilation are', () => {
    fc.assert(
      fc.property(geometry, (g) => {
        const last = (steps: number, stride: number, positions: number, dilation: number): number =>
          (steps - 1) * stride + (positions - 1) * dilation;
        const [row, column] = [last(g.OH, g.SH, g.KH, g.DH), last(g.OW, g.SW, g.KW, g.DW)];
        const fits = g.padTop === 0 && g.padLeft === 0 && row < g.H && column < g.W;
        expect(isUnpadded(g)).toBe(fits);
        expect(paddedSize(g)).toBe(fits ? 0 : (row + 1) * (column + 1) * g.C);
        expect(paddedGeometry(g)).toEqual(
          fits ? g : { ...g, H: row + 1, W: column + 1, padTop: 0, padLeft: 0 },
        );
      }),
    );
  });

  it('has the image behind the margin, and zeros around it', () => {
    const g = conv2dGeometry([2, 3, 1], { kernelSize: [3, 3], strides: [1, 1], padding: 'same', filters: 1 });
    const image = new Float32Array(paddedSize(g)).fill(9);
    padImage(g, Float32Array.of(9, 9, 9, 9, 9, 9, 1, 2, 3, 4, 5, 6), 1, image);
    expect([...image]).toEqual([0, 0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 4, 5, 6, 0, 0, 0, 0, 0, 0]);
  });
});
