/** What an image that is moved has beyond its border, near and far, by the definition of each way to fill it. */
import { describe, expect, it } from 'vitest';
import {
  type AffineMatrix,
  FILL_MODES,
  type FillMode,
  INTERPOLATIONS,
  sampleAffine,
  sampleAffineBackward,
} from '../../src/layers/affine-sampling.ts';

/** abcde moved to the right by so many pixels, or, as a column, down. */
function moved(by: number, fillMode: FillMode, isColumn = false): number[] {
  const size = 5;
  const x = Float32Array.from({ length: size }, (_, i) => i + 1);
  const y = new Float32Array(size);
  const image = isColumn ? { H: size, W: 1, C: 1 } : { H: 1, W: size, C: 1 };
  const matrix = isColumn ? ([1, 0, 0, 0, 1, -by] as const) : ([1, 0, -by, 0, 1, 0] as const);
  sampleAffine(matrix, { fillMode, fillValue: 9, interpolation: 'nearest' }, image, x, y);
  return Array.from(y);
}

const FAR = Array.from({ length: 53 }, (_, i) => i - 26);

describe('what lies beyond abcde', () => {
  it.each(FAR)('moved by %d: is its mirror image, and again abcde', (by) => {
    const round = [1, 2, 3, 4, 5, 5, 4, 3, 2, 1];
    const expected = [0, 1, 2, 3, 4].map((i) => round[(((i - by) % 10) + 10) % 10]);
    expect(moved(by, 'reflect')).toEqual(expected);
    expect(moved(by, 'reflect', true)).toEqual(expected);
  });

  it.each(FAR)('moved by %d: is its last pixel, or a number', (by) => {
    const places = [0, 1, 2, 3, 4].map((i) => i - by);
    expect(moved(by, 'nearest')).toEqual(places.map((place) => Math.min(4, Math.max(0, place)) + 1));
    expect(moved(by, 'constant')).toEqual(places.map((place) => (place >= 0 && place <= 4 ? place + 1 : 9)));
  });

  // Farther away TensorFlow takes abcd for the period.
  it.each([-3, -2, -1, 0, 1, 2, 3])('moved by %d: is abcde once more', (by) => {
    expect(moved(by, 'wrap')).toEqual([0, 1, 2, 3, 4].map((i) => ((i - by + 5) % 5) + 1));
  });

  /** As TensorFlow 2.21 has them. */
  it.each([
    [-13, '11111'],
    [-10, '12111'],
    [-9, '11211'],
    [-8, '11121'],
    [-7, '31112'],
    [-6, '23111'],
    [-5, '12311'],
    [-4, '51231'],
    [4, '53451'],
    [5, '55345'],
    [6, '55534'],
    [7, '45553'],
    [8, '54555'],
    [9, '55455'],
    [12, '55555'],
  ])('moved by %d: is what TensorFlow takes for abcde once more', (by, pixels) => {
    expect(moved(by, 'wrap').join('')).toBe(pixels);
    expect(moved(by, 'wrap', true).join('')).toBe(pixels);
  });

  it('is the one pixel that there is', () => {
    for (const fillMode of ['reflect', 'wrap', 'nearest'] as const) {
      const y = new Float32Array(1);
      const sampling = { fillMode, fillValue: 9, interpolation: 'nearest' } as const;
      sampleAffine([1, 0, -3, 0, 1, 0], sampling, { H: 1, W: 1, C: 1 }, Float32Array.of(7), y);
      expect(y[0]).toBe(7);
    }
  });
});

const MATRICES: readonly AffineMatrix[] = [
  [1, 0, 0, 0, 1, 0],
  [1, 0, 0.25, 0, 1, -0.5],
  [0, 1, 0, -1, 0, 3],
  [0.5, 0.25, -1, 0.5, 1.5, 1],
];

describe.each(FILL_MODES)('the gradient, %s beyond', (fillMode) => {
  // y is linear in x: what each pixel of x adds to each of y is what its gradient has of it.
  it.each(INTERPOLATIONS)('%s between: each pixel’s, the first one’s too', (interpolation) => {
    const image = { H: 4, W: 3, C: 2 };
    const size = image.H * image.W * image.C;
    const unit = (i: number) => Float64Array.from({ length: size }, (_, j) => (i === j ? 1 : 0));
    const sampling = { fillMode, fillValue: 0, interpolation };
    for (const matrix of MATRICES) {
      const columns = Array.from({ length: size }, (_, i) => {
        const y = new Float64Array(size).fill(NaN);
        sampleAffine(matrix, sampling, image, unit(i), y);
        return y;
      });
      for (let o = 0; o < size; o++) {
        const dx = new Float64Array(size).fill(NaN);
        sampleAffineBackward(matrix, sampling, image, unit(o), dx);
        expect(Array.from(dx)).toEqual(columns.map((y) => y[o]));
      }
    }
  });
});
