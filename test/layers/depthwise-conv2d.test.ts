import { describe, expect, it } from 'vitest';
import { conv2d } from '../../src/layers/conv2d.ts';
import { type DepthwiseConv2dOptions, depthwiseConv2d } from '../../src/layers/depthwise-conv2d.ts';
import { type SeparableConv2dOptions, separableConv2d } from '../../src/layers/separable-conv2d.ts';
import { expectClose, expectSameBits } from '../matchers.ts';
import { bench, expectGradients, numbers } from './harness.ts';

describe('depthwiseConv2d', () => {
  it.each([
    [{ kernelSize: 3 }, [5, 4, 3]],
    [{ kernelSize: [3, 2], strides: 2, padding: 'same', depthMultiplier: 2 }, [5, 4, 2]],
    [{ kernelSize: 2, dilationRate: [2, 1], useBias: false }, [4, 3, 2]],
  ] as const)(
    '%j on an image of %j is a convolution in as many groups as there are channels',
    (options, image) => {
      const [H, W, C] = image;
      const M = 'depthMultiplier' in options ? options.depthMultiplier : 1;
      const { depthMultiplier: _, ...windows } = { depthMultiplier: 1, ...options };
      const own = bench(depthwiseConv2d(options), [H, W, C], 2);
      const grouped = bench(conv2d({ ...windows, filters: C * M, groups: C }), [H, W, C], 2);
      // [KH, KW, C, M] and [KH, KW, 1, C·M] are the same numbers in the same order.
      for (const [p, parameter] of own.run.parameters.entries()) grouped.run.parameters[p].set(parameter);
      expectSameBits(own.forward(), grouped.forward());
      const dy = numbers(own.run.y.length, 5);
      const [a, b] = [own.backward(dy), grouped.backward(dy)];
      expectSameBits(a.dx, b.dx);
      for (const [p, gradient] of a.gradients.entries()) expectSameBits(gradient, b.gradients[p]);
    },
  );

  it('has the gradients of central differences', () => {
    expectGradients(bench(depthwiseConv2d({ kernelSize: 3, padding: 'same' }), [4, 3, 2], 2));
    expectGradients(bench(depthwiseConv2d({ kernelSize: 2, depthMultiplier: 3 }), [3, 4, 2], 2));
  });

  it.each([
    [{ kernelSize: 3, depthMultiplier: 0 }, /depthwiseConv2d: depthMultiplier must be an integer ≥ 1, got 0/],
    [{ kernelSize: 3, filters: 3 }, /depthwiseConv2d: unknown option filters/],
    [{}, /depthwiseConv2d: kernelSize must be/],
    [{ kernelSize: 3, depthwiseInitializer: 'he' }, /depthwiseInitializer must be one of/],
  ])('refuses %j', (options, message) => {
    expect(() => depthwiseConv2d(options as unknown as DepthwiseConv2dOptions)).toThrow(message);
  });

  it('refuses what is no image, or smaller than its window, and has no geometry before it is built', () => {
    expect(() => depthwiseConv2d({ kernelSize: 3 }).build([5])).toThrow(
      /depthwiseConv2d: input of one sample/,
    );
    expect(() => depthwiseConv2d({ kernelSize: 3 }).build([2, 5, 1])).toThrow(
      /depthwiseConv2d: the window must fit/,
    );
    expect(() => depthwiseConv2d({ kernelSize: 3 }).geometry).toThrow(/isn't built yet/);
  });
});

describe('separableConv2d', () => {
  it.each([
    { filters: 4, kernelSize: 3, padding: 'same' },
    { filters: 3, kernelSize: [2, 3], strides: [2, 1], depthMultiplier: 2, useBias: false },
  ] as const)('%j is a depthwise convolution and one of 1×1 in a row', (options) => {
    const { filters, useBias = true, ...windows } = { useBias: true, ...options };
    const own = bench(separableConv2d(options), [5, 4, 3], 2);
    const first = bench(depthwiseConv2d({ ...windows, useBias: false }), [5, 4, 3], 2);
    const shape = first.run.stage.outputShape;
    const second = bench(conv2d({ filters, kernelSize: 1, useBias }), shape, 2);
    first.run.parameters[0].set(own.run.parameters[0]);
    for (const [p, parameter] of second.run.parameters.entries()) parameter.set(own.run.parameters[p + 1]);
    second.x.set(first.forward());
    expectSameBits(own.forward(), second.forward());
    const dy = numbers(own.run.y.length, 5);
    const behind = second.backward(dy);
    const before = first.backward(behind.dx);
    const together = own.backward(dy);
    expectClose(together.dx, before.dx, { absolute: 0 });
    const expected = [...before.gradients, ...behind.gradients];
    for (const [p, gradient] of together.gradients.entries()) expectSameBits(gradient, expected[p]);
  });

  it('has the gradients of central differences', () => {
    expectGradients(bench(separableConv2d({ filters: 3, kernelSize: 2 }), [3, 4, 2], 2));
  });

  it.each([
    [{ kernelSize: 3 }, /separableConv2d: filters must be/],
    [
      { filters: 2, kernelSize: 3, kernelInitializer: 'zeros' },
      /separableConv2d: unknown option kernelInitializer/,
    ],
    [{ filters: 2, kernelSize: 3, pointwiseInitializer: 'x' }, /pointwiseInitializer must be one of/],
  ])('refuses %j', (options, message) => {
    expect(() => separableConv2d(options as unknown as SeparableConv2dOptions)).toThrow(message);
    expect(() => separableConv2d({ filters: 1, kernelSize: 1 }).geometries).toThrow(/isn't built yet/);
  });
});
