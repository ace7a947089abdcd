import { describe, expect, test } from 'vitest';
import { conv2dGeometry, type Padding, poolGeometry } from '../../src/kernels/geometry.ts';

const conv = (shape: number[], kernel: number, stride: number, padding: Padding) =>
  conv2dGeometry(shape, { filters: 4, kernelSize: [kernel, kernel], strides: [stride, stride], padding });

describe('conv2dGeometry', () => {
  test('has the dimensions of the experiment’s second convolution', () => {
    expect(
      conv2dGeometry([26, 26, 32], { filters: 32, kernelSize: [3, 3], strides: [1, 1], padding: 'valid' }),
    ).toMatchObject({ OH: 24, OW: 24, OC: 32, P: 576, K: 288, padTop: 0, padLeft: 0 });
  });

  // [size, kernel, stride, padding, output, zeros before], by TensorFlow's rule.
  test.each([
    [5, 3, 2, 'valid', 2, 0],
    [6, 3, 2, 'valid', 2, 0],
    [5, 5, 1, 'valid', 1, 0],
    [5, 3, 1, 'same', 5, 1],
    [5, 2, 1, 'same', 5, 0],
    [6, 3, 2, 'same', 3, 0],
    [5, 3, 2, 'same', 3, 1],
    [1, 3, 1, 'same', 1, 1],
    [7, 2, 3, 'same', 3, 0],
  ] as const)('%i pixels, kernel %i, stride %i, %s: %i outputs, %i zeros before', (...row) => {
    const [size, kernel, stride, padding, output, before] = row;
    const g = conv([size, size, 1], kernel, stride, padding);
    expect([g.OH, g.OW, g.padTop, g.padLeft]).toEqual([output, output, before, before]);
  });

  test('refuses a kernel larger than the image', () => {
    expect(() => conv([2, 5, 1], 3, 1, 'valid')).toThrow(
      new RangeError('conv2d: the window must fit the image: expected height of at least 3, got 2'),
    );
    expect(() => conv([5, 2, 1], 3, 1, 'valid')).toThrow(/width of at least 3, got 2/);
  });

  test.each([[[28, 28]], [[28, 28, 0]], [[28, 1.5, 1]], [[]]])('refuses input shape [%s]', (shape) => {
    expect(() => conv(shape, 1, 1, 'valid')).toThrow(
      new RangeError(`conv2d: input of one sample must be [height, width, channels], got [${shape}]`),
    );
  });
});

describe('poolGeometry', () => {
  test('leaves out rows and columns that do not fill a window', () => {
    expect(poolGeometry([5, 7, 3], [2, 2], [2, 2])).toEqual({
      H: 5,
      W: 7,
      C: 3,
      KH: 2,
      KW: 2,
      SH: 2,
      SW: 2,
      OH: 2,
      OW: 3,
      padTop: 0,
      padLeft: 0,
    });
  });

  test('refuses a window larger than the image and a shape that is no image', () => {
    expect(() => poolGeometry([1, 4, 1], [2, 2], [2, 2])).toThrow(
      new RangeError('maxPooling2d: the window must fit the image: expected height of at least 2, got 1'),
    );
    expect(() => poolGeometry([4], [2, 2], [2, 2])).toThrow(RangeError);
  });
});
