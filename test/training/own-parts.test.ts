/** Layers, losses, optimizers and metrics of users: what they do otherwise than degelo counts on is said before anything is trained or saved. */
import { describe, expect, it } from 'vitest';
import {
  Dense,
  dense,
  encodeCheckpoint,
  encodeKeras,
  encodeLayersModel,
  encodeModel,
  Layer,
  type Metric,
  type Optimizer,
  type Run,
  registerLayer,
  registerLoss,
  registerMetric,
  registerOptimizer,
  sequential,
  sgd,
  sizeOf,
  zeros,
} from '../../src/index.ts';

/** y = x; what a test replaces goes wrong. */
class Same extends Layer {
  readonly className: string = 'Same';

  forward({ x, y, stage }: Run, N: number): void {
    y.set(x.subarray(0, N * sizeOf(stage.inputShape)));
  }

  backward({ dy, dx, stage }: Run, N: number): void {
    dx?.set(dy.subarray(0, N * sizeOf(stage.inputShape)));
  }
}

const wrong = (parts: object) => parts as never;
const later = async () => {};

function withLayer(parts: object) {
  const layer = Object.assign(new Same({ name: 'same' }), parts);
  return () => {
    const model = sequential([dense({ units: 2, inputShape: [3] }), layer, dense({ units: 1 })]);
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
  };
}

const compiled = (options: object) => () => {
  const model = sequential([dense({ units: 1, inputShape: [3] })]);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0, ...options });
};

const spec = { name: 'a', shape: [2], initializer: 'ones' };
/** Layer same with one parameter, which no pass reads, built in a model. */
function declared(parts: object): Layer {
  const layer = Object.assign(new Same({ name: 'same', inputShape: [2] }), {
    describeParameters: () => [{ ...spec, ...parts }],
  });
  sequential([layer]);
  return layer;
}
const declares = (...specs: unknown[]) => withLayer({ describeParameters: () => specs });

describe('what a layer declares by name is known however its letters are written', () => {
  it.each([
    [{ role: 'Trained' }, { role: 'trained' }],
    [{ initializer: 'glorot_uniform' }, { initializer: 'glorotUniform' }],
    [{ initializer: { name: 'Constant', value: 2 } }, { initializer: { name: 'constant', value: 2 } }],
    [{ regularizer: 'L2' }, { regularizer: { l2: 0.01 } }],
  ])('%j is %j', (written, meant) => {
    expect(declared(written).parameters).toMatchObject([meant]);
    expect(declared(written).getWeights()).toEqual(declared(meant).getWeights());
  });
});

