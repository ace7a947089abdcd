import { describe, expect, it } from 'vitest';
import { LAYER_CASES } from '../../src/gradcheck/suite.ts';
import { type ActivationName, activation } from '../../src/layers/activation.ts';
import { flatten } from '../../src/layers/flatten.ts';
import { layerFromConfig, layers } from '../../src/layers/registry.ts';
import { expectClose } from '../matchers.ts';
import { bench, expectGradients } from './harness.ts';

describe('activation', () => {
  it('relu: the positive part, and +0 elsewhere', () => {
    const test = bench(activation('relu'), [4], 1);
    test.x.set([-1, -0, 0, 2]);
    const y = test.forward();
    for (const [i, expected] of [0, 0, 0, 2].entries()) expect(Object.is(y[i], expected)).toBe(true);
  });

  it.each([
    ['sigmoid', (x: number) => 1 / (1 + Math.exp(-x))],
    ['tanh', Math.tanh],
  ] as const)('%s: the function of each element', (name, f) => {
    const test = bench(activation(name), [5], 2);
    expectClose(test.forward(), test.x.map(f), { relative: 1e-14 });
  });

  it('softmax: exponentials over their sum along the last dimension', () => {
    const test = bench(activation('softmax'), [2, 3], 2);
    const y = test.forward();
    for (let row = 0; row < 4; row++) {
      const e = [0, 1, 2].map((c) => Math.exp(test.x[row * 3 + c]));
      const sum = e[0] + e[1] + e[2];
      expectClose(
        y.subarray(row * 3, row * 3 + 3),
        e.map((v) => v / sum),
        { relative: 1e-14 },
      );
    }
  });

  it.each(['relu', 'sigmoid', 'softmax', 'tanh'] as const)(
    '%s has the gradients of central differences',
    (name) => {
      expectGradients(bench(activation(name), [2, 5], 3));
    },
  );

  it('refuses a name that it does not know', () => {
    expect(() => activation('tanhh' as ActivationName)).toThrow(
      /must be one of linear, relu, sigmoid, softmax, tanh, got 'tanhh'/,
    );
    expect(() => activation({} as { activation: ActivationName })).toThrow(/got undefined/);
  });
});

describe('flatten', () => {
  it('changes the shape alone, so it is no pass', () => {
    const layer = flatten();
    layer.build([3, 4, 2]);
    expect(layer.outputShape).toEqual([24]);
    expect(layer.isIdentity()).toBe(true);
    expect(() => flatten({ units: 2 } as object)).toThrow(/unknown option units/);
  });
});

describe('layerFromConfig', () => {
  it('makes every layer that the gradient checks have again from its own configuration', () => {
    const all = LAYER_CASES.flatMap((each) => each.layers());
    expect(new Set(all.map(({ className }) => className))).toEqual(new Set(layers.names));
    for (const layer of all) {
      // As a file holds it.
      const config = JSON.parse(JSON.stringify({ ...layer.getConfig(), trainable: false }));
      const again = layerFromConfig(layer.className, config);
      expect(again).toBeInstanceOf(layer.constructor);
      expect(again.className).toBe(layer.className);
      expect(JSON.parse(JSON.stringify(again.getConfig()))).toEqual(config);
    }
  });

  it('refuses a class that is not listed', () => {
    expect(() => layerFromConfig('Conv3D', {})).toThrow(
      /unknown layer class Conv3D: expected one of Activation, AveragePooling2D/,
    );
  });
});
