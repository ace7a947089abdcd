/** Slips in compile, fit and callbacks: each is refused in one line that says what came and what would be right. */
import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { compiled, compileOptions } from './compiled.ts';
import { tinyData, tinyModel } from './tiny.ts';

const { adam, dense, earlyStopping, meanSquaredError, sequential, sgd } = degelo;
const { x, y } = tinyData(8);

describe('compile refuses', () => {
  const all = { ...compileOptions, optimizer: 'sgd' };

  it.each([
    [{ optimizer: adam }, 'optimizer must be a name or an object, got the function adam: call it: adam()'],
    [
      { optimizer: undefined },
      'optimizer is missing: expected adadelta, adagrad, adam, adamW, adamax, lion, nadam, rmsprop, sgd, or an object',
    ],
    [{ loss: undefined }, 'loss is missing: expected binaryCrossentropy, '],
    [
      { loss: meanSquaredError },
      'loss must be a name or an object, got the function meanSquaredError: call it',
    ],
    [
      { optimizer: { name: 'mine' } },
      'optimizer must be a name or an object, got an object { name }: expected',
    ],
    [{ optimizer: dense({ units: 1 }) }, 'optimizer must be a name or an object, got the layer Dense'],
    [{ loss: sgd() }, 'loss must be a name or an object, got a Sgd'],
    [
      { loss: ['mse'] },
      'or an object with name, compute: a model has one output and one loss: give that alone',
    ],
    [
      { loss: { a: 'mse', b: 'mae' } },
      'a model has one output and one loss: give that alone, or make a model for each',
    ],
    [{ loss: (_t: unknown, _p: unknown) => 0 }, 'one of your own has its gradient too: docs/extending.md'],
    [{ metrics: { out: 'mse' } }, "metrics must be an array of names, got an object { out }: ['accuracy']"],
    [{ optimizer: Promise.resolve(sgd()) }, 'got a promise (is an await missing?)'],
    [{ loss: 3 }, 'loss must be a name or an object, got 3: expected binaryCrossentropy'],
    [{ optimizer: null }, 'optimizer must not be null'],
    [{ metrics: 'accuracy' }, "metrics must be an array of names, got 'accuracy': ['accuracy']"],
    [
      { metrics: [() => 1] },
      "metrics[0] must be a metric's name, 'accuracy', or a metric such as precision(), got a function",
    ],
    [{ metrics: ['accuracy', 'accuracy'] }, 'metrics must differ, got accuracy twice'],
    [{ threads: '2' }, "threads must be an integer ≥ 0, got '2'"],
    [
      { optimizer: { ...bare(), learningRate: 1, slots: 'velocity' } },
      "optimizer.slots must be an array of names, [] for none, got 'velocity'",
    ],
    [{ optimizer: { ...sgd(), ...bare(), learningRate: -1 } }, 'optimizer.learningRate must be at least 0'],
  ])('%o', (options, message) => {
    expect(() => tinyModel(degelo).compile({ ...all, ...options } as never)).toThrow(message);
  });

  function bare() {
    return { name: 'mine', slots: [], update() {}, getConfig: () => ({ name: 'mine' }) };
  }

  it('no options at all, names as in Keras, and options behind', () => {
    const compile = (...given: unknown[]) => tinyModel(degelo).compile(...(given as [never]));
    expect(() => compile()).toThrow(/^compile: optimizer is missing/);
    expect(() => compile('adam')).toThrow(/must be an object, got 'adam': compile\({ optimizer: 'adam' }\)/);
    expect(() => compile('adam', 'meanSquaredError')).toThrow(/^compile: expected at most one argument/);
  });

  it('leaves the model as it was compiled before', async () => {
    const model = compiled();
    expect(() => model.compile({ ...all, lr: 1 } as never)).toThrow(/unknown option lr/);
    await model.fit(x, y);
  });

  it('counts its options as they were: a change of the object afterwards is none of the model', async () => {
    const options = { ...all, metrics: ['accuracy'] } as degelo.CompileOptions;
    const model = sequential([dense({ units: 3, activation: 'softmax' })]);
    model.compile(options);
    options.loss = 'meanSquaredError';
    expect((await model.fit([[1, 2]], [[1, 0, 0]])).epoch).toEqual([0]);
    expect(model.compiled?.loss.name).toBe('categoricalCrossentropy');
  });
});

