/** Values that only the engine would refuse, in words that name neither what came nor where: each is refused in a line of ours. */
import { describe, expect, it, vi } from 'vitest';
import {
  checkGradient,
  checkGradients,
  conv2d,
  csvLogger,
  dense,
  encodeKeras,
  encodeModel,
  Layer,
  namedWeights,
  normalization,
  permute,
  piecewiseConstantDecay,
  preprocessingOf,
  type Run,
  sequential,
  softmax,
  tensor,
  toCategorical,
  weightsSha256,
  zeros,
} from '../../src/index.ts';

const odd = (value: unknown) => value as never;
const net = () => sequential([dense({ units: 2, inputShape: [2] })]);

function compiled(options: object = {}) {
  const model = net();
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0, ...options });
  return model;
}

const x = tensor([[1, 2]]);
const f = ([a]: Float64Array) => a * a;
const square = (options: object) => () =>
  checkGradient({ f, gradient: ([a]: Float64Array) => [2 * a], at: [3], ...options });

/** What a call throws, now or later. */
async function refusal(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return null;
}

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

describe('one line says what came, and where', () => {
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
      'what only looks like a model',
      () => namedWeights(odd({ layers: 1, parameters: 1 })),
      'namedWeights: expected a model, got an object { layers, parameters }',
    ],
  ])('%s', async (_, call, message) => {
    const error = await refusal(call);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).not.toContain('\n');
  });
});

it('what other functions do with such a method is not theirs: an async one is called and awaited', async () => {
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

describe('memory that nobody has is refused with what it was for', () => {
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

describe('a Proxy around a model', () => {
  const model = compiled();
  const proxy = new Proxy(model, {});
  it.each([encodeModel, encodeKeras, namedWeights, weightsSha256, preprocessingOf])(
    'is refused by the function %o, as a model that is not itself',
    async (call) => {
      const error = await refusal(() => call(proxy));
      expect((error as Error).message).toMatch(/^\w+: expected the model itself, got a Proxy/);
    },
  );

  it('leaves the model as it was, and a tensor in a Proxy has its elements', async () => {
    expect((await model.predict(x)).shape).toEqual([1, 2]);
    expect(new Proxy(x, {}).at(0, 1)).toBe(2);
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
