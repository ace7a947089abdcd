import { describe, expect, it } from 'vitest';
import { activation } from '../../src/layers/activation.ts';
import { type ReluOptions, reLU } from '../../src/layers/relu.ts';
import { softmax } from '../../src/layers/softmax.ts';
import { bench, expectGradients } from './harness.ts';

describe('reLU', () => {
  // The first four rows are the examples of Keras' documentation.
  it.each<[ReluOptions, number[]]>([
    [{}, [0, 0, 0, 5, 10]],
    [{ negativeSlope: 0.5 }, [-5, -2.5, 0, 5, 10]],
    [{ maxValue: 5 }, [0, 0, 0, 5, 5]],
    [{ threshold: 5 }, [0, 0, 0, 0, 10]],
    [{ maxValue: 6, negativeSlope: 0.25, threshold: 2 }, [-3, -1.75, -0.5, 5, 6]],
  ])('%j of −10, −5, 0, 5 and 10', (options, expected) => {
    const test = bench(reLU(options), [5], 1);
    test.x.set([-10, -5, 0, 5, 10]);
    expect([...test.forward()]).toEqual(expected);
    test.x.set([-9.5, -4.5, 0.5, 5.5, 9.5]);
    expectGradients(test);
  });

  it('without slope and threshold is what the plan folds into the layer before it; else a pass of its own', () => {
    expect(reLU().foldsAs()).toEqual({ kind: 'relu' });
    expect(reLU({ maxValue: null }).foldsAs()).toEqual({ kind: 'relu' });
    expect(reLU({ maxValue: 6 }).foldsAs()).toEqual({ kind: 'relu', max: 6 });
    expect(activation('relu6').foldsAs()).toEqual({ kind: 'relu', max: 6 });
    // Float32 hasn't 0.1, so what was cut off there couldn't be told from it.
    for (const options of [{ negativeSlope: 0.1 }, { threshold: 1 }, { maxValue: 0 }, { maxValue: 0.1 }]) {
      expect(reLU(options).foldsAs()).toBeNull();
    }
  });

  it.each([
    [{ maxValue: -1 }, /reLU: maxValue must be at least 0 and finite, got -1/],
    ...['negativeSlope', 'maxValue', 'threshold'].map(
      (name) => [{ [name]: Infinity }, /must be at least 0 and finite, got Infinity/] as [object, RegExp],
    ),
    [{ negativeSlope: null }, /negativeSlope must not be null/],
    [{ threshold: -2 }, /threshold must be at least 0/],
    [{ alpha: 0.1 }, /unknown option alpha/],
  ])('refuses %j', (options, message) => {
    expect(() => reLU(options as ReluOptions)).toThrow(message);
  });
});

describe('softmax', () => {
  it('normalises the last dimension, and folds into its loss as the activation does', () => {
    const test = bench(softmax(), [2, 3], 1);
    const y = test.forward();
    expect(y[0] + y[1] + y[2]).toBeCloseTo(1, 14);
    expectGradients(test);
    expect(softmax().foldsAs()).toEqual({ kind: 'softmax' });
    expect(softmax({ axis: -1, name: 's' }).getConfig()).toEqual({ name: 's', trainable: true });
  });

  it('refuses another axis', () => {
    expect(() => softmax({ axis: 1 } as unknown as { axis: -1 })).toThrow(/softmax: axis must be −1/);
  });
});