describe('fit refuses', () => {
  it.each([
    [{ epochs: '3' }, "epochs must be an integer ≥ 0, got '3'"],
    [{ batchSize: '3' }, "batchSize must be an integer ≥ 1, got '3'"],
    [{ shuffle: 'batch' }, "shuffle must be true or false, got 'batch'"],
    [
      { validationData: { x, y } },
      'validationData must be an array [x, y] or [x, y, sampleWeight], got an object { x, y }',
    ],
    [
      { validationData: [x] },
      'validationData must be an array [x, y] or [x, y, sampleWeight], got an array of 1',
    ],
    [{ signal: true }, 'signal must be an AbortSignal, got true: new AbortController().signal'],
    [{ signal: new AbortController() }, 'signal must be an AbortSignal, got an AbortController'],
    [{ resumeFrom: { epoch: 1 } }, 'resumeFrom must be the position that loadCheckpoint gave'],
    [{ epoch: 5 }, 'unknown option epoch (did you mean epochs?)'],
    [{ lr: 1 }, 'unknown option lr: it belongs to the optimizer: compile({ optimizer: adam('],
    [{ yieldEvery: 'auto' }, 'unknown option yieldEvery: worker threads keep the calling thread free'],
  ])('%o', async (options, message) => {
    await expect(compiled().fit(x, y, options as never)).rejects.toThrow(`fit: ${message}`);
  });

  it('numbers in the place of options, as in model.fit(x, y, 32, 5), and arguments behind them', async () => {
    const model = compiled();
    const call = (name: 'fit' | 'evaluate' | 'predict' | 'trainOnBatch', ...given: unknown[]) =>
      (model[name] as (...all: unknown[]) => Promise<unknown>).apply(model, given);
    await expect(call('fit', x, y, 32)).rejects.toThrow(
      'fit: options must be an object, got 32: fit(x, y, { epochs: 32 })',
    );
    await expect(call('fit', x, y, {}, 5)).rejects.toThrow(/fit: expected at most 3 arguments, got 5 behind/);
    await expect(call('fit', x, y, null)).rejects.toThrow(/fit: options must be an object, got null/);
    await expect(call('evaluate', x, y, 32)).rejects.toThrow(/got 32: evaluate\(x, y, { batchSize: 32 }\)/);
    await expect(call('predict', x, 32)).rejects.toThrow(/got 32: predict\(x, { batchSize: 32 }\)/);
    await expect(call('trainOnBatch', x, y, 32)).rejects.toThrow(
      /trainOnBatch: options must be an object, got 32/,
    );
  });

  it('a learning rate that became none, with threads and without, before anything is trained', async () => {
    for (const learningRate of [-1, Number.NaN, '0.1' as unknown as number]) {
      const optimizer = sgd({ learningRate: 0.1 });
      const model = tinyModel(degelo);
      model.compile({ ...compileOptions, optimizer });
      const before = model.getWeights();
      expect(() => {
        optimizer.learningRate = learningRate;
      }).toThrow(/^sgd: learningRate must be /);
      // One of a user's own is looked at where it is used.
      Object.defineProperty(optimizer, 'learningRate', { value: learningRate });
      await expect(model.fit(x, y)).rejects.toThrow(/^fit: optimizer.learningRate must be /);
      expect(model.getWeights()).toEqual(before);
    }
  });
});

describe('sequential refuses', () => {
  const layer = dense({ units: 1, inputShape: [1], name: 'head' });

  it.each([
    [
      [layer, layer],
      'sequential: expected at most one argument, got the layer head behind: put the layers into',
    ],
    [[layer], 'sequential: options must be an object, got the layer head: sequential({ layers: … })'],
    [[{ layers: layer }], 'layers must be an array of layers, got the layer head: put it into brackets'],
    [[[layer, undefined]], 'layers[1] must be a layer, got undefined'],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tried
    [[[, layer]], 'sequential: layers must have no holes: layers[0] is missing'],
    [[[layer, degelo.flatten]], 'layers[1] must be a layer, got the function flatten: call it: flatten()'],
    [[[degelo.Dense]], 'layers[0] must be a layer, got the class Dense: make one: new Dense(…)'],
    [[[[layer]]], 'layers[0] must be a layer, got an array of 1: spread it: ...layers'],
    [
      [[{ className: 'Dense', name: 'other', forward() {} }]],
      'got the layer other, of another copy of degelo',
    ],
    [[{ layer: [] }], 'unknown option layer (did you mean layers?)'],
    [[{ seed: '1' }], "sequential: seed must be an integer from 0 to 2^53 − 1, got '1'"],
    [[{ name: 3 }], "name must be a string that isn't empty, got 3"],
  ])('%o', (given, message) => {
    expect(() => sequential(...(given as [never]))).toThrow(message);
  });

  it('what is added and is no layer', () => {
    const model = sequential([]);
    expect(() => model.add(undefined as never)).toThrow('add: layer must be a layer, got undefined');
    expect(() => model.add(degelo.flatten as never)).toThrow(/call it: flatten\(\)/);
    expect(() => (model.add as (...all: unknown[]) => void)(layer, layer)).toThrow(/add one layer at a time/);
  });
});

