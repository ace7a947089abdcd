/** Real worker threads, really killed in the middle of their work. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as degelo from '../../src/index.ts';
import { liveThreads } from './live-threads.ts';
import { tinyData, tinyModel } from './tiny.ts';
import { getWeightsFlat } from './weights.ts';

const { x, y } = tinyData(90);

const threads = liveThreads();
afterEach(() => {
  vi.restoreAllMocks();
});

const options = { batchSize: 24, epochs: 2, validationData: [x, y] } as const;

/** @param hook where to kill: with onBatchEnd every batch is a job, with onProgress a job has several. */
async function train(
  kill: () => void,
  hook: 'onBatchEnd' | 'onProgress' = 'onBatchEnd',
): Promise<{ weights: number[]; history: object }> {
  await using model = tinyModel(degelo);
  const optimizer = degelo.adadelta({ learningRate: 1 });
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'], threads: 2 });
  const { history } = await model.fit(x, y, { ...options, callbacks: [{ [hook]: kill }] });
  return { weights: getWeightsFlat(model), history };
}

describe('a worker that dies', () => {
  it('in mid-training, at any of many moments, changes no bit and is reported', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const expected = await train(() => {});
    expect(warn).not.toHaveBeenCalled();
    let kills = 0;
    for (let round = 0; round < 3; round++) {
      const hook = round % 2 === 0 ? 'onBatchEnd' : 'onProgress';
      let calls = 0;
      const outcome = await train(() => {
        calls++;
        if (calls % 4 !== round % 4) return;
        // Once the next step is under way: a little later in every round.
        setTimeout(() => {
          const [victim] = threads;
          if (!victim) return;
          threads.delete(victim);
          void victim.terminate();
          kills++;
        }, round * 0.4);
      }, hook);
      expect(outcome).toEqual(expected);
    }
    expect(kills).toBeGreaterThan(4);
    expect(warn.mock.calls.flat().join('\n')).toMatch(
      /a worker failed \(.*\): its work is done again, with the same result/,
    );
  });

  it('again and again ends in one clear error, and the model can be used again', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    await using model = tinyModel(degelo);
    model.compile({ optimizer: 'adadelta', loss: 'categoricalCrossentropy', threads: 2 });
    const killer = setInterval(() => {
      for (const thread of threads) {
        threads.delete(thread);
        void thread.terminate();
      }
    }, 1);
    const error = await model.fit(x, y, { ...options, epochs: 1000 }).catch((reason) => reason);
    expect(error).toBeInstanceOf(degelo.WorkerError);
    expect(error.message).toMatch(
      /^workers failed 4 times in a row, the last time with: .*; the weights are those of step \d+: threads: 0 does without workers$/,
    );
    clearInterval(killer);
    expect(getWeightsFlat(model)).toEqual(await weightsAfter(Number(/\d+$/.exec(error.message))));
    await model.fit(x, y, options);
  });
});

/** The weights after so many steps that nothing disturbed. */
async function weightsAfter(steps: number): Promise<number[]> {
  const model = tinyModel(degelo);
  model.compile({ optimizer: 'adadelta', loss: 'categoricalCrossentropy', threads: 0 });
  model.build(x.shape.slice(1));
  const enough = new AbortController();
  const stop = { onBatchEnd: () => void (model.step === steps && enough.abort()) };
  if (steps > 0) {
    const fit = model.fit(x, y, { ...options, epochs: 1000, callbacks: [stop], signal: enough.signal });
    await fit.catch(() => {});
  }
  return getWeightsFlat(model);
}
