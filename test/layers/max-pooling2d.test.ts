import { describe, expect, it } from 'vitest';
import { maxPooling2d } from '../../src/layers/max-pooling2d.ts';
import { bench, expectGradients } from './harness.ts';

describe('maxPooling2d', () => {
  it.each([
    [2, undefined, [4, 6, 3]],
    [
      [3, 2],
      [1, 2],
      [5, 7, 2],
    ],
    [2, undefined, [5, 5, 1]],
  ] as const)(
    'takes the maximum of each window: size %j, strides %j, image %j',
    (poolSize, strides, [H, W, C]) => {
      const layer = maxPooling2d({ poolSize, ...(strides && { strides }) });
      const test = bench(layer, [H, W, C], 2);
      const y = test.forward();
      const { OH, OW, KH, KW, SH, SW } = layer.geometry;
      for (let n = 0; n < 2; n++) {
        for (let oh = 0; oh < OH; oh++) {
          for (let ow = 0; ow < OW; ow++) {
            for (let c = 0; c < C; c++) {
              let maximum = -Infinity;
              for (let kh = 0; kh < KH; kh++) {
                for (let kw = 0; kw < KW; kw++) {
                  maximum = Math.max(maximum, test.x[((n * H + oh * SH + kh) * W + ow * SW + kw) * C + c]);
                }
              }
              expect(y[((n * OH + oh) * OW + ow) * C + c]).toBe(maximum);
            }
          }
        }
      }
    },
  );

  it('has the gradients of central differences, overlapping windows too', () => {
    expectGradients(bench(maxPooling2d(), [4, 6, 2], 2));
    expectGradients(bench(maxPooling2d({ poolSize: 3, strides: 1 }), [5, 5, 2], 1));
  });

  it('gives the gradient of a tie to the first maximum, row by row', () => {
    const test = bench(maxPooling2d(), [2, 2, 1], 1);
    test.x.set([1, 5, 5, 5]);
    expect([...test.forward()]).toEqual([5]);
    expect([...test.backward(Float64Array.of(3)).dx]).toEqual([0, 3, 0, 0]);
  });

  it('has windows of up to 256 places, whose last one gets its gradient too', () => {
    const test = bench(maxPooling2d({ poolSize: 16 }), [16, 16, 1], 1);
    test.x.fill(0);
    test.x[255] = 1;
    expect([...test.forward()]).toEqual([1]);
    expect(test.backward(Float64Array.of(3)).dx.indexOf(3)).toBe(255);
    expect(() => maxPooling2d({ poolSize: [256, 1] })).not.toThrow();
    expect(() => maxPooling2d({ poolSize: [257, 1] })).toThrow(/at most 256 elements, got 257,1/);
  });

  it.each([
    [{ poolSize: 0 }, /maxPooling2d: poolSize must be an integer ≥ 1, got 0/],
    [{ poolSize: '2' }, /poolSize must be an integer ≥ 1, got '2'/],
    [{ poolSize: 17 }, /at most 256 elements/],
    [{ strides: [2] }, /strides must be one number or two/],
    [{ padding: 'full' }, /padding must be one of valid, same, got 'full'/],
  ])('refuses %j', (options, message) => {
    expect(() => maxPooling2d(options as Parameters<typeof maxPooling2d>[0])).toThrow(message);
  });

  it('refuses an image smaller than its window', () => {
    expect(() => maxPooling2d().build([1, 4, 2])).toThrow(/expected height of at least 2, got 1/);
    expect(() => maxPooling2d().geometry).toThrow(/isn't built yet/);
  });
});