describe('a layer is refused that', () => {
  it.each<[string, () => void, string]>([
    [
      'forwards later',
      withLayer({ forward: later }),
      'layer same: forward must be done when it returns, got a promise',
    ],
    [
      'goes backward later',
      withLayer({ backward: later }),
      "backward must be done when it returns, got a promise: it can't",
    ],
    ['writes into its input', withLayer({ forward({ x, y }: Run) { y.set(x.fill(1, 0, 4).subarray(0, 4)); } }), 'layer same: forward must leave x as it is: expected '], // biome-ignore format: a line a case
    ['writes into dy', withLayer({ backward({ dy, dx }: Run) { dx?.set(dy.fill(1, 0, 4).subarray(0, 4)); } }), 'layer same: backward must leave dy as it is: expected '], // biome-ignore format: a line a case
    [
      'gives a number for a shape',
      withLayer({ computeOutputShape: () => 2 }),
      'layer same: computeOutputShape: what it gives must be an array of sizes, without the batch, got 2: [2]',
    ],
    [
      'gives no shape',
      withLayer({ computeOutputShape: () => null }),
      'must be an array of sizes, without the batch, got null',
    ],
    [
      'gives its shape later',
      withLayer({ computeOutputShape: later }),
      'got a promise (is an await missing?)',
    ],
    [
      'gives NaN in a shape',
      withLayer({ computeOutputShape: () => [Number.NaN] }),
      'layer same: computeOutputShape: what it gives must hold integers ≥ 1, got [NaN]',
    ],
    [
      'gives a shape with the batch',
      withLayer({ computeOutputShape: () => [null, 2] }),
      'must have known sizes, and none for the batch',
    ],
    [
      'declares no list',
      withLayer({ describeParameters: () => spec }),
      'layer same: describeParameters must give an array, [{ name, shape, initializer }], got an object { name, shape, initializer }',
    ],
    ['declares later', withLayer({ describeParameters: later }), 'got a promise'],
    [
      'declares nothing in a list',
      declares(null),
      'layer same: describeParameters()[0]: options must be an object, got null',
    ],
    [
      'declares no shape',
      declares({ name: 'a', initializer: 'ones' }),
      'describeParameters()[0]: shape must be an array of sizes',
    ],
    [
      'declares no name',
      declares({ shape: [2], initializer: 'ones' }),
      "describeParameters()[0]: name must be a string that isn't empty, got undefined",
    ],
    [
      'declares no initializer',
      declares({ name: 'a', shape: [2] }),
      'describeParameters()[0]: initializer must be a name or an object with a name, got undefined',
    ],
    [
      'declares an unknown initializer',
      declares({ ...spec, initializer: 'glorot' }),
      'describeParameters()[0]: initializer must be one of zeros, ones, ',
    ],
    ...[-3, 0, 2.5, '5'].map((fanIn): [string, () => unknown, string] => [
      `a fan of ${fanIn}`,
      declares({ ...spec, initializer: 'heUniform', fanIn }),
      'describeParameters()[0]: fanIn must be an integer ≥ 1, got ',
    ]),
    [
      'declares a name twice',
      declares(spec, spec),
      "layer same: describeParameters()[1]: name must differ from the other parameters', got 'a'",
    ],
    ['declares a path for a name', declares({ ...spec, name: 'a/b' }), "name must have no /, got 'a/b'"],
    [
      'declares what nothing reads',
      declares({ ...spec, trainable: false }),
      'describeParameters()[0]: unknown option trainable',
    ],
    [
      'declares an unknown role',
      declares({ ...spec, role: 'frozen' }),
      'role must be one of trained, moved, fixed',
    ],
    [
      'declares an unknown regularizer',
      declares({ ...spec, regularizer: { l3: 1 } }),
      'describeParameters()[0]: regularizer has no factor l3: expected l1, l2',
    ],
    [
      'stands in a Proxy',
      () => sequential([new Proxy(dense({ units: 1, inputShape: [3] }), {})]),
      'sequential: layers[0] must be the layer itself, got a Proxy, or an object made of it: keep it out of reactive state',
    ],
  ])('%s', (_, slip, message) => {
    expect(slip).toThrow(message);
  });
});

const loss = {
  name: 'ownLoss',
  targetKind: 'rows',
  compute({ losses, dx }: { losses: Float64Array; dx: Float32Array | null }, N: number) {
    losses.fill(1, 0, N);
    dx?.fill(0, 0, N);
  },
};
const withLoss = (parts: object) => compiled({ loss: { ...loss, ...parts } });

describe('a loss is refused that', () => {
  registerLoss(
    'made of nothing',
    wrong(() => 3),
  );
  it.each<[string, () => void, string]>([
    [
      'is computed later',
      withLoss({ compute: later }),
      'loss ownLoss: compute must be done when it returns, got a promise',
    ],
    ['writes into predictions', withLoss({ compute(run: { x: Float32Array; losses: Float64Array; dx: Float32Array }, N: number) { loss.compute(run, N); run.x.fill(0); } }), 'loss ownLoss: compute must leave x as it is'], // biome-ignore format: a line a case
    ['writes into targets', withLoss({ compute(run: { targets: Float32Array; losses: Float64Array; dx: Float32Array }, N: number) { loss.compute(run, N); run.targets.fill(7); } }), 'compute must leave targets as it is'], // biome-ignore format: a line a case
    [
      'has a number for a range',
      withLoss({ targetRange: 1 }),
      'compile: loss.targetRange must be [least, most], got 1',
    ],
    [
      'has a range from top to bottom',
      withLoss({ targetRange: [1, 0] }),
      'must be [least, most], got [1, 0]',
    ],
    [
      'has NaN in its range',
      withLoss({ targetRange: [0, Number.NaN] }),
      'must be [least, most], got [0, NaN]',
    ],
    [
      'is registered and none',
      compiled({ loss: 'made of nothing' }),
      'compile: loss must be a name or an object, got 3',
    ],
  ])('%s', (_, slip, message) => {
    expect(slip).toThrow(message);
  });
});

