import { describe, expect, it } from 'vitest';
import { LAYER_CASES } from '../../src/gradcheck/suite.ts';
import { activation } from '../../src/layers/activation.ts';
import type { ActivationName } from '../../src/layers/activations.ts';
import { flatten } from '../../src/layers/flatten.ts';
import { allActivations } from '../../src/layers/more-activations.ts';
import { layerFromConfig, layers } from '../../src/layers/registry.ts';
import { Network } from '../../src/model/network.ts';
import { expectClose } from '../matchers.ts';
import { bench, expectGradients } from './harness.ts';

describe('activation', () => {
  it('relu: the positive part, and +0 elsewhere', () => {
    const test = bench(activation('relu'), [4], 1);
    test.x.set([-1, -0, 0, 2]);
    const y = test.forward();
    for (const [i, expected] of [0, 0, 0, 2].entries()) expect(Object.is(y[i], expected)).toBe(true);
  });

  // Written from Keras' documentation of each.
  const clip = (x: number, from: number, to: number): number => Math.min(Math.max(x, from), to);
  const scale = 1.0507009873554805;
  const alpha = 1.6732632423543772;
  const formulas: Record<string, (x: number) => number> = {
    linear: (x) => x,
    relu: (x) => Math.max(x, 0),
    relu6: (x) => clip(x, 0, 6),
    elu: (x) => (x > 0 ? x : Math.expm1(x)),
    selu: (x) => scale * (x > 0 ? x : alpha * Math.expm1(x)),
    geluApproximate: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
    swish: (x) => x / (1 + Math.exp(-x)),
    silu: (x) => x / (1 + Math.exp(-x)),
    softplus: (x) => Math.log1p(Math.exp(x)),
    hardSigmoid: (x) => clip(x + 3, 0, 6) / 6,
    hardSigmoidKeras2: (x) => clip(0.2 * x + 0.5, 0, 1),
    hardSwish: (x) => (x * clip(x + 3, 0, 6)) / 6,
    hardSilu: (x) => (x * clip(x + 3, 0, 6)) / 6,
    mish: (x) => x * Math.tanh(Math.log1p(Math.exp(x))),
    softsign: (x) => x / (Math.abs(x) + 1),
    exponential: Math.exp,
    logSigmoid: (x) => -Math.log1p(Math.exp(-x)),
    hardTanh: (x) => clip(x, -1, 1),
    hardShrink: (x) => (Math.abs(x) > 0.5 ? x : 0),
    softShrink: (x) => Math.sign(x) * Math.max(Math.abs(x) - 0.5, 0),
    tanhShrink: (x) => x - Math.tanh(x),
    squareplus: (x) => (x + Math.sqrt(x * x + 4)) / 2,
    sparsePlus: (x) => (x <= -1 ? 0 : x < 1 ? (x + 1) ** 2 / 4 : x),
    sparseSigmoid: (x) => clip((x + 1) / 2, 0, 1),
  };
  const WIDE = Float64Array.from({ length: 41 }, (_, i) => (i - 20) * 0.4 + 0.05);

  it.each(Object.entries(formulas).filter(([name]) => name !== 'linear'))('%s: Keras’ formula', (name, f) => {
    const test = bench(activation(name as ActivationName), [41], 1);
    test.x.set(WIDE);
    expectClose(
      test.forward(),
      WIDE.map(f),
      name === 'exponential' ? { relative: 1e-14 } : { absolute: 1e-14 },
    );
  });

  it('gelu: x·Φ(x), by numbers from tables of the normal distribution', () => {
    const test = bench(activation('gelu'), [5], 1);
    test.x.set([-2, -1, 0, 1, 2]);
    const phi = [0.0227501319481792, 0.158655253931457, 0.5, 0.841344746068543, 0.977249868051821];
    expectClose(
      test.forward(),
      phi.map((p, i) => (i - 2) * p),
      { absolute: 1e-14 },
    );
  });

  const BEYOND = ['linear', 'softmax', 'logSoftmax', 'exponential']; // e^x has no largest number
  it.each(allActivations().filter((name) => !BEYOND.includes(name)))(
    '%s stays finite for the largest numbers, and takes −∞',
    (name) => {
      const test = bench(activation(name), [4], 1);
      test.x.set([3e38, -3e38, 100, -100]);
      expect(test.forward().every(Number.isFinite)).toBe(true);
      const { dx } = test.backward(Float64Array.of(1, 1, 1, 1));
      expect(dx.every(Number.isFinite)).toBe(true);
      test.x.set([NaN, Infinity, -Infinity, 0]);
      // −∞·0 has no value.
      expect(Number.isNaN(test.forward()[2])).toBe(name === 'hardSwish' || name === 'hardSilu');
    },
  );

  const KINKS = allActivations().map((name) => [name, activation(name).kinks()] as const);
  it.each(KINKS.filter(([, kinks]) => kinks.length > 0))(
    '%s: the slope jumps at outputs %j, and at no other',
    (name, kinks) => {
      const f = formulas[name];
      const second = (x: number, h: number): number => (f(x + h) - 2 * f(x) + f(x - h)) / h;
      for (let i = -320; i <= 320; i++) {
        const x = i / 40;
        const jumps = Math.abs(second(x, 1e-4)) > 0.05;
        if (jumps) expect(kinks.some((kink) => Math.abs(f(x) - kink) < 1e-9)).toBe(true);
      }
    },
  );

  it('silu is swish and hardSilu is hardSwish, under their first names from then on', () => {
    expect(activation('silu').activation).toBe('swish');
    expect(activation('hardSilu').activation).toBe('hardSwish');
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

  it('logSoftmax: the logarithm of softmax, also where that is nothing', () => {
    const test = bench(activation('logSoftmax'), [2, 3], 1);
    test.x.set([1, 2, 3, 1000, 0, -1000]);
    const S = Math.log(Math.exp(-2) + Math.exp(-1) + 1);
    expectClose(test.forward(), [-2 - S, -1 - S, -S, 0, -1000, -2000], { absolute: 1e-14 });
  });

  it.each([
    ['glu', /halves the channels, and isn't there/],
    ['celu', /with Keras' alpha, 1, celu is 'elu'/],
    ['sparsemax', /sparsemax isn't there, and Keras' rows of it don't sum to 1: take 'softmax'/],
    ['threshold', /add the layer reLU\(\{ threshold \}\) after it/],
    ['PReLU', /add the layer prelu\(\) after it/],
  ])('%s isn’t there, and what to do instead is said', (name, message) => {
    expect(() => activation(name as ActivationName)).toThrow(message);
  });

  it.each(allActivations().filter((name) => name !== 'linear'))(
    '%s has the gradients of central differences',
    (name) => {
      const test = bench(activation(name), [41], 1);
      test.x.set(WIDE);
      expectGradients(test);
    },
  );

  it('refuses a name that it does not know', () => {
    expect(() => activation('tanhh' as ActivationName)).toThrow(
      /must be one of linear, relu, sigmoid, softmax, tanh, relu6, .* got 'tanhh'/,
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
    const all = LAYER_CASES.flatMap((each) => new Network({ layers: each.layers() }).allLayers());
    const names = new Set([...all.map(({ className }) => className), 'InputLayer']);
    expect(names).toEqual(new Set(layers.names));
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
      /unknown layer class Conv3D: expected one of Activation, Add, Average, AveragePooling2D/,
    );
  });
});
