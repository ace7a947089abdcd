/**
 * Long and hard use, as far as it is quick; test/soak/run.mjs has the rest. Real worker threads run the built
 * library, so these tests do too.
 */
import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
// pretest built it.
import * as built from '../../dist/index.js';
import type * as source from '../../src/index.ts';
import { liveThreads } from './live-threads.ts';
import { tinyData as data, tinyModel } from './tiny.ts';
import { getWeightsFlat } from './weights.ts';

// One class declared twice, in src and in dist, is two types to TypeScript.
const degelo = built as unknown as typeof source;
const tinyData = (samples: number, seed = 1) => data(samples, seed, degelo.Tensor);

const compiled = (seed: number, threads = 2): source.Sequential => {
  const model = tinyModel(degelo, seed);
  model.compile({ optimizer: 'adadelta', loss: 'categoricalCrossentropy', threads });
  return model;
};

/** A model whose step is next to nothing, so that a thousand are quick. */
const smallest = (threads = 2): source.Sequential => {
  const model = degelo.sequential([degelo.dense({ units: 3, activation: 'softmax', inputShape: [2] })]);
  model.compile({ optimizer: 'adadelta', loss: 'sparseCategoricalCrossentropy', threads });
  return model;
};

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that are in use after a collection of garbage. */
async function bytesKept(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const threads = liveThreads();

describe('memory', () => {
  it('stays within a megabyte over 1,000 steps of fit on two threads', async () => {
    await using model = smallest();
    const x = new Float32Array(40).fill(0.5);
    const y = new Int32Array(20);
    let before = 0;
    const afterWarmUp: source.Callback = {
      async onEpochEnd(epoch) {
        if (epoch === 50) before = await bytesKept();
      },
    };
    await model.fit(x, y, { batchSize: 2, epochs: 151, callbacks: [afterWarmUp] });
    expect(model.step).toBe(1510);
    expect((await bytesKept()) - before).toBeLessThan(2 ** 20);
  });

  it('stays within a megabyte over 500 calls of trainOnBatch, with batches of many sizes', async () => {
    await using model = smallest();
    let before = 0;
    for (let call = 0; call < 600; call++) {
      const samples = 1 + ((call * 7) % 40);
      await model.trainOnBatch(new Float32Array(2 * samples), new Int32Array(samples));
      if (call === 100) before = await bytesKept();
    }
    expect((await bytesKept()) - before).toBeLessThan(2 ** 20);
  });

  it('of models that are dropped comes back', async () => {
    const { x, y } = tinyData(4);
    const use = async (models: number): Promise<void> => {
      for (let m = 0; m < models; m++) await compiled(m, 0).trainOnBatch(x, y);
    };
    // The engine's own notes on the code grow at first: half a megabyte, and no more later.
    await use(100);
    const before = await bytesKept();
    await use(100);
    expect((await bytesKept()) - before).toBeLessThan(2 ** 20);
  });
});

describe('threads', () => {
  it('that wait for their next user hold on to nothing of the last one', async () => {
    const use = async (): Promise<WeakRef<object>> => {
      const x = new Float32Array(new SharedArrayBuffer(4 * 2));
      // As many threads as no other test has, which would take them over.
      await smallest(3).fit(new degelo.Tensor(x, [1, 2]), [0]);
      return new WeakRef(x.buffer);
    };
    const images = await use();
    await bytesKept();
    expect(images.deref()).toBeUndefined();
  });

  it('are gone once their models are disposed, and not before', async () => {
    const { x, y } = tinyData(8);
    const models = [1, 2, 3].map((seed) => compiled(seed));
    await Promise.all(models.map((model) => model.trainOnBatch(x, y)));
    expect(threads.size).toBe(6);
    await Promise.all(models.map((model) => model.dispose()));
    expect(threads.size).toBe(0);
  });

  it('are none after a training that fails, once its model is disposed', async () => {
    const { x, y } = tinyData(8);
    const model = compiled(1);
    const fault = new Error('of a callback');
    const fit = model.fit(x, y, { callbacks: [{ onBatchEnd: () => Promise.reject(fault) }] });
    await expect(fit).rejects.toBe(fault);
    await model.dispose();
    expect(threads.size).toBe(0);
  });
});

describe('two models', () => {
  it('trained at once have the bits that each has alone', async () => {
    const { x, y } = tinyData(24);
    const train = async (seed: number): Promise<number[]> => {
      await using model = compiled(seed);
      await model.fit(x, y, { batchSize: 8, epochs: 3 });
      return getWeightsFlat(model);
    };
    const alone = [await train(1), await train(2)];
    expect(alone[0]).not.toEqual(alone[1]);
    expect(await Promise.all([train(1), train(2)])).toEqual(alone);
  });
});

describe('an AbortSignal', () => {
  it('ends fit at any moment with its reason, leaves no listener, and leaves a model that trains on', async () => {
    const { x, y } = tinyData(60);
    await using model = compiled(1);
    for (let delay = 0; delay < 20; delay += 4) {
      const signal = AbortSignal.timeout(delay);
      const error = await model
        .fit(x, y, { batchSize: 4, epochs: 1_000_000, signal })
        .catch((e: unknown) => e);
      expect(error).toBe(signal.reason);
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    }
    const steps = model.step;
    await model.fit(x, y, { batchSize: 4 });
    expect(model.step).toBe(steps + 15);
  });

  it('that is aborted already lets no step happen', async () => {
    const { x, y } = tinyData(8);
    await using model = compiled(1);
    model.build([10, 10, 1]);
    const before = getWeightsFlat(model);
    await expect(model.fit(x, y, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow(
      'before',
    );
    expect(model.step).toBe(0);
    expect(getWeightsFlat(model)).toEqual(before);
  });
});

describe('data sets of next to nothing', () => {
  it('of one sample: fit, evaluate, predict and validate work, with more threads than samples', async () => {
    const { x, y } = tinyData(1);
    const outcome = async (threads: number) => {
      await using model = compiled(1, threads);
      const { history } = await model.fit(x, y, { epochs: 2, batchSize: 128, validationData: [x, y] });
      const [logs, predictions] = [await model.evaluate(x, y), await model.predict(x)];
      return { history, logs, shape: predictions.shape, predictions: [...predictions.data] };
    };
    const result = await outcome(3);
    expect(result.history.val_loss.length).toBe(2);
    expect(result.shape).toEqual([1, 3]);
    expect(result).toEqual(await outcome(0));
  });

  it('of none: fit, trainOnBatch and evaluate refuse, predict gives none, and no thread is started', async () => {
    const { x, y } = tinyData(0);
    await using model = compiled(1);
    await expect(model.fit(x, y)).rejects.toThrow('fit: x must hold at least one sample, got none');
    const some = tinyData(8);
    const asValidation = model.fit(some.x, some.y, { validationData: [x, y] });
    await expect(asValidation).rejects.toThrow('fit: validationData: x must hold at least one sample');
    await expect(model.trainOnBatch(x, y)).rejects.toThrow('x must hold at least one sample, got none');
    await expect(model.evaluate(x, y)).rejects.toThrow('x must hold at least one sample, got none');
    expect((await model.predict(x)).shape).toEqual([0, 3]);
    expect(threads.size).toBe(0);
  });
});
