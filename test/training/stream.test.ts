/** Data that comes batch by batch: what fit and evaluate make of iterables. */
import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as degelo from '../../src/index.ts';
import { compiled, compileOptions } from './compiled.ts';
import { tinyData, tinyModel } from './tiny.ts';
import { getWeightsFlat } from './weights.ts';

const { x, y } = tinyData(20);
const part = (from: number, to: number) =>
  [x.data.slice(from * 100, to * 100), y.data.slice(from * 3, to * 3)] as const;
const SIZES = [
  [0, 8],
  [8, 16],
  [16, 20],
] as const;
const batches = SIZES.map(([from, to]) => part(from, to));
function* generate(): Generator<degelo.Batch> {
  yield* batches;
}
async function* generateAsync(): AsyncGenerator<degelo.Batch> {
  for (const batch of batches) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    yield batch;
  }
}

afterEach(() => vi.restoreAllMocks());

async function outcome(batches: degelo.BatchStream, given: degelo.FitOptions = {}, threads = 0) {
  await using model = tinyModel(degelo);
  model.compile({ ...compileOptions, optimizer: degelo.adadelta({ learningRate: 1 }), threads });
  const { history } = await model.fit(batches, { epochs: 2, ...given });
  return { history, weights: getWeightsFlat(model) };
}

async function ofArrays(given: degelo.FitOptions = {}) {
  const model = compiled();
  const { history } = await model.fit(x, y, { epochs: 2, batchSize: 8, shuffle: false, ...given });
  return { history, weights: getWeightsFlat(model) };
}

