/** What someone who knows TensorFlow.js writes at the first try: one line says what would be right, and that works when it is followed. */
import { describe, expect, it } from 'vitest';
import { METHODS_OF_MODELS, METHODS_OF_OPTIMIZERS, METHODS_OF_TENSORS } from '../../src/checks/methods.ts';
import * as degelo from '../../src/index.ts';
import { Model } from '../../src/training/model.ts';

const { adam, dense, sequential, sgd, Tensor, tensor, zeros } = degelo;
const loose = <T>(value: T) => value as never;

/** What TensorFlow.js calls a tensor, as far as messages look. */
const theirs = (data: number[], shape: number[]) =>
  Object.assign(Object.create({ dataSync: () => data }), {
    shape,
    data: async () => Float32Array.from(data),
  });

function line(options: object = {}) {
  const model = sequential([dense({ units: 1, inputShape: [1] })]);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0, ...options });
  return model;
}

describe('a method that only others have', () => {
  const kinds = [
    ['tensor', tensor([1]), METHODS_OF_TENSORS],
    ['model', line(), METHODS_OF_MODELS],
    ['optimizer', adam(), METHODS_OF_OPTIMIZERS],
  ] as const;

  it.each(kinds)('of a %s says what does it here, where it is called', (what, thing, methods) => {
    for (const [name, right] of Object.entries(methods)) {
      const call = Reflect.get(thing, name);
      expect(() => call.call(thing)).toThrow(`${what}: there is no ${name} here: ${right}`);
      expect(Reflect.set(thing, name, 1)).toBe(false); // a TypeError of strict mode
    }
  });

  it('has ours behind its name in Python’s letters', () => {
    const model = line();
    const calls: [thing: object, name: string, right: string][] = [
      [model, 'train_on_batch', 'model: there is no train_on_batch here: trainOnBatch(…)'],
      [model, 'get_layer', 'getLayer(…)'],
      [model, 'count_params', 'countParams(…)'],
      [model, 'to_json', 'toJSON(…)'],
      [model.layers[0], 'get_weights', 'layer: there is no get_weights here: getWeights(…)'],
      [model.optimizer, 'get_config', 'optimizer: there is no get_config here: getConfig(…)'],
      [tensor([1]), 'to_nested', 'tensor: there is no to_nested here: toNested(…)'],
    ];
    for (const [thing, name, right] of calls) expect(() => Reflect.get(thing, name)()).toThrow(right);
    class Own extends degelo.Layer {
      readonly className = 'Own';
      forward() {}
      backward() {}
      get_config() {
        return 'mine';
      }
    }
    expect(new Own().get_config()).toBe('mine');
  });

  it.each(kinds)('of a %s is in no list of its names', (_, thing, methods) => {
    const listed: string[] = [];
    for (const name in thing) listed.push(name);
    expect(listed.filter((name) => Object.hasOwn(methods, name))).toEqual([]);
  });

  it('is told with methods and functions that there are', () => {
    const members = new Set([Tensor.prototype, Model.prototype].flatMap(namesOf).concat('data', 'map'));
    const elsewhere = ['log', 'String', 'from', 'toNdarray']; // JavaScript's, and of degelo/ndarray
    for (const [, , methods] of kinds) {
      for (const right of Object.values(methods)) {
        for (const [, name] of right.matchAll(/\b(\w+)\(/g)) {
          expect([...elsewhere, ...Object.keys(degelo), ...members], right).toContain(name);
        }
      }
    }
  });

  function namesOf(object: object): string[] {
    const parent = Object.getPrototypeOf(object);
    const own = Object.entries(Object.getOwnPropertyDescriptors(object));
    return own.flatMap(([name, { value }]) => (value ? [name] : [])).concat(parent ? namesOf(parent) : []);
  }
});

describe('numbers', () => {
  it('have a shape in one array', () => {
    expect(() => tensor([1, 2, 3, 4], loose(2), loose(2))).toThrow(
      'tensor: shape must be an array of sizes, got 2: [2]',
    );
    expect(() => zeros(loose(2), loose(3))).toThrow('zeros: shape must be an array of sizes, got 2: [2]');
  });

  it('of a tensor of TensorFlow.js are copied by the line that is told, wherever it came', async () => {
    const right = "TensorFlow.js' tensors: tensor(await t.data(), t.shape)";
    const t = theirs([5], [1, 1]);
    await expect(line().predict(t)).rejects.toThrow(right);
    expect(() => line().layers[0].setWeights([t, t])).toThrow(right);
    expect((await line().predict(tensor(await t.data(), t.shape))).shape).toEqual([1, 1]);
    // Of what is no object nothing is told of TensorFlow.js.
    expect(() => line().setWeights(loose(['a', 'b']))).toThrow(/weights\[0\] must be a tensor, got 'a'$/);
  });

  it('of one sample, or of another shape, are brought into the model’s by what is told, for arrays and for targets', async () => {
    const wide = sequential([dense({ units: 4, inputShape: [4] })]);
    wide.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
    const x = [1, 2, 3, 4];
    await expect(wide.predict(x)).rejects.toThrow(
      'one sample alone is a batch of one: tensor(x).reshape([1, 4])',
    );
    expect((await wide.predict(tensor(x).reshape([1, 4]))).shape).toEqual([1, 4]);
    const y = [zeros([1, 2, 2]), zeros([1, 2, 2])];
    await expect(wide.fit(zeros([2, 4]), y)).rejects.toThrow(
      'fit: y must have shape [n, 4], got [2, 1, 2, 2]: as many numbers in another shape: tensor(y).reshape([-1, 4])',
    );
    await wide.fit(zeros([2, 4]), tensor(y).reshape([-1, 4]));
  });

  it('in a list of one input come without the list', async () => {
    const model = line();
    await expect(model.fit([zeros([3, 1])], [zeros([3, 1])])).rejects.toThrow(
      'got [1, 3, 1]: a model has one input: hand it in without the list around it',
    );
  });

  it('of a data set of TensorFlow.js come from a generator', async () => {
    const dataset = { iterator() {}, forEachAsync() {}, batch() {} };
    await expect(line().fit(loose(dataset), loose({ epochs: 1 }))).rejects.toThrow(
      /y is missing|data sets: a generator of batches/,
    );
    await expect(line().predict(loose(dataset))).rejects.toThrow(
      "TensorFlow.js' data sets: a generator of batches in its place, docs/tensorflow-js.md",
    );
  });
});

describe('options', () => {
  it.each<[string, () => unknown, string]>([
    [
      'batchSize of a layer',
      () => dense(loose({ units: 1, batchSize: 2 })),
      'a model takes any number of samples: leave it out',
    ],
    [
      'inputDType',
      () => dense(loose({ units: 1, inputDType: 'float32' })),
      'degelo trains in float32: leave it out',
    ],
    ['updatable', () => dense(loose({ units: 1, updatable: true })), 'is trainable here too: leave it out'],
    [
      'gelu_new',
      () => dense(loose({ units: 1, activation: 'gelu_new' })),
      "got 'gelu_new' (did you mean 'geluApproximate'?)",
    ],
    [
      'batchSize of compile',
      () => line({ batchSize: 2 }),
      'it belongs to fit(x, y, { epochs, batchSize, … }), which comes after',
    ],
    ['the metric cosine', () => line({ metrics: ['cosine'] }), "got 'cosine': use 'cosineSimilarity'"],
    [
      'a metric as a function',
      () => line({ metrics: [(a: number, b: number) => a - b] }),
      'registerMetric makes one of your own known',
    ],
    [
      'a metric as an object',
      () => line({ metrics: [{ name: 'within', measure() {} }] }),
      "got 'within': registerMetric makes one of your own known",
    ],
    [
      'an optimizer that nobody knows',
      () => line({ optimizer: 'foobar' }),
      "got 'foobar': registerOptimizer makes one of your own known",
    ],
    [
      'a schedule’s steps, which are no samples',
      () => degelo.cosineDecay(loose({ initialLearningRate: 1, steps: 3 })),
      'unknown option steps: expected one of initialLearningRate, decaySteps',
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it('that say how much of a generator is read are told where to end it', async () => {
    const fewer = 'hand in fewer samples, or a generator that ends after so many batches';
    const model = line();
    await expect(model.fit([[1]], [[1]], loose({ validationBatches: 3 }))).rejects.toThrow(fewer);
    await expect(model.evaluate([[1]], [[1]], loose({ batches: 3 }))).rejects.toThrow(fewer);
  });
});

describe('models', () => {
  it('of TensorFlow.js’ parts and of chosen files are read by other functions, which are named', async () => {
    const { json, weights } = degelo.encodeLayersModel(line());
    const { modelTopology, weightsManifest } = JSON.parse(json);
    const parts = { modelTopology, weightSpecs: weightsManifest[0].weights, weightData: weights };
    for (const load of [degelo.loadModel, degelo.loadLayersModel]) {
      for (const given of [parts, { load: async () => parts }])
        await expect(load(loose(given))).rejects.toThrow("makes a model of TensorFlow.js' parts");
      await expect(load(loose([new Blob(['{}'])]))).rejects.toThrow('loadModelFiles of degelo/browser');
    }
    const manifest = [{ paths: ['weights.bin'], weights: parts.weightSpecs }];
    const model = degelo.decodeLayersModel(
      JSON.stringify({ modelTopology, weightsManifest: manifest }),
      parts.weightData,
    );
    expect(model.getWeights()).toEqual(line().getWeights());
  });

  it('say of their own description what copies them', () => {
    const model = line();
    expect(() => degelo.modelFromJSON(loose(model.toJSON()))).toThrow(
      'this is what a model of degelo says of itself: cloneModel(model) has the same layers',
    );
    expect(degelo.cloneModel(model).getWeights()).toEqual(model.getWeights());
  });

  it('with parts that nobody registered are refused where they are read, with what makes them known', async () => {
    const { json, weights } = await degelo.encodeModel(line({ optimizer: sgd() }));
    const renamed = (from: string, to: string) => degelo.decodeModel(json.replaceAll(from, to), weights);
    await expect(renamed('"Dense"', '"Dunse"')).rejects.toThrow('registerLayer makes one of your own known');
    await expect(renamed('"meanSquaredError"', '"closeness"')).rejects.toThrow(
      'registerLoss makes one of your own known',
    );
  });
});
