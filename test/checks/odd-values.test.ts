/** Values that only the engine would refuse, in words that name neither what came nor where: each is refused in a line of ours. */
import { describe, expect, it, vi } from 'vitest';
import * as browser from '../../src/browser.ts';
import { describe as describeValue } from '../../src/checks/describe.ts';
import {
  adam,
  checkGradient,
  checkGradients,
  conv2d,
  csvLogger,
  dense,
  earlyStopping,
  encodeKeras,
  encodeModel,
  Layer,
  layerScale,
  learningRateScheduler,
  modelCheckpoint,
  namedWeights,
  normalization,
  permute,
  piecewiseConstantDecay,
  preprocessingOf,
  type Run,
  registerLayer,
  sequential,
  softmax,
  Tensor,
  tensor,
  toCategorical,
  weightsSha256,
  zeros,
} from '../../src/index.ts';
import { loadMnist } from '../../src/mnist.ts';
import { fromNdarray, ndarray, toNdarray } from '../../src/ndarray.ts';
import work from '../../src/training/threads/worker-web.ts';
import { faultOf, ODDITIES } from './oddities.ts';

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
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).not.toContain('\n');
  });
});

it('a layer of a class without a name is one all the same, and its faults have a name', () => {
  const { layers } = sequential([new (class extends Same {})({ inputShape: [2] })]);
  expect(layers[0].className).toBe('Same');
  expect(() => new (class extends Same {})({ units: 1, input_shape: [1] } as never)).toThrow(
    /^Layer: unknown option/,
  );
});

