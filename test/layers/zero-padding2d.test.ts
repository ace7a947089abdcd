import { describe, expect, it } from 'vitest';
import { type ZeroPadding2dOptions, zeroPadding2d } from '../../src/layers/zero-padding2d.ts';
import { bench, expectGradients } from './harness.ts';

describe('zeroPadding2d', () => {
  it.each([
    [undefined, [1, 1, 1, 1]],
    [2, [2, 2, 2, 2]],
    [
      [1, 2],
      [1, 1, 2, 2],
    ],
    [
      [
        [0, 1],
        [2, 3],
      ],
      [0, 1, 2, 3],
    ],
  ] as const)('puts zeros around the image: %j', (padding, [top, bottom, left, right]) => {
    const [N, H, W, C] = [2, 3, 2, 2];
    const layer = zeroPadding2d(padding === undefined ? {} : { padding });
    const test = bench(layer, [H, W, C], N);
    const [OH, OW] = [top + H + bottom, left + W + right];
    expect(layer.outputShape).toEqual([OH, OW, C]);
    const y = test.forward();
    for (let n = 0; n < N; n++) {
      for (let oh = 0; oh < OH; oh++) {
        for (let ow = 0; ow < OW; ow++) {
          for (let c = 0; c < C; c++) {
            const [h, w] = [oh - top, ow - left];
            const inside = h >= 0 && h < H && w >= 0 && w < W;
            const expected = inside ? test.x[((n * H + h) * W + w) * C + c] : 0;
            expect(y[((n * OH + oh) * OW + ow) * C + c]).toBe(expected);
          }
        }
      }
    }
  });

  it('has the gradients of central differences', () => {
    expectGradients(bench(zeroPadding2d({ padding: [[1, 0], [2, 3]] }), [3, 4, 2], 2)); // biome-ignore format: two axes
  });

  it('overwrites what stood in the margin, and with no margin is no pass at all', () => {
    const test = bench(zeroPadding2d(), [1, 1, 1], 1);
    test.run.y.fill(9);
    expect([...test.forward()]).toEqual([0, 0, 0, 0, test.x[0], 0, 0, 0, 0]);
    expect([zeroPadding2d().isIdentity(), zeroPadding2d({ padding: 0 }).isIdentity()]).toEqual([false, true]);
  });

  it.each([
    [{ padding: -1 }, /zeroPadding2d: padding must be an integer ≥ 0, got -1/],
    [{ padding: 1.5 }, /must be an integer ≥ 0, got 1.5/],
    [{ padding: 'same' }, /must be an integer ≥ 0, got 'same'/],
    [{ padding: [1, 2, 3] }, /padding must be one number or two, got \[1, 2, 3\]/],
    [{ padding: [[1], 2] }, /padding must be one number or two per side, got \[1\]/],
    [{ size: 1 }, /unknown option size/],
  ])('refuses %j', (options, message) => {
    expect(() => zeroPadding2d(options as ZeroPadding2dOptions)).toThrow(message);
  });

  it('refuses what is no image', () => {
    expect(() => zeroPadding2d().build([7])).toThrow(/zeroPadding2d: input of one sample must be \[height/);
  });
});
