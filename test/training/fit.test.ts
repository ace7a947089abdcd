import { afterEach, describe, expect, it, vi } from 'vitest';
import * as degelo from '../../src/index.ts';
import { expectClose } from '../matchers.ts';
import { compiled, compileOptions, freezeFeatures } from './compiled.ts';
import { tinyData, tinyModel } from './tiny.ts';
import { getWeightsFlat } from './weights.ts';

const { adadelta, sgd, sequential, dense, activation, tensor } = degelo;

afterEach(() => {
  vi.restoreAllMocks();
});

describe('fit', () => {
  it('learns, and records one value an epoch under Keras’ names', async () => {
    const { x, y } = tinyData(60);
    const held = tinyData(30, 2);
    const model = compiled();
    const { epoch, history } = await model.fit(x, y, {
      batchSize: 16,
      epochs: 14,
      validationData: [held.x, held.y],
    });
    expect(epoch).toEqual(Array.from({ length: 14 }, (_, i) => i));
    expect(Object.keys(history).sort()).toEqual(['accuracy', 'loss', 'val_accuracy', 'val_loss']);
    expect(history.loss).toHaveLength(14);
    expect(history.val_accuracy[13]).toBeGreaterThan(0.9);
    expect(history.val_loss[13]).toBeLessThan(history.val_loss[0]);
    const { loss, accuracy } = await model.evaluate(held.x, held.y, { batchSize: 16 });
    expect([loss, accuracy]).toEqual([history.val_loss[13], history.val_accuracy[13]]);
  });

  it('weights an epoch’s loss by batch size and averages accuracy over samples', async () => {
    const { x, y } = tinyData(20);
    const model = compiled();
    const batches: number[] = [];
    const { history } = await model.fit(x, y, {
      batchSize: 8,
      callbacks: [{ onBatchEnd: (_, { loss }, { seen }) => void batches.push(loss * seen) }],
    });
    // Running sums of 8, 16 and 20 samples: the last is the epoch's.
    expect(batches).toHaveLength(3);
    expect(history.loss[0]).toBeCloseTo(batches[2] / 20, 12);
    expect((history.accuracy[0] * 20) % 1).toBe(0);
  });

  it('by direct and by Winograd convolution gives weights that differ in the last bits, each the same in SIMD and plain', async () => {
    const { x, y } = tinyData(20);
    const weights = async (kernel: 'plain' | 'simd', convolution: degelo.ConvolutionChoice) => {
      const model = tinyModel(degelo);
      model.compile({ ...compileOptions, optimizer: adadelta({ learningRate: 1 }), kernel, convolution });
      await model.fit(x, y, { batchSize: 8 });
      return getWeightsFlat(model);
    };
    const direct = await weights('plain', 'direct');
    const winograd = await weights('plain', 'winograd');
    expect(await weights('simd', 'direct')).toEqual(direct);
    expect(await weights('simd', 'winograd')).toEqual(winograd);
    expect(winograd).not.toEqual(direct);
    expectClose(winograd, direct, { absolute: 1e-5 });
  });

  it('trains on every sample once an epoch, in a new order every epoch', async () => {
    // A linear model under plain gradient descent at learning rate 0: losses tell the order, weights don't move.
    const x = tensor(Array.from({ length: 12 }, (_, i) => [i]));
    const y = Int32Array.from({ length: 12 }, (_, i) => i % 2);
    const model = sequential([dense({ units: 2, inputShape: [1] }), activation('softmax')]);
    model.compile({ optimizer: sgd({ learningRate: 0 }), loss: 'sparseCategoricalCrossentropy', threads: 0 });
    const losses: number[][] = [];
    let seenLoss = 0;
    await model.fit(x, y, {
      batchSize: 1,
      epochs: 3,
      callbacks: [
        {
          onEpochBegin: () => {
            losses.push([]);
            seenLoss = 0;
          },
          onBatchEnd: (batch, { loss }) => {
            losses.at(-1)?.push(Math.round((loss * (batch + 1) - seenLoss) * 1e9) / 1e9);
            seenLoss = loss * (batch + 1);
          },
        },
      ],
    });
    const sorted = losses.map((epoch) => [...epoch].sort((a, b) => a - b));
    expect(new Set(sorted[0]).size).toBeGreaterThan(6);
    expect(sorted[1]).toEqual(sorted[0]);
    expect(losses[1]).not.toEqual(losses[0]);
    expect(losses[2]).not.toEqual(losses[1]);
  });

  it.each([1, 3, 8, 9, 20, 100])(
    'takes batches of %i samples, the last smaller one too',
    async (batchSize) => {
      const { x, y } = tinyData(20);
      const model = compiled();
      await model.fit(x, y, { batchSize });
      expect(model.step).toBe(Math.ceil(20 / batchSize));
    },
  );

  it('takes class numbers with the sparse loss, and gives the bits of the one-hot one', async () => {
    const { x, y, classes } = tinyData(24);
    const rows = compiled();
    const sparse = tinyModel(degelo);
    sparse.compile({
      ...compileOptions,
      loss: 'sparseCategoricalCrossentropy',
      optimizer: adadelta({ learningRate: 1 }),
    });
    const a = await rows.fit(x, y, { batchSize: 8, epochs: 2 });
    const b = await sparse.fit(x, classes, { batchSize: 8, epochs: 2 });
    expect(b.history).toEqual(a.history);
    expect(getWeightsFlat(sparse)).toEqual(getWeightsFlat(rows));
  });

  it('takes nested and flat arrays', async () => {
    const { x, y } = tinyData(8);
    const [a, b, c] = [compiled(), compiled(), compiled()];
    await a.fit(x, y);
    await b.fit(x.toNested() as degelo.NestedArray, y.toNested() as degelo.NestedArray);
    await c.fit(x.data, y.data);
    expect(getWeightsFlat(b)).toEqual(getWeightsFlat(a));
    expect(getWeightsFlat(c)).toEqual(getWeightsFlat(a));
  });

  it('moves no frozen weight, and gives the same bits with the feature cache, a part of it, and without', async () => {
    const { x, y } = tinyData(30);
    const held = tinyData(12, 2);
    const run = async (featureCacheMB: number) => {
      const model = tinyModel(degelo);
      freezeFeatures(model);
      model.compile({ ...compileOptions, optimizer: adadelta({ learningRate: 1 }) });
      const before = getWeightsFlat(model);
      const options = { batchSize: 8, epochs: 3, featureCacheMB } as const;
      const { history } = await model.fit(x, y, { ...options, validationData: [held.x, held.y] });
      const after = getWeightsFlat(model);
      const features = 8 * 9 + 8 + 8 * 8 * 9 + 8;
      expect(after.slice(0, features)).toEqual(before.slice(0, features));
      expect(after.slice(features)).not.toEqual(before.slice(features));
      return { history, after };
    };
    const whole = await run(64);
    // 8 × 3 × 3 features: 288 bytes per sample; this cap holds 17 of 30.
    const part = await run((17 * 288) / 2 ** 20);
    expect(part).toEqual(whole);
    expect(await run(0)).toEqual(whole);
  });

  it('starts the optimizer afresh at compile, keeps the weights, and counts steps on', async () => {
    const { x, y } = tinyData(16);
    const model = compiled();
    await model.fit(x, y, { batchSize: 8 });
    const weights = getWeightsFlat(model);
    expect([...model.optimizerState().entries()]).not.toHaveLength(0);
    model.compile({ ...compileOptions, optimizer: adadelta({ learningRate: 1 }) });
    expect([...model.optimizerState().entries()]).toHaveLength(0);
    expect(getWeightsFlat(model)).toEqual(weights);
    expect(model.step).toBe(2);
  });

  it('in two calls does what it does in one', async () => {
    const { x, y } = tinyData(16);
    const [once, twice] = [compiled(), compiled()];
    await once.fit(x, y, { batchSize: 8, epochs: 3 });
    await twice.fit(x, y, { batchSize: 8, epochs: 1 });
    await twice.evaluate(x, y, { batchSize: 4 });
    await twice.predict(x, { batchSize: 64 });
    const { epoch } = await twice.fit(x, y, { batchSize: 8, epochs: 3, initialEpoch: 1 });
    expect(epoch).toEqual([1, 2]);
    expect(getWeightsFlat(twice)).toEqual(getWeightsFlat(once));
  });

  it('warns where trainable was changed after compile, and goes by what compile saw', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { x, y } = tinyData(8);
    const [plain, changed] = [compiled(), compiled()];
    await plain.fit(x, y);
    freezeFeatures(changed);
    await changed.fit(x, y);
    expect(warn.mock.calls.flat().join()).toMatch(
      /trainable was changed after compile \(conv2d, .*compile is called again/,
    );
    expect(getWeightsFlat(changed)).toEqual(getWeightsFlat(plain));
  });

  it('warns once after each compile, in a loop of trainOnBatch too, and again of what changes later', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { x, y } = tinyData(8);
    const model = compiled();
    freezeFeatures(model);
    for (let step = 0; step < 3; step++) await model.trainOnBatch(x, y);
    expect(warn).toHaveBeenCalledTimes(1);
    for (const layer of model.layers) layer.trainable = false;
    for (let step = 0; step < 3; step++) await model.trainOnBatch(x, y);
    expect(warn).toHaveBeenCalledTimes(2);
    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', threads: 0 });
    for (let step = 0; step < 3; step++) await model.trainOnBatch(x, y);
    expect(warn.mock.calls.flat()[2]).toMatch(/^trainOnBatch: no weight is trained/);
    expect(warn).toHaveBeenCalledTimes(3);
  });

  it.each(['arrays', 'a stream'])(
    'ends an epoch of %s with the batch after which a callback stops it, and measures it',
    async (kind) => {
      const { x, y } = tinyData(32);
      const batches = () => [0, 8, 16, 24].map((n) => [x.slice(n, n + 8), y.slice(n, n + 8)] as const);
      const model = compiled();
      const steps: number[] = [];
      const onBatchEnd = (b: number): void => {
        steps.push(b);
        if (model.step === 6) model.stopTraining = true;
      };
      const options = { epochs: 5, validationData: [x, y] as const, callbacks: [{ onBatchEnd }] };
      const fit =
        kind === 'arrays' ? model.fit(x, y, { ...options, batchSize: 8 }) : model.fit(batches, options);
      const { epoch, history } = await fit;
      expect(steps).toEqual([0, 1, 2, 3, 0, 1]);
      expect(epoch).toEqual([0, 1]);
      expect(history.val_loss).toHaveLength(2);
      expect(model.fitPosition).toMatchObject({ epoch: 2, batch: 0 });
    },
  );

  it('calls callbacks in Keras’ order, waits for them, and stops where they say so', async () => {
    const { x, y } = tinyData(16);
    const calls: string[] = [];
    const model = compiled();
    const { epoch } = await model.fit(x, y, {
      batchSize: 8,
      epochs: 5,
      validationData: [x, y],
      callbacks: [
        {
          setModel: (m) => void calls.push(m === model ? 'setModel' : 'another model'),
          onTrainBegin: () => void calls.push('trainBegin'),
          onEpochBegin: (e) => void calls.push(`epochBegin ${e}`),
          onBatchEnd: (b, _, { seen, samples }) => void calls.push(`batchEnd ${b} ${seen}/${samples}`),
          onTestBatchEnd: ({ seen, samples }) => void calls.push(`testBatchEnd ${seen}/${samples}`),
          onEpochEnd: async (e, logs) => {
            await new Promise((resolve) => setTimeout(resolve, 1));
            calls.push(`epochEnd ${e} ${Object.keys(logs).join()}`);
            if (e === 1) model.stopTraining = true;
          },
          onTrainEnd: () => void calls.push('trainEnd'),
        },
      ],
    });
    const one = (e: number) => [
      `epochBegin ${e}`,
      'batchEnd 0 8/16',
      'batchEnd 1 16/16',
      'testBatchEnd 8/16',
      'testBatchEnd 16/16',
      `epochEnd ${e} loss,accuracy,val_loss,val_accuracy`,
    ];
    expect(calls).toEqual(['setModel', 'trainBegin', ...one(0), ...one(1), 'trainEnd']);
    expect(epoch).toEqual([0, 1]);
  });

  it('takes a learning rate that a callback changes', async () => {
    const { x, y } = tinyData(8);
    const model = compiled();
    const optimizer = model.compiled?.optimizer;
    const still = {
      onEpochBegin: () => {
        if (optimizer) optimizer.learningRate = 0;
      },
    };
    await model.fit(x, y, { callbacks: [still] });
    expect(getWeightsFlat(model)).toEqual(getWeightsFlat(tinyModel(degelo)));
  });

  it('ends with the signal’s reason when aborted', async () => {
    const { x, y } = tinyData(16);
    const controller = new AbortController();
    const model = compiled();
    const fit = model.fit(x, y, {
      batchSize: 8,
      epochs: 100,
      signal: controller.signal,
      callbacks: [{ onBatchEnd: () => controller.abort(new Error('enough')) }],
    });
    await expect(fit).rejects.toThrow('enough');
    expect(model.step).toBe(1);
    await model.fit(x, y, { batchSize: 8 });
  });

  it('builds a model from the data where no input shape was given', async () => {
    const model = sequential([dense({ units: 3 }), activation('softmax')]);
    model.compile({ ...compileOptions, optimizer: 'adadelta' });
    await expect(model.fit(new Float32Array(4), [[1, 0, 0]])).rejects.toThrow(/a flat array has no shape/);
    await model.fit([[1, 2]], [[1, 0, 0]]);
    expect(model.inputShape).toEqual([2]);
  });
});
