import { describe, expect, it } from 'vitest';
import { type AveragePooling2dOptions, averagePooling2d } from '../../src/layers/average-pooling2d.ts';
import { expectClose } from '../matchers.ts';
import { bench, expectGradients } from './harness.ts';

describe('averagePooling2d', () => {
  it.each([
    [{}, [4, 6, 3]],
    [{ poolSize: [3, 2], strides: [1, 2] }, [5, 7, 2]],
    [{ poolSize: 3, strides: 2, padding: 'same' }, [5, 4, 2]],
    [{ poolSize: [2, 3], strides: 1, padding: 'same' }, [3, 3, 1]],
  ] as const)('takes the mean of each window’s pixels within the image: %j, image %j', (options, image) => {
    const [H, W, C] = image;
    const test = bench(averagePooling2d(options), [H, W, C], 2);
    const y = test.forward();
    const { OH, OW, KH, KW, SH, SW, padTop, padLeft } = (
      test.run.stage.layer as ReturnType<typeof averagePooling2d>
    ).geometry;
    const expected: number[] = [];
    for (let n = 0; n < 2; n++) {
      for (let oh = 0; oh < OH; oh++) {
        for (let ow = 0; ow < OW; ow++) {
          for (let c = 0; c < C; c++) {
            const window: number[] = [];
            for (let h = oh * SH - padTop; h < oh * SH - padTop + KH; h++) {
              for (let w = ow * SW - padLeft; w < ow * SW - padLeft + KW; w++) {
                if (h >= 0 && h < H && w >= 0 && w < W) window.push(test.x[((n * H + h) * W + w) * C + c]);
              }
            }
            expected.push(window.reduce((sum, v) => sum + v, 0) / window.length);
          }
        }
      }
    }
    expectClose(y, expected, { absolute: 1e-15 });
  });

  it('has the gradients of central differences, overlapping windows and padding too', () => {
    expectGradients(bench(averagePooling2d(), [4, 6, 2], 2));
    expectGradients(bench(averagePooling2d({ poolSize: 3, strides: 1 }), [5, 5, 2], 1));
    expectGradients(bench(averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' }), [4, 5, 2], 2));
  });

  it.each([
    [{ poolSize: 0 }, /averagePooling2d: poolSize must be an integer ≥ 1, got 0/],
    [{ strides: [2] }, /strides must be one number or two/],
    [{ padding: 'full' }, /padding must be one of valid, same, got 'full'/],
    [{ dataFormat: 'channelsFirst' }, /unknown option dataFormat/],
  ])('refuses %j', (options, message) => {
    expect(() => averagePooling2d(options as AveragePooling2dOptions)).toThrow(message);
  });

  it('refuses what is no image, or smaller than its window', () => {
    expect(() => averagePooling2d().build([4])).toThrow(
      /averagePooling2d: input of one sample must be \[height, width, channels\], got \[4\]/,
    );
    expect(() => averagePooling2d().build([1, 4, 2])).toThrow(/expected height of at least 2, got 1/);
    expect(() => averagePooling2d().geometry).toThrow(/isn't built yet/);
  });
});
