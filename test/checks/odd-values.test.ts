/** Values that only the engine would refuse, in words that name neither what came nor where: each is refused in a line of ours. */
import { describe, expect, it, vi } from 'vitest';
import {
  adam,
  checkGradient,
  checkGradients,
  conv2d,
  csvLogger,
  dense,
  earlyStopping,
  Layer,
  layerScale,
  learningRateScheduler,
  modelCheckpoint,
  namedWeights,
  normalization,
  permute,
  piecewiseConstantDecay,
  type Run,
  registerLayer,
  sequential,
  softmax,
  toCategorical,
  zeros,
} from '../../src/index.ts';
import { compiled, net, odd, refusal, x } from './refusal.ts';

const f = ([a]: Float64Array) => a * a;
const square = (options: object) => () =>
  checkGradient({ f, gradient: ([a]: Float64Array) => [2 * a], at: [3], ...options });

class Batches {
  *[Symbol.iterator]() {
    yield [x, x];
  }
}

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return odd(proxy);
};

describe('one line says which value came, and where', () => {
  it.each<[string, () => unknown, string]>([
    [
      'a symbol for kernels',
      () => compiled({ kernel: Symbol('k') }),
      'one of auto, plain, simd, fma, got Symbol(k)',
    ],
    [
      'an object for an algorithm',
      () => compiled({ convolution: Object.create(null) }),
      'got an object without',
    ],
    ['a symbol for an axis', () => softmax({ axis: odd(Symbol('a')) }), 'got Symbol(a)'],
    [
      'a bigint for a separator',
      () => csvLogger({ path: 'a.csv', separator: odd(1n) }),
      'no name or number has, got 1n',
    ],
    [
      'a bigint for boundaries',
      () => piecewiseConstantDecay({ boundaries: odd([1n]), values: [1, 2] }),
      'ascending integers ≥ 0, got [1n]',
    ],
    [
      'a symbol for a place',
      () => zeros([2]).at(odd(Symbol('i'))),
      'at: index 0 must be an integer from 0 to 1, got Symbol(i)',
    ],
    [
      'nothing to build for',
      () => net().build(odd(undefined)),
      'inputShape must be an array of sizes, without the batch, got undefined',
    ],
    [
      'a shape with its batch to build for',
      () => net().build(odd([null, 2])),
      'and none for the batch, got [null, 2]',
    ],
    [
      'a batch size for a layer to build for',
      () => dense({ units: 1 }).build(odd(3)),
      'without the batch, got 3: [3]',
    ],
    [
      'a symbol for columns',
      () => compiled().describePlan(odd(Symbol('c'))),
      'describePlan: columns must be a number',
    ],
    [
      'a revoked Proxy for options',
      () => dense(revoked()),
      "options must be an object, got something that can't be looked at",
    ],
    [
      'a revoked Proxy for an option',
      () => adam({ learningRate: revoked() }),
      "adam: learningRate can't be read (",
    ],
    [
      'a revoked Proxy behind',
      () => Reflect.apply(dense, null, [{ units: 1 }, revoked()]),
      "got something that can't be looked at behind",
    ],
    [
      'a promise of class weights',
      () => compiled().fit(x, x, { classWeight: odd(Promise.resolve({})) }),
      'got a promise',
    ],
    ['a set of class weights', () => compiled().fit(x, x, { classWeight: odd(new Set([1])) }), 'got a Set'],
    [
      'a class for batches',
      () => compiled().fit(odd(Batches)),
      'x must give batches: expected an object of the class, got the class Batches',
    ],
    [
      'an iterator that is none',
      () => compiled().fit(odd(() => ({ [Symbol.iterator]: 1 }))),
      'with a method next, got 1',
    ],
    [
      'the same to adapt to',
      () => normalization().adapt(odd({ [Symbol.iterator]: 1 })),
      'adapt: data must be samples',
    ],
    [
      'a class for a method',
      () => compiled().fit(x, x, { callbacks: [{ onEpochEnd: odd(Batches) }] }),
      'callbacks[0].onEpochEnd must be a function that can be called, got the class Batches',
    ],
    [
      'a generator for a method',
      () => compiled().fit(x, x, { callbacks: [{ onEpochEnd: odd(function* () {}) }] }),
      'callbacks[0].onEpochEnd must be a function that runs when it is called, got a generator function: leave out its *',
    ],
    [
      'a class that prints',
      () => net().summary(odd(Batches)),
      'summary: print must be a function that can be called',
    ],
    [
      'a class for a function',
      square({ f: Batches }),
      'checkGradient: f must be a function that can be called',
    ],
    [
      'a symbol for coordinates',
      square({ coordinates: Symbol('c') }),
      'coordinates must be a number, got Symbol(c)',
    ],
    ['a text for directions', square({ directions: '3' }), "directions must be an integer ≥ 0, got '3'"],
    [
      'a text for a seed',
      square({ seed: '3' }),
      "checkGradient: seed must be an integer from 0 to 2^53 − 1, got '3'",
    ],
    ['an object for a name', square({ name: {} }), "checkGradient: name must be a string that isn't empty"],
    [
      'a bound by another name',
      square({ bounds: { gradients: 1 } }),
      'checkGradient: bounds: unknown option gradients (did you mean gradient?)',
    ],
    [
      'a text for a bound',
      square({ bounds: { gradient: '1' } }),
      "bounds.gradient must be a number, got '1'",
    ],
    [
      'a number for bounds',
      square({ bounds: 3 }),
      'checkGradient: bounds: options must be an object, got 3: bounds: { gradient: 3 }',
    ],
    [
      'bigints at a place',
      square({ at: new BigInt64Array(1) }),
      'at must be an array of numbers, got a BigInt64Array of 1 numbers',
    ],
    [
      'no kernels',
      () => checkGradients(net(), { kernel: odd('') }),
      "checkGradients: kernel must be one of auto, plain, simd, fma, got ''",
    ],
    [
      'no samples',
      () => checkGradients(net(), { samples: 0 }),
      'checkGradients: samples must be an integer ≥ 1, got 0',
    ],
    [
      'a seed beyond the integers',
      () => checkGradients(net(), { seed: 2 ** 53 }),
      'checkGradients: seed must be an integer from 0 to 2^53 − 1',
    ],
    [
      'a promise for a regularizer',
      () => dense({ units: 1, kernelRegularizer: odd(Promise.resolve({ l2: 1 })) }),
      'dense: kernelRegularizer must be l1, l2, l1l2 or { l1, l2 }, got a promise',
    ],
    [
      'a layer for a learning rate',
      () => adam({ learningRate: odd(dense({ units: 1 })) }),
      'adam: learningRate must be a number ≥ 0 or a schedule such as cosineDecay({ … }), got the layer Dense',
    ],
    [
      'a getter that throws',
      () =>
        adam({
          get learningRate(): number {
            throw new Error('not now');
          },
        }),
      "adam: learningRate can't be read (not now)",
    ],
    [
      'no channels',
      () => layerScale({ projectionDim: Number.NaN }),
      'layerScale: projectionDim must be an integer ≥ 1, got NaN',
    ],
    [
      'a threshold that nothing is better than',
      () => modelCheckpoint({ folder: 'a', initialValueThreshold: Number.NaN }),
      'modelCheckpoint: initialValueThreshold must not be NaN',
    ],
    [
      'names with a hole',
      () => Reflect.set(net(), 'classNames', Object.assign(['a'], { 2: 'b' })),
      "classNames: expected a list of names, such as ['cat', 'dog'], got ['a', undefined, 'b']",
    ],
    [
      'a figure of two lines',
      () => earlyStopping({ monitor: 'x\ny' }),
      'mode must be min or max where monitor is x y',
    ],
    [
      'a name of two lines',
      () => registerLayer('x\ny', odd(undefined)),
      'register layer: x y must come with a function',
    ],
    [
      'TensorFlow.js’ argument of getWeights',
      () => Reflect.apply(net().getWeights, net(), [true]),
      'getWeights: expected no arguments, got true behind',
    ],
    [
      'a class for a schedule by epochs',
      () => learningRateScheduler(odd(Batches)),
      'learningRateScheduler: schedule must be a function that can be called, got the class Batches',
    ],
    [
      'what only looks like a model',
      () => namedWeights(odd({ layers: 1, parameters: 1 })),
      'namedWeights: expected a model, got an object { layers, parameters }',
    ],
  ])('%s', async (_, call, message) => {
    const error = await refusal(call);
    expect(error).toBeInstanceOf(Error);
    expect(error?.message).toContain(message);
    expect(error?.message).not.toContain('\n');
  });
});

