/** Real worker threads (test/pool.ts). */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { tinyData, tinyModel } from './tiny.ts';
import { getWeightsFlat } from './weights.ts';

const run = promisify(execFile);

describe('worker threads', () => {
  it('give the same weights and figures bit for bit with 0, 1, 2 and 5 threads, the last batch of 4 included', async () => {
    // 44 = 2 batches of 20 and one of 4.
    const { x, y } = tinyData(44);
    const held = tinyData(13, 2);
    const outcome = async (threads: number) => {
      await using model = tinyModel(degelo);
      const options = { loss: 'categoricalCrossentropy', metrics: ['accuracy'], threads } as const;
      model.compile({ ...options, optimizer: degelo.adadelta({ learningRate: 1 }) });
      const full = await model.fit(x, y, { batchSize: 20, epochs: 2, validationData: [held.x, held.y] });
      for (const layer of model.layers.slice(0, 7)) layer.trainable = false;
      model.compile({ ...options, optimizer: degelo.adadelta({ learningRate: 1 }) });
      const frozen = await model.fit(x, y, { batchSize: 20, epochs: 3, validationData: [held.x, held.y] });
      const predictions = await model.predict(held.x);
      return {
        full: full.history,
        frozen: frozen.history,
        weights: getWeightsFlat(model),
        predictions: [...predictions.data],
      };
    };
    const expected = await outcome(0);
    for (const threads of [1, 2, 5]) expect(await outcome(threads)).toEqual(expected);
  });

  it('train two models at the same time', async () => {
    const { x, y } = tinyData(24);
    const train = async () => {
      await using model = tinyModel(degelo);
      model.compile({ optimizer: 'adadelta', loss: 'categoricalCrossentropy', threads: 2 });
      await model.fit(x, y, { batchSize: 8, epochs: 2 });
      return getWeightsFlat(model);
    };
    const [a, b] = await Promise.all([train(), train()]);
    expect(a).toEqual(b);
  });

  it('can be ended and come back with the next call', async () => {
    const { x, y } = tinyData(8);
    const model = tinyModel(degelo);
    model.compile({ optimizer: 'adadelta', loss: 'categoricalCrossentropy', threads: 2 });
    await model.fit(x, y);
    await model.dispose();
    await model.fit(x, y);
    await model.dispose();
    await model.dispose();
  });

  it('become as many as the next compile says', async () => {
    const { x, y } = tinyData(8);
    const outcome = async (...counts: number[]) => {
      await using model = tinyModel(degelo);
      for (const threads of counts) {
        model.compile({ optimizer: 'adadelta', loss: 'categoricalCrossentropy', threads });
        await model.fit(x, y);
      }
      return getWeightsFlat(model);
    };
    expect(await outcome(2, 1, 0)).toEqual(await outcome(0, 0, 0));
  });

  it('are one per core unless told', async () => {
    const { x, y } = tinyData(8);
    const started: unknown[] = [];
    const note = (worker: unknown): void => void started.push(worker);
    process.on('worker', note);
    await using model = tinyModel(degelo);
    model.compile({ optimizer: 'adadelta', loss: 'categoricalCrossentropy' });
    await model.trainOnBatch(x, y).finally(() => process.off('worker', note));
    expect(started).toHaveLength(availableParallelism());
  });

  it('leave the main thread free: timers go on during a step', async () => {
    const { x, y } = tinyData(600);
    await using model = tinyModel(degelo);
    model.compile({ optimizer: 'adadelta', loss: 'categoricalCrossentropy', threads: 1 });
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await model.fit(x, y, { batchSize: 600 });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });

  it('do not keep a script from ending by itself', async () => {
    const script = `
      import { activation, dense, sequential } from './dist/index.js';
      const model = sequential([dense({ units: 2, inputShape: [2] }), activation('softmax')]);
      model.compile({ optimizer: 'adadelta', loss: 'sparseCategoricalCrossentropy', threads: 2 });
      await model.fit([[0, 1], [1, 0]], [0, 1], { epochs: 2 });
      console.log('trained');`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
      cwd: new URL('../../', import.meta.url).pathname,
      timeout: 50_000, // of a machine that is paused meanwhile; else it ends at once
    });
    expect(stdout).toBe('trained\n');
  });

  it('predict before compile what they predict after it', async () => {
    const { x } = tinyData(5);
    await using model = tinyModel(degelo);
    const before = await model.predict(x);
    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
    expect(await model.predict(x)).toEqual(before);
  });

  it('predict the same bits however many they are, the last, smaller batch included', async () => {
    // Several batches a job, and a short one at the end that would be cut otherwise if it were cut by itself.
    const { x } = tinyData(64 * 5 + 9);
    const predict = async (threads: number, rounds: number) => {
      await using model = tinyModel(degelo);
      model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', threads });
      const all = [];
      for (let round = 0; round < rounds; round++)
        all.push([...(await model.predict(x, { batchSize: 64 })).data]);
      return all;
    };
    const [expected] = await predict(0, 1);
    for (const threads of [2, 5]) {
      for (const predictions of await predict(threads, 4)) expect(predictions).toEqual(expected);
    }
  });
});