const optimizer: Optimizer = {
  name: 'ownOptimizer',
  learningRate: 0.1,
  slots: [],
  update(_kernels, from, to, w) {
    w.fill(0, from, to);
  },
  getConfig: () => ({ name: 'ownOptimizer', learningRate: 0.1 }),
};
const withOptimizer = (parts: object) => compiled({ optimizer: { ...optimizer, ...parts } });

describe('an optimizer is refused that', () => {
  registerOptimizer(
    'made later',
    wrong(async () => sgd()),
  );
  it.each<[string, () => void, string]>([
    [
      'updates later',
      withOptimizer({ update: later }),
      'optimizer ownOptimizer: update must be done when it returns, got a promise',
    ],
    ['fails later', withOptimizer({ update: async () => { throw new Error('late'); } }), 'got a promise'], // biome-ignore format: a line a case
    [
      'returns its weights',
      withOptimizer({ update: () => [1] }),
      'update must change the weights in place, got weights as they were, and [1]',
    ],
    [
      'names a slot twice',
      withOptimizer({ slots: ['m', 'm'] }),
      "optimizer.slots must be an array of names, [] for none, got ['m', 'm']: each once, and without /",
    ],
    ['has a path for a slot', withOptimizer({ slots: ['a/b'] }), "got ['a/b']: each once, and without /"],
    [
      'stands in a Proxy',
      compiled({ optimizer: new Proxy(sgd(), {}) }),
      'compile: optimizer must be the optimizer itself, got a Proxy',
    ],
    [
      'is made of another',
      compiled({ optimizer: Object.create(sgd()) }),
      'or an object made of it: keep it out of reactive state',
    ],
    [
      'is registered and comes later',
      compiled({ optimizer: 'made later' }),
      'got a promise (is an await missing?)',
    ],
  ])('%s', (_, slip, message) => {
    expect(slip).toThrow(message);
  });
});

let made = 0;
/** A model with a metric that measures 1, except for what a test replaces. */
function withMetric(parts: object) {
  const name = `own metric ${made++}`;
  const metric: Metric = { measure: (N, _C, _predictions, _targets, values) => void values.fill(1, 0, N) };
  registerMetric(name, () => ({ ...metric, ...parts }));
  return compiled({ metrics: [name] });
}

describe('a metric is refused that', () => {
  registerMetric(
    'no metric',
    wrong(() => null),
  );
  it.each<[string, () => void, RegExp]>([
    [
      'is none',
      compiled({ metrics: ['no metric'] }),
      /^metric no metric: expected an object with a method measure, got null$/,
    ],
    [
      'measures nothing',
      withMetric({ measure: undefined }),
      /expected an object with a method measure, got an object/,
    ],
    [
      'measures later',
      withMetric({ measure: later }),
      /^metric own metric \d+: measure must be done when it returns, got a promise/,
    ],
    [
      'returns what it measures',
      withMetric({ measure: () => 1 }),
      /measure must write all of values of shape \[2, 1\] and no more: expected 2 numbers, got 0$/,
    ],
    [
      'writes past its samples',
      withMetric({
        measure: (_N: number, _C: number, _p: unknown, _t: unknown, values: Float64Array) => values.fill(1),
      }),
      /expected 2 numbers, got one at index 2$/,
    ],
    ['writes into predictions', withMetric({ measure: (N: number, _C: number, p: Float32Array, _t: unknown, values: Float64Array) => { p.fill(9); values.fill(1, 0, N); } }), /measure must leave predictions as it is/], // biome-ignore format: a line a case
    ['fails', withMetric({ measure: () => { throw new Error('mine'); } }), /measure fails on 2 samples: mine$/], // biome-ignore format: a line a case
    ['has no width', withMetric({ width: 0 }), /width must be an integer ≥ 1, got 0$/],
    [
      'has a function for a width',
      withMetric({ width: () => 2 }),
      /width must be an integer ≥ 1, got the function width$/,
    ],
    ['gives a text', withMetric({ result: () => 'a' }), /result must give a number, got 'a'$/],
    [
      'gives its figure later',
      withMetric({ result: later }),
      /result must be done when it returns, got a promise/,
    ],
    ['has a number for a result', withMetric({ result: 1 }), /result must be a function, got 1$/],
  ])('%s', (_, slip, message) => {
    expect(slip).toThrow(message);
  });
});

