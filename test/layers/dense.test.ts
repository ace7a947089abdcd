import { describe, expect, it } from 'vitest';
import { dense } from '../../src/layers/dense.ts';
import { expectClose } from '../matchers.ts';
import { bench, expectGradients } from './harness.ts';

describe('dense', () => {
  it.each([
    [1, 1, 1],
    [3, 7, 5],
    [9, 16, 8],
  ])('gives what the nested loops of the definition give: %i samples, %i to %i', (N, I, O) => {
    const test = bench(dense({ units: O }), [I], N);
    const y = test.forward();
    const [w, b] = test.run.parameters;
    const expected = new Float64Array(N * O);
    for (let n = 0; n < N; n++) {
      for (let o = 0; o < O; o++) {
        expected[n * O + o] = b[o];
        for (let i = 0; i < I; i++) expected[n * O + o] += test.x[n * I + i] * w[i * O + o];
      }
    }
    expectClose(y, expected, { absolute: 1e-12 });
  });

  it('has the gradients of central differences', () => {
    expectGradients(bench(dense({ units: 5 }), [7], 9));
  });

  it('has the gradients of central differences with ReLU folded in', () => {
    expectGradients(bench(dense({ units: 6 }), [5], 4, null, { relu: true }));
  });

  it('with dead zeros, leaves the gradient of a zero input out and changes no other', () => {
    const whole = bench(dense({ units: 4 }), [6], 2);
    const dead = bench(dense({ units: 4 }), [6], 2, null, { zeroInputsAreDead: true });
    for (const { x } of [whole, dead]) for (const i of [0, 3, 7]) x[i] = 0;
    const dy = whole.forward().map((_, i) => i - 3.5);
    dead.forward();
    const expected = Float64Array.from(whole.backward(dy).dx);
    for (const i of [0, 3, 7]) expected[i] = 0;
    expect(dead.backward(dy).dx).toEqual(expected);
  });

  it.each([
    [{ units: 0 }, /dense: units must be an integer ≥ 1, got 0/],
    [{ units: Number.NaN }, /units must be an integer ≥ 1, got NaN/],
    [{}, /units must be an integer ≥ 1, got undefined/],
    [
      { units: 3, activation: 'snake' },
      /activation must be one of linear, relu, sigmoid, softmax, tanh, .*got 'snake'/,
    ],
    [{ units: 3, useBias: 1 }, /useBias must be true or false, got 1/],
    [{ units: 3, kernelInitializer: 'orthogonal' }, /kernelInitializer must be one of zeros.*'orthogonal'/],
  ])('refuses %j', (options, message) => {
    expect(() => dense(options as Parameters<typeof dense>[0])).toThrow(message);
  });

  it('takes the channels of each pixel of an image, as a convolution of 1×1 does', () => {
    const image = bench(dense({ units: 5 }), [2, 3, 4], 3);
    const pixels = bench(dense({ units: 5 }), [4], 18);
    pixels.x.set(image.x);
    for (const [i, own] of pixels.run.parameters.entries()) own.set(image.run.parameters[i]);
    expect(image.forward()).toEqual(pixels.forward());
    expectGradients(image);
    expect(dense({ units: 5 }).computeOutputShape([2, 3, 4])).toEqual([2, 3, 5]);
    expect(() => dense({ units: 3 }).build([])).toThrow('must have a dimension');
  });
});
