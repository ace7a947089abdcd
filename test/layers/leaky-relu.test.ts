import { describe, expect, it } from 'vitest';
import { type LeakyReluOptions, leakyReLU } from '../../src/layers/leaky-relu.ts';
import { bench, expectGradients } from './harness.ts';

describe('leakyReLU', () => {
  it('keeps what is above zero and takes negativeSlope of the rest, 0.3 unless told', () => {
    const slope = Math.fround(0.3);
    const test = bench(leakyReLU({ negativeSlope: slope }), [2, 2], 1);
    test.x.set([-2, 0, 1, -0.5]);
    expect([...test.forward()]).toEqual([-2 * slope, 0, 1, -0.5 * slope]);
    expect(leakyReLU().getConfig()).toMatchObject({ negativeSlope: 0.3 });
  });

  it.each([0, 0.3, 1, 2])('has the gradients of central differences, slope %d', (negativeSlope) => {
    expectGradients(bench(leakyReLU({ negativeSlope }), [2, 3], 4));
  });

  it('gives a zero the slope’s share of its gradient', () => {
    const test = bench(leakyReLU({ negativeSlope: 0.25 }), [1], 1);
    test.x.set([0]);
    test.forward();
    expect([...test.backward(Float64Array.of(8)).dx]).toEqual([2]);
  });

  it.each([
    [{ negativeSlope: -0.1 }, /leakyReLU: negativeSlope must be at least 0 and finite, got -0.1/],
    [{ negativeSlope: Number.NaN }, /must be at least 0 and finite, got NaN/],
    [{ negativeSlope: Infinity }, /must be at least 0 and finite, got Infinity/],
    [{ negativeSlope: '0.3' }, /negativeSlope must be a number, got '0.3'/],
    [{ alpha: 0.3 }, /unknown option alpha/],
  ])('refuses %j', (options, message) => {
    expect(() => leakyReLU(options as LeakyReluOptions)).toThrow(message);
  });
});