describe('a tensor whose memory is gone says so', () => {
  const gone = () => {
    const given = tensor([[1, 2]]);
    structuredClone(given.data.buffer, { transfer: [given.data.buffer as ArrayBuffer] });
    return given;
  };
  const buffer = Reflect.construct(ArrayBuffer, [16, { maxByteLength: 16 }]) as ArrayBuffer;
  const short = new Tensor(new Float32Array(buffer), [4]);
  Reflect.apply(Reflect.get(buffer, 'resize'), buffer, [8]);

  it.each<[string, (given: Tensor) => unknown]>([
    ['reshape', (given) => given.reshape([-1])],
    ['toNested', (given) => given.toNested()],
    ['toJSON', (given) => JSON.stringify(given)],
    ['slice', (given) => given.slice(0)],
    ['at', (given) => given.at(...given.shape.map((size) => size - 1))],
    ['Tensor', (given) => new Tensor(given.data, given.shape)],
  ])('in %s', (name, call) => {
    expect(() => call(gone())).toThrow(/^\w+: .* is empty: its memory was given away/);
    if (name !== 'Tensor')
      expect(() => call(short)).toThrow(/^\w+: .* isn't whole: its buffer was made smaller/);
  });

  it('of which a part is left', () => {
    expect(short.at(1)).toBe(0);
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

  it.each<[string, (model: typeof proxy) => unknown]>([
    ['compile', (model) => model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })],
    ['fit', (model) => model.fit(x, x)],
    ['trainOnBatch', (model) => model.trainOnBatch(x, x)],
    ['evaluate', (model) => model.evaluate(x, x)],
    ['predict', (model) => model.predict(x)],
    ['add', (model) => model.add(dense({ units: 1 }))],
    ['pop', (model) => model.pop()],
    ['summary', (model) => model.summary()],
    ['parameters', (model) => model.getWeights()],
    ['layers', (model) => model.allLayers()],
  ])('has no method %s that could work', async (name, call) => {
    const error = await refusal(() => call(proxy));
    expect((error as Error).message).toBe(
      `${name}: expected the model itself, got a Proxy, or an object made of it: keep it out of reactive state (Vue: markRaw, toRaw)`,
    );
  });

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

/** Of each entry point, what takes a value; degelo/browser has all of degelo and of degelo/core. */
const TAKERS: Readonly<Record<string, (...given: unknown[]) => unknown>> = {
  ...callable(browser),
  ...callable({ fromNdarray, toNdarray, work }),
  'toNdarray, second': (value) => Reflect.apply(toNdarray, null, [x, value]),
  'fromNdarray, second': (value) => fromNdarray(array(), odd(value)),
  'fromNdarray, copy': (value) => fromNdarray(array(), { copy: odd(value) }),
  'fromNdarray, dtype': (value) => fromNdarray(array(), { dtype: odd(value) }),
  'fromNdarray, data': (value) => fromNdarray(odd({ ...array(), data: value })),
  'fromNdarray, an element': (value) => fromNdarray(odd({ ...array(), data: [1, value, 1, 1] })),
  'fromNdarray, shape': (value) => fromNdarray(odd({ ...array(), shape: value })),
  'fromNdarray, stride': (value) => fromNdarray(odd({ ...array(), stride: [1, value] })),
  'fromNdarray, offset': (value) => fromNdarray(odd({ ...array(), offset: value })),
  'loadMnist, source': (value) => loadMnist({ source: odd(value ?? '/nowhere') }),
  'loadMnist, classes': (value) => loadMnist({ source: '/nowhere', classes: odd(value) }),
  'loadMnist, a class': (value) => loadMnist({ source: '/nowhere', classes: [odd(value)] }),
  'loadModelFiles, one of several': (value) => browser.loadModelFiles([odd(value)]),
  'loadModelFiles, a name': (value) => browser.loadModelFiles({ name: odd(value), arrayBuffer }),
  'loadModelFiles, bytes': (value) => browser.loadModelFiles({ arrayBuffer: async () => odd(value) }),
  'downloadModel, model': (value) => browser.downloadModel('a', odd(value)),
  'storeModel, model': (value) => browser.storeModel('a', odd(value)),
  'pixelsOf, data': (value) => browser.pixelsOf(odd({ width: 1, height: 1, data: value })),
  'pixelsOf, width': (value) => browser.pixelsOf(odd({ width: value, height: 1 })),
  'Tensor, shape': (value) => new browser.Tensor(new Float32Array(2), odd(value)),
  'tensor, a row': (value) => tensor([[1, 2], odd(value)]),
  'tensor, a number': (value) => tensor([[1, odd(value)]]),
  'a tensor’s reshape': (value) => x.reshape(odd(value)),
  'fit, a function of batches': (value) =>
    compiled().fit(
      odd(() => value),
      { epochs: 1 },
    ),
  'adapt, data': (value) => normalization().adapt(odd(value)),
  'encodeSafetensors, metadata': (value) => browser.encodeSafetensors(new Map(), { metadata: odd(value) }),
  'encodeSafetensors, memory': (value) => browser.encodeSafetensors(new Map(), { memory: odd(value) }),
  'knownOptions, where': (value) => browser.knownOptions(odd(value), {}, []),
  'knownOptions, a name': (value) => browser.knownOptions('f', { a: 1 }, [odd(value)]),
  'knownOptions, rules': (value) => browser.knownOptions('f', { a: 1 }, ['b'], odd(value)),
};

/** Kinds of errors, which only take texts; and what users aren't meant to call. */
function callable(exported: object): Record<string, (...given: unknown[]) => unknown> {
  const all = Object.entries<unknown>({ ...exported }).filter(
    (entry): entry is [string, (...given: unknown[]) => unknown] =>
      typeof entry[1] === 'function' && !/Error$|^SymbolicTensor$|^all[A-Z]|^loadMnist$/.test(entry[0]),
  );
  const isClass = (value: unknown): boolean => /^class\b/.test(Function.prototype.toString.call(value));
  return Object.fromEntries(
    all.map(([name, call]) => [
      name,
      isClass(call) ? (...given: unknown[]) => Reflect.construct(call, given) : call,
    ]),
  );
}

const array = () => ndarray(new Float32Array(4), [2, 2]);
const arrayBuffer = async () => new ArrayBuffer(3);

describe('a value that nobody means is used, or refused in one line of ours, whoever takes it', () => {
  it.each(Object.keys(TAKERS))('%s', async (name) => {
    const faults: string[] = [];
    for (const make of ODDITIES) {
      for (const before of /^\w+$/.test(name) ? [[], [undefined]] : [[]]) {
        const error = await refusal(() => TAKERS[name](...before, make()));
        const fault = error === null ? null : faultOf(error);
        if (fault !== null) faults.push(`${describeValue(make())}: ${fault}`);
      }
    }
    expect(faults).toEqual([]);
  });
});

describe('of another copy of degelo', () => {
  it('a model is told so where it is saved, and tensors are taken', async () => {
    const other: typeof import('../../src/index.ts') = await import('../../dist/index.js' as never);
    const model = other.sequential([other.dense({ units: 2, inputShape: [2] })]);
    const message = 'of another copy of degelo: let both import the same one';
    for (const call of [encodeModel, encodeKeras]) {
      expect((await refusal(() => call(model as never))) as Error).toHaveProperty(
        'message',
        expect.stringContaining(message),
      );
    }
    expect(browser.preprocess(other.tensor([[255]]) as never, 'unit').at(0, 0)).toBe(1);
  });
});