describe('callbacks', () => {
  const trainWith = (callbacks: unknown) => compiled().fit(x, y, { callbacks: callbacks as never });

  it.each([
    [{ onEpochEnd() {} }, 'callbacks must be an array, got an object { onEpochEnd }: [{ onEpochEnd: '],
    [() => {}, 'callbacks must be an array, got a function'],
    [[(_: number) => {}], 'callbacks[0] must be an object with methods, got a function: { onEpochEnd: '],
    [
      [earlyStopping],
      'callbacks[0] must be an object with methods, got the function earlyStopping: earlyStopping(…)',
    ],
    [
      [degelo.reduceLROnPlateau],
      'callbacks[0] must be an object with methods, got the function reduceLROnPlateau: reduceLROnPlateau(…)',
    ],
    [[Promise.resolve({})], 'must be an object with methods, got a promise (is an await missing?)'],
    [
      [{ setParams() {}, onEpochEnd() {} }],
      'unknown option setParams: degelo gives callbacks no parameters: use setModel',
    ],
    [[{ set_model() {}, onEpochEnd() {} }], 'unknown option set_model (did you mean setModel?)'],
    [[undefined], 'callbacks[0] must be an object with methods, got undefined'],
    [[{}, false], 'callbacks[1] must be an object with methods, got false'],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tried
    [[,], 'fit: callbacks must have no holes: callbacks[0] is missing'],
    [[{ onTrainBatchEnd() {} }], 'callbacks[0]: unknown option onTrainBatchEnd (did you mean onBatchEnd?)'],
    [[{ on_epoch_end() {} }], 'unknown option on_epoch_end (did you mean onEpochEnd?)'],
    [[{ onepochend() {} }], 'unknown option onepochend (did you mean onEpochEnd?)'],
    [[{ onYield() {} }], 'unknown option onYield (did you mean onProgress?)'],
    [[{ onEpochEnds() {} }], 'unknown option onEpochEnds (did you mean onEpochEnd?)'],
    [[{ onTestEnd() {} }], 'unknown option onTestEnd: degelo calls nothing after a test: use onEpochEnd'],
    [[{ onPredictBegin() {} }], 'unknown option onPredictBegin: degelo calls nothing before a prediction'],
    [[{ onEpochEnd: 3 }], 'callbacks[0].onEpochEnd must be a function, got 3'],
    [[{ epochEnd() {} }], 'callbacks[0] must have one of setModel, onTrainBegin'],
    [[Object.create(null, { onEpoch: { value() {} } })], 'unknown option onEpoch (did you mean onEpochEnd?)'],
  ])('%o are refused', async (callbacks, message) => {
    await expect(trainWith(callbacks)).rejects.toThrow(message);
  });

  it('of a class may have methods of its own, but none that nothing calls', async () => {
    class Counter extends EventEmitter {
      count = 0;
      onEpochEnd() {
        this.count = this.one() + this.count;
      }
      one() {
        return 1;
      }
    }
    const counter = new Counter();
    await trainWith([counter, {}, { onEpochBegin: undefined }]);
    expect(counter.count).toBe(1);
    class Misnamed extends Counter {
      onBatchBegin() {}
    }
    await expect(trainWith([new Misnamed()])).rejects.toThrow(
      /unknown option onBatchBegin: degelo calls nothing/,
    );
  });

  it('are looked at by evaluate and predict too', async () => {
    await expect(compiled().evaluate(x, y, { callbacks: [() => {}] as never })).rejects.toThrow(
      /^evaluate: callbacks\[0\] must be an object/,
    );
    await expect(compiled().predict(x, { callbacks: {} as never })).rejects.toThrow(
      /^predict: callbacks must be an array/,
    );
  });
});