describe('what has the name of ours and does something else', () => {
  class Louder extends Dense {
    override forward(run: Run, N: number): void {
      super.forward(run, N);
      run.y.fill(100, 0, N);
    }
  }
  const subclass = () => new Louder({ units: 1, inputShape: [3] });
  const replaced = () => Object.assign(dense({ units: 1, inputShape: [3] }), { forward: () => {} });
  const encoders = { encodeModel, encodeCheckpoint, encodeKeras, encodeLayersModel };

  it.each(Object.keys(encoders) as (keyof typeof encoders)[])('is not saved as ours by %s', async (name) => {
    for (const layer of [subclass(), replaced()]) {
      const call = async () => encoders[name](sequential([layer]));
      await expect(call()).rejects.toThrow(
        /^layer dense\w* \(Dense\) can't be saved or cloned: made again by its name, it would not have its own methods: give it a name of its own/,
      );
    }
    await expect(
      (async () => encoders[name](sequential([dense({ units: 1, inputShape: [3] })])))(),
    ).resolves.toBeDefined();
  });

  it('is not saved as our optimizer, nor as our loss', async () => {
    for (const [options, message] of [
      [
        { optimizer: { ...optimizer, name: 'sgd', getConfig: () => ({ name: 'sgd' }) } },
        "optimizer sgd can't be saved",
      ],
      [{ loss: { ...loss, name: 'meanSquaredError' } }, "loss meanSquaredError can't be saved"],
    ] as const) {
      const model = sequential([dense({ units: 1, inputShape: [3] })]);
      model.compile(wrong({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0, ...options }));
      await expect(encodeModel(model)).rejects.toThrow(message);
    }
  });

  it('stays on the calling thread: other threads would do without', () => {
    for (const layer of [subclass(), replaced()]) {
      const options = { optimizer: 'sgd', loss: 'meanSquaredError' } as const;
      const model = sequential([layer]);
      expect(() => model.compile({ ...options, threads: 2 })).toThrow(
        /layer dense\w* \(Dense\) can't be sent to worker threads/,
      );
      model.compile(options);
      expect(model.threads).toBe(0);
    }
  });
});

it('batches whose iterator is none are refused', async () => {
  const model = sequential([dense({ units: 1, inputShape: [3] })]);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
  const batches = { [Symbol.iterator]: () => 3 };
  await expect(model.fit(wrong(batches))).rejects.toThrow(
    'fit: x must give batches: expected an iterator with a method next, got 3',
  );
  expect(await model.predict(zeros([1, 3]))).toBeDefined();
});

describe('what a layer says of itself is refused before a file is made of it where no JSON holds it:', () => {
  registerLayer('Told', (options) => new Told(options));
  class Told extends Same {
    override readonly className = 'Told';
    gives: unknown = {};
    override getConfig() {
      return this.gives as never;
    }
  }
  const circle = { circle: {} };
  circle.circle = circle;

  it.each<[string, unknown, string]>([
    ['a bigint', { n: 3n }, 'what getConfig gives.n must be what JSON can hold'],
    ['a function', { f: () => 1 }, 'what getConfig gives.f must be what JSON can hold'],
    ['a Map', { names: new Map() }, 'got a Map'],
    ['a typed array', { at: [new Float32Array(2)] }, 'what getConfig gives.at[0] must be what JSON can hold'],
    [
      'NaN, of which JSON makes null',
      { rate: Number.NaN },
      'what getConfig gives.rate must be what JSON can hold',
    ],
    ['itself', circle, 'is nested too deep'],
    ['nothing', null, 'what getConfig gives must be an object, got null'],
    ['a promise', Promise.resolve({}), 'got a promise (is an await missing?)'],
  ])('%s', async (_, gives, message) => {
    const told = Object.assign(new Told({ inputShape: [2] }), { gives });
    const model = sequential([told, dense({ units: 1 })]);
    for (const encode of [encodeModel, encodeCheckpoint]) {
      await expect((async () => encode(model))()).rejects.toThrow(/^layer told: /);
      await expect((async () => encode(model))()).rejects.toThrow(message);
    }
  });
});