it('a layer of a class without a name works, and messages call it Layer', () => {
  const { layers } = sequential([new (class extends Same {})({ inputShape: [2] })]);
  expect(layers[0].className).toBe('Same');
  expect(() => new (class extends Same {})({ units: 1, input_shape: [1] } as never)).toThrow(
    /^Layer: unknown option/,
  );
});

it('fit calls and awaits a callback’s method that is an async arrow function', async () => {
  const onEpochEnd = vi.fn(async () => {});
  await compiled().fit(x, x, { callbacks: [{ onEpochEnd }] });
  expect(onEpochEnd).toHaveBeenCalledTimes(1);
});

/** y = x. */
class Same extends Layer {
  readonly className: string = 'Same';
  forward({ x, y }: Run): void {
    y.set(x.subarray(0, y.length));
  }
  backward(): void {}
}

class Vast extends Same {
  override computeOutputShape(): number[] {
    return [1e12];
  }
}

describe('more memory than any machine has is refused with what it was for', () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      'a tensor',
      () => zeros([1e6, 1e6, 1e6]),
      /^zeros: a tensor of shape \[1000000,1000000,1000000\]: 4e\+18|4000000000000000000 bytes/,
    ],
    [
      'weights',
      () => sequential([dense({ units: 2 ** 50, inputShape: [8] })]),
      /^layer dense: kernel of shape \[8,1125899906842624\]: 36028797018963970 bytes/,
    ],
    [
      'one-hot rows',
      () => toCategorical([0], 2 ** 50),
      /^toCategorical: 1 rows of 1125899906842624 classes: \d+ bytes/,
    ],
    [
      "a layer's declared output",
      () => {
        const model = sequential([new Vast({ inputShape: [2] })]);
        model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
      },
      /y of shape \[2, 1000000000000\]: 8000000000\d+ bytes of memory can't be had here/,
    ],
    [
      'samples to check by',
      () => checkGradients(net(), { samples: 2 ** 52 }),
      /^checkGradients: \d+ numbers: \d+ bytes of memory/,
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });
});

it.each<[string, () => unknown, string]>([
  [
    'a layer that can’t follow',
    () => sequential([dense({ units: 2, inputShape: [6] }), conv2d({ filters: 1, kernelSize: 3 })]),
    'layer conv2d: input of one sample',
  ],
  [
    'a layer with a wrong option',
    () => sequential([dense({ units: 2, inputShape: [6] }), permute({ dims: [1, 2], name: 'turn' })]),
    'layer turn: ',
  ],
])('%s is named once', (_, call, message) => {
  expect(call).toThrow(message);
  expect(call).not.toThrow(/conv2d: conv2d|turn: permute/i);
});
