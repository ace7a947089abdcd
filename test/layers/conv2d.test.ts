import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conv2d } from '../../src/layers/conv2d.ts';
import { maxPooling2d } from '../../src/layers/max-pooling2d.ts';
import { expectClose, expectSameBits } from '../matchers.ts';
import { bench, expectGradients, numbers } from './harness.ts';

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
    ['dilated', conv2d({ filters: 2, kernelSize: [2, 3], dilationRate: [3, 2] }), [6, 7, 2]],
    [
      'dilated, padding same, stride 2',
      conv2d({ filters: 2, kernelSize: 3, dilationRate: 2, strides: 2, padding: 'same' }),
      [5, 6, 2],
    ],
    ['three groups', conv2d({ filters: 6, kernelSize: 2, groups: 3 }), [4, 3, 6]],
    ['no bias', conv2d({ filters: 3, kernelSize: 2, useBias: false }), [4, 3, 2]],
    ['kernel as large as the image', conv2d({ filters: 4, kernelSize: [4, 3] }), [4, 3, 1]],
  ] as const)('has the gradients of central differences: %s', (_, layer, shape) => {
    expectGradients(bench(layer, shape, 2));
  });

  it('has the gradients of central differences with ReLU folded in', () => {
    expectGradients(bench(conv2d({ filters: 3, kernelSize: 3 }), [5, 5, 2], 2, null, { relu: true }));
  });

  it.each([
    ['two channels and two filters each', 6, 6],
    ['one channel and two filters each', 3, 6],
    ['one channel and one filter each', 3, 3],
  ])(
    'of three groups, %s, gives for each group what a convolution of its channels alone gives',
    (_, C, filters) => {
      const [H, W, G] = [5, 4, 3];
      const [own, ownFilters] = [C / G, filters / G];
      const windows = { kernelSize: 3, padding: 'same', strides: [2, 1] } as const;
      const all = bench(conv2d({ filters, groups: G, ...windows }), [H, W, C], 2);
      const y = all.forward();
      const dy = y.map((_, i) => Math.sin(i));
      const { dx, gradients } = all.backward(dy);
      /** The columns of group `group` of rows of so many numbers a group. */
      const part = (numbers: ArrayLike<number>, group: number, size: number): number[] =>
        Array.from(numbers).filter((_, i) => Math.floor((i % (size * G)) / size) === group);
      for (let group = 0; group < G; group++) {
        const alone = bench(conv2d({ filters: ownFilters, ...windows }), [H, W, own], 2);
        alone.x.set(part(all.x, group, own));
        for (const [p, parameter] of alone.run.parameters.entries()) {
          parameter.set(part(all.run.parameters[p], group, ownFilters));
        }
        expect([...alone.forward()]).toEqual(part(y, group, ownFilters));
        const found = alone.backward(Float64Array.from(part(dy, group, ownFilters)));
        expect([...found.dx]).toEqual(part(dx, group, own));
        for (const [p, gradient] of gradients.entries()) {
          expect([...found.gradients[p]]).toEqual(part(gradient, group, ownFilters));
        }
      }
    },
  );

  it.each([
    ['alone', {}],
    ['with ReLU', { relu: true }],
    ['by Winograd', { algorithm: 'winograd' }],
  ] as const)('without a bias, gives the bits of a bias of zeros: %s', (_, plan) => {
    const options = { filters: 8, kernelSize: 3 };
    const none = bench(conv2d({ ...options, useBias: false }), [6, 6, 8], 2, null, plan);
    const zeros = bench(conv2d(options), [6, 6, 8], 2, null, plan);
    zeros.run.parameters[0].set(none.run.parameters[0]);
    zeros.run.parameters[1].fill(0);
    expectSameBits(none.forward(), zeros.forward());
    expect(none.run.parameters).toHaveLength(1);
    const dy = numbers(none.run.y.length, 3);
    expect(none.backward(dy).gradients).toEqual(zeros.backward(dy).gradients.slice(0, 1));
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
      { filters: 8, kernelSize: 3, activation: 'snake' },
      RangeError,
      /activation must be one of .* got 'snake'/,
    ],
    [
      { filters: 8, kernelSize: 3, dilationRate: 0 },
      RangeError,
      /dilationRate must be an integer ≥ 1, got 0/,
    ],
    [{ filters: 8, kernelSize: 3, groups: 3 }, RangeError, /filters must be a multiple of groups/],
    [{ filters: 8, kernelSize: 3, useBias: 'no' }, TypeError, /useBias must be true or false, got 'no'/],
    [{ filters: 8, kernelSize: 3, kernelInitializer: 'he' }, RangeError, /kernelInitializer must be one of/],
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

  it('refuses channels that groups don’t divide, and a dilated kernel larger than the image', () => {
    expect(() => conv2d({ filters: 4, kernelSize: 1, groups: 4 }).build([3, 3, 6])).toThrow(
      /channels must be a multiple of groups: expected one of 4, got 6/,
    );
    expect(() => conv2d({ filters: 1, kernelSize: 3, dilationRate: 2 }).build([4, 5, 1])).toThrow(
      /expected height of at least 5, got 4/,
    );
  });

  it('has no geometry before it is built', () => {
    expect(() => conv2d({ filters: 1, kernelSize: 3 }).geometry).toThrow(/isn't built yet/);
  });
});
