import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conv2d } from '../../src/layers/conv2d.ts';
import { maxPooling2d } from '../../src/layers/max-pooling2d.ts';
import { expectClose } from '../matchers.ts';
import { bench, expectGradients } from './harness.ts';

/** The definition, in nested loops written for reading. */
function convolve(
  x: Float64Array, // [H, W, C]
  [H, W, C]: readonly number[],
  w: ArrayLike<number>, // [KH, KW, C, OC]
  b: ArrayLike<number>,
  [KH, KW]: readonly number[],
  [SH, SW]: readonly number[],
  [top, left]: readonly number[],
  [OH, OW, OC]: readonly number[],
): Float64Array {
  const y = new Float64Array(OH * OW * OC);
  for (let oh = 0; oh < OH; oh++) {
    for (let ow = 0; ow < OW; ow++) {
      for (let oc = 0; oc < OC; oc++) {
        let sum = b[oc];
        for (let kh = 0; kh < KH; kh++) {
          for (let kw = 0; kw < KW; kw++) {
            const h = oh * SH + kh - top;
            const wd = ow * SW + kw - left;
            if (h < 0 || h >= H || wd < 0 || wd >= W) continue;
            for (let c = 0; c < C; c++) {
              sum += x[(h * W + wd) * C + c] * w[((kh * KW + kw) * C + c) * OC + oc];
            }
          }
        }
        y[(oh * OW + ow) * OC + oc] = sum;
      }
    }
  }
  return y;
}

describe('conv2d', () => {
  it('gives what the nested loops of the definition give, for random geometries', () => {
    const shapes = fc.record({
      H: fc.integer({ min: 1, max: 7 }),
      W: fc.integer({ min: 1, max: 7 }),
      C: fc.integer({ min: 1, max: 3 }),
      filters: fc.integer({ min: 1, max: 5 }),
      kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      padding: fc.constantFrom('valid' as const, 'same' as const),
    });
    fc.assert(
      fc.property(shapes, ({ H, W, C, filters, kernel, strides, padding }) => {
        fc.pre(padding === 'same' || (kernel[0] <= H && kernel[1] <= W));
        const layer = conv2d({ filters, kernelSize: kernel, strides, padding });
        const test = bench(layer, [H, W, C], 2);
        const y = test.forward();
        const g = layer.geometry;
        const [w, b] = test.run.parameters;
        for (let n = 0; n < 2; n++) {
          const sample = test.x.subarray(n * H * W * C, (n + 1) * H * W * C);
          const out = [g.OH, g.OW, g.OC];
          const expected = convolve(sample, [H, W, C], w, b, kernel, strides, [g.padTop, g.padLeft], out);
          expectClose(y.subarray(n * expected.length, (n + 1) * expected.length), expected, {
            absolute: 1e-12,
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['valid', conv2d({ filters: 3, kernelSize: 3 }), [6, 5, 2]],
    ['stride 2', conv2d({ filters: 2, kernelSize: [2, 3], strides: 2 }), [6, 7, 2]],
    ['padding same', conv2d({ filters: 5, kernelSize: 3, padding: 'same' }), [4, 5, 1]],
    ['padding same, stride 2', conv2d({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' }), [6, 5, 2]],
    ['kernel as large as the image', conv2d({ filters: 4, kernelSize: [4, 3] }), [4, 3, 1]],
  ] as const)('has the gradients of central differences: %s', (_, layer, shape) => {
    expectGradients(bench(layer, shape, 2));
  });

  it('has the gradients of central differences with ReLU folded in', () => {
    expectGradients(bench(conv2d({ filters: 3, kernelSize: 3 }), [5, 5, 2], 2, null, { relu: true }));
  });

  it('with pooling folded in, gives the bits of the two layers in a row, forward and backward', () => {
    const conv = conv2d({ filters: 4, kernelSize: 3 });
    conv.build([8, 8, 2]);
    const pooling = maxPooling2d();
    pooling.build([6, 6, 4]);
    for (const walk of ['dense', 'sparse'] as const) {
      const fused = bench(conv2d({ filters: 4, kernelSize: 3 }), [8, 8, 2], 3, null, {
        pool: pooling.geometry,
        outputShape: [3, 3, 4],
        walk,
      });
      // keptBytes and scratch depend on the pool, which the bench knows from the plan.
      const first = bench(conv2d({ filters: 4, kernelSize: 3 }), [8, 8, 2], 3);
      const second = bench(maxPooling2d(), [6, 6, 4], 3);
      second.x.set(first.forward());
      const y = second.forward();
      expect(fused.forward()).toEqual(y);
      const dy = y.map((_, i) => (i % 3 === 0 ? 0 : Math.cos(i)));
      const behind = second.backward(dy);
      const apart = first.backward(behind.dx);
      const together = fused.backward(dy);
      expect(together.dx).toEqual(apart.dx);
      expect(together.gradients).toEqual(apart.gradients);
    }
  });

  it.each([
    [{ filters: 0, kernelSize: 3 }, RangeError, /conv2d: filters must be an integer ≥ 1, got 0/],
    [{ filters: 2.5, kernelSize: 3 }, RangeError, /filters must be an integer ≥ 1, got 2.5/],
    [{ filters: '8', kernelSize: 3 }, TypeError, /filters must be an integer ≥ 1, got '8'/],
    [{ filters: 8 }, TypeError, /kernelSize must be an integer ≥ 1, got undefined/],
    [{ filters: 8, kernelSize: [3, 3, 3] }, RangeError, /kernelSize must be one number or two/],
    [{ filters: 8, kernelSize: 3, strides: 0 }, RangeError, /strides must be an integer ≥ 1, got 0/],
    [
      { filters: 8, kernelSize: 3, padding: 'full' },
      RangeError,
      /padding must be one of valid, same, got 'full'/,
    ],
    [
      { filters: 8, kernelSize: 3, activation: 'gelu' },
      RangeError,
      /activation must be one of .* got 'gelu'/,
    ],
    [
      { filters: 8, kernelSize: 3, kernalSize: 3 },
      RangeError,
      /unknown option kernalSize \(did you mean kernelSize\?\): expected one of filters/,
    ],
  ])('refuses %j', (options, kind, message) => {
    // What a user of JavaScript may pass.
    const make = () => conv2d(options as Parameters<typeof conv2d>[0]);
    expect(make).toThrow(kind);
    expect(make).toThrow(message);
  });

  it.each([
    [[5], /input of one sample must be \[height, width, channels\], got \[5\]/],
    [[2, 5, 1], /the window must fit the image: expected height of at least 3, got 2/],
    [[5, 2, 1], /expected width of at least 3, got 2/],
  ])('refuses an input of shape %j', (shape, message) => {
    expect(() => conv2d({ filters: 1, kernelSize: 3 }).build(shape)).toThrow(message);
  });

  it('has no geometry before it is built', () => {
    expect(() => conv2d({ filters: 1, kernelSize: 3 }).geometry).toThrow(/isn't built yet/);
  });
});