describe('fit on batches', () => {
  const again = { [Symbol.iterator]: generate };
  const forms: [string, degelo.BatchStream][] = [
    ['an iterable that can be started again', again],
    ['an async one', { [Symbol.asyncIterator]: generateAsync }],
    ['a function that gives a generator', generate],
    ['a function that gives an async one', generateAsync],
    ['batches by TensorFlow.js’ names', () => batches.map(([xs, ys]) => ({ xs, ys }))],
    [
      'tensors',
      () =>
        batches.map(
          ([a, b]) =>
            [degelo.tensor(a, [a.length / 100, 10, 10, 1]), degelo.tensor(b, [b.length / 3, 3])] as const,
        ),
    ],
  ];

  it.each(forms)('%s: the same bits as the same batches of arrays', async (_, stream) => {
    expect(await outcome(stream)).toEqual(await ofArrays());
  });

  it('does the same with two threads', async () => {
    expect(await outcome(generateAsync, {}, 2)).toEqual(await ofArrays());
  });

  it('goes on where it was in the next epoch with stepsPerEpoch, and starts again at the end', async () => {
    // Epochs of two steps: batches 0, 1 | 2, 0 | 1, 2 as in arrays.
    const given = { epochs: 3, stepsPerEpoch: 2 };
    expect(await outcome(again, given)).toEqual(await ofArrays(given));
    const numbers: number[] = [];
    const [a] = batches;
    await outcome(
      (epoch) => {
        numbers.push(epoch);
        return [a];
      },
      { epochs: 3 },
    );
    expect(numbers).toEqual([0, 1, 2]);
  });

  it('reads a generator once, for as many epochs as stepsPerEpoch allows', async () => {
    const endless = (function* (): Generator<degelo.Batch> {
      for (;;) yield* batches;
    })();
    expect(await outcome(endless, { stepsPerEpoch: 3 })).toEqual(await ofArrays());
    // It was left alone after the last step, and ended.
    expect(endless.next().done).toBe(true);
    await expect(outcome(generate())).rejects.toThrow(
      /x can be read once: give stepsPerEpoch, or a function/,
    );
    const web = new ReadableStream<degelo.Batch>({ start: (c) => c.close() });
    await expect(outcome(web)).rejects.toThrow(/x can be read once/);
  });

  it('warns and ends where batches run out, and what was trained counts', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { history } = await outcome(generate(), { epochs: 5, stepsPerEpoch: 2 });
    expect(history.loss).toHaveLength(2);
    expect(warn.mock.calls[0][0]).toMatch(/ran out of batches in epoch 2, after 1 of 2: training ends/);
  });

  it('builds a model by its first batch', async () => {
    const model = degelo.sequential([degelo.flatten(), degelo.dense({ units: 3, activation: 'softmax' })]);
    model.compile({ ...compileOptions, optimizer: 'sgd' });
    const images = degelo.tensor(batches[0][0], [8, 10, 10, 1]);
    let started = 0;
    await model.fit(function* () {
      started++;
      yield [images, batches[0][1]];
    });
    expect(started).toBe(1);
    expect(model.inputShape).toEqual([10, 10, 1]);
  });

  it('takes weights with a batch, and by class', async () => {
    const classWeight = { 0: 3 };
    const weights = y.data.filter((_, i) => i % 3 === 0).map((is) => (is === 1 ? 3 : 1));
    const weighted = SIZES.map(([from, to]) => [...part(from, to), weights.slice(from, to)] as const);
    const expected = await ofArrays({ classWeight });
    expect(await outcome(() => weighted)).toEqual(expected);
    expect(await outcome(generate, { classWeight })).toEqual(expected);
    await expect(outcome(() => weighted, { classWeight })).rejects.toThrow(/can't both be given/);
  });

  it('validates on batches, and on arrays', async () => {
    const expected = await ofArrays({ validationData: [x, y] });
    expect(await outcome(generate, { validationData: [x, y] })).toEqual(
      await ofArrays({ validationData: [x, y] }),
    );
    const got = await outcome(generate, { validationData: generateAsync });
    expect(got.weights).toEqual(expected.weights);
    expect(got.history.val_accuracy).toEqual(expected.history.val_accuracy);
    for (const [e, loss] of expected.history.val_loss.entries()) {
      expect(got.history.val_loss[e]).toBeCloseTo(loss, 12);
    }
    await expect(outcome(generate, { validationData: generate() })).rejects.toThrow(
      /validationData is read once per epoch/,
    );
  });

  it('resumes with the same bits: batches that were trained on are skipped', async () => {
    for (const given of [{}, { stepsPerEpoch: 2, epochs: 3 }]) {
      const whole = compiled();
      const checkpoints: Uint8Array[] = [];
      const { history } = await whole.fit(generate, {
        epochs: 2,
        ...given,
        callbacks: [{ onBatchEnd: async () => void checkpoints.push(await degelo.encodeCheckpoint(whole)) }],
      });
      for (const bytes of checkpoints.slice(1, 4)) {
        const { model, position } = await degelo.decodeCheckpoint(bytes, { threads: 0 });
        const resumed = await model.fit(generate, { epochs: 2, ...given, resumeFrom: position });
        expect(resumed.history).toEqual(history);
        expect(getWeightsFlat(model)).toEqual(getWeightsFlat(whole));
      }
      const { model, position } = await degelo.decodeCheckpoint(checkpoints[1], { threads: 0 });
      const others = () => [batches[2], batches[2], batches[2]];
      await expect(model.fit(others, { epochs: 2, ...given, resumeFrom: position })).rejects.toThrow(
        /resumeFrom must come from the same samples/,
      );
      await expect(model.fit(() => [], { epochs: 2, ...given, resumeFrom: position })).rejects.toThrow(
        /resumeFrom must come from the same batches: 2 had been read, and x gives 0/,
      );
    }
  });

  it('lets the generator use the model, and tidy up where training fails', async () => {
    const model = compiled();
    let tidied = false;
    const stream = async function* (): AsyncGenerator<degelo.Batch> {
      try {
        await model.predict(x);
        yield batches[0];
        yield [batches[1][0].map(() => Number.NaN), batches[1][1]];
      } finally {
        tidied = true;
      }
    };
    await expect(model.fit(stream)).rejects.toThrow(/x must be finite numbers/);
    expect(tidied).toBe(true);
  });

  it('ends with the signal’s reason where it waits for a batch that doesn’t come, and trains again', async () => {
    const model = compiled();
    const stuck = async function* (): AsyncGenerator<degelo.Batch> {
      yield batches[0];
      await new Promise(() => {});
    };
    const calls = [
      (signal: AbortSignal) => model.fit(stuck, { signal }),
      (signal: AbortSignal) => model.fit(generate, { validationData: stuck, signal }),
      (signal: AbortSignal) => model.evaluate(stuck, { signal }),
    ];
    for (const call of calls) {
      const stop = new AbortController();
      setTimeout(() => stop.abort(new Error('enough')), 20);
      await expect(call(stop.signal)).rejects.toThrow('enough');
      expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    }
    // In the batch before the one that doesn't come.
    const stop = new AbortController();
    const callbacks = [{ onTestBatchEnd: () => stop.abort(new Error('enough')) }];
    const measured = model.evaluate(stuck, { signal: stop.signal, callbacks });
    await expect(measured).rejects.toThrow('enough');
    await model.fit(generate);
  });

  it.each([
    [{ batchSize: 8 }, /batchSize can't be used where x gives batches: its batches have their own size/],
    [{ shuffle: true }, /shuffle can't be used where x gives batches/],
    [{ validationSplit: 0.2 }, /validationSplit can't be used where x gives batches/],
    [{ sampleWeight: [1] }, /sampleWeight can't be used where x gives batches: a batch brings its own/],
    [{ featureCacheMB: 8 }, /featureCacheMB can't be used where x gives batches/],
  ])('refuses %j', async (given, message) => {
    await expect(outcome(generate, given)).rejects.toThrow(message);
  });

  it.each([
    [() => [[1]], /batch 1 of x must be \[x, y\], \[x, y, sampleWeight\] or \{ xs, ys \}, got \[1\]/],
    [() => [batches[0], { x: 1, y: 2 }], /batch 2 of x must be .*got an object \{ x, y \}/],
    [() => [{ xs: 1, ys: 2, weights: 3 }], /batch 1 of x must have only xs and ys, got weights too/],
    [() => 3, /x must give batches: expected a function that returns an iterable, got one that returns 3/],
    [() => [], /x must give at least one batch, got none in epoch 1/],
  ])('%#: names what is no batch', async (stream, message) => {
    await expect(outcome(stream as never)).rejects.toThrow(message);
  });

  it('names validationData where that gives no batch', async () => {
    await expect(outcome(generate, { validationData: () => [] })).rejects.toThrow(
      'fit: validationData must give at least one batch, got none',
    );
  });

  it('refuses y beside batches', async () => {
    await expect(compiled().fit(generate as never, y)).rejects.toThrow(
      'fit: y must be left out where x gives batches, as the function generate does: fit(batches, { … })',
    );
    await expect(compiled().evaluate(new Set([1]) as never, y)).rejects.toThrow(
      'evaluate: y must be left out where x gives batches, as a Set does: evaluate(batches, { … })',
    );
    await expect(compiled().predict(generate() as never)).rejects.toThrow(
      'predict: x must be samples, got a generator: for batches one by one',
    );
    await compiled().fit(generate as never, undefined as never, { epochs: 1 });
  });
});

describe('arrays with stepsPerEpoch', () => {
  it('go on with the samples that are left, shuffled or not', async () => {
    const seen: number[] = [];
    const model = compiled();
    const onBatchEnd = (_b: number, _l: degelo.Logs, info: degelo.BatchInfo) =>
      void seen.push(info.seen, info.samples ?? -1);
    await model.fit(x, y, { batchSize: 8, epochs: 3, stepsPerEpoch: 2, callbacks: [{ onBatchEnd }] });
    // 20 samples are batches of 8, 8 and 4.
    expect(seen).toEqual([8, 16, 16, 16, 4, 12, 12, 12, 8, 12, 12, 12]);
  });

  it('resume with the same bits', async () => {
    const given = { batchSize: 8, epochs: 3, stepsPerEpoch: 2 };
    const whole = compiled();
    const checkpoints: Uint8Array[] = [];
    const onBatchEnd = async () => void checkpoints.push(await degelo.encodeCheckpoint(whole));
    const { history } = await whole.fit(x, y, { ...given, callbacks: [{ onBatchEnd }] });
    for (const bytes of checkpoints.slice(0, 5)) {
      const { model, position } = await degelo.decodeCheckpoint(bytes, { threads: 0 });
      expect((await model.fit(x, y, { ...given, resumeFrom: position })).history).toEqual(history);
      expect(getWeightsFlat(model)).toEqual(getWeightsFlat(whole));
    }
  });
});

describe('evaluate on batches', () => {
  it('gives what arrays give', async () => {
    const model = compiled();
    const expected = await model.evaluate(x, y);
    for (const stream of [generate, generateAsync, generate()]) {
      const { loss, accuracy } = await model.evaluate(stream);
      expect(loss).toBeCloseTo(expected.loss, 12);
      expect(accuracy).toBe(expected.accuracy);
    }
    await expect(model.evaluate(() => [])).rejects.toThrow(/at least one batch, got none/);
    await expect(model.evaluate(generate, { sampleWeight: [1] })).rejects.toThrow(/a batch brings its own/);
    await expect(model.predict(generate as never)).rejects.toThrow(/predict: x must be samples/);
  });
});
