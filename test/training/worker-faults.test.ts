/** Real worker threads, really killed in the middle of their work. */
import { createRequire } from 'node:module';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as degelo from '../../src/index.ts';
import { bufferOf } from '../../src/kernels/index.ts';
import { Arena } from '../../src/model/arena.ts';
import { Barrier } from '../../src/training/session/barrier.ts';
import type { Task } from '../../src/training/session/job.ts';
import type { Pool } from '../../src/training/session/pool.ts';
import * as node from '../../src/training/threads/pool-node.ts';
import { usePool } from '../pool.ts';
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

/** Takes `refuseThreads` back. */
let allow = (): void => {};

/** Threads that the system refuses from now on, as under a limit (ulimit -u). */
function refuseThreads(from: () => boolean): void {
  const builtin = createRequire(import.meta.url)('node:worker_threads') as { Worker: typeof Worker };
  const { Worker: Real } = builtin;
  class Refused extends Real {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      if (from()) throw Object.assign(new Error('EAGAIN'), { code: 'ERR_WORKER_INIT_FAILED' });
      super(...given);
    }
  }
  builtin.Worker = Refused;
  allow = () => {
    builtin.Worker = Real;
  };
}

describe('a system that gives no more threads', () => {
  // Three, which no other test leaves behind.
  const THREE = { threads: 3, reason: null, possible: true, unexpected: false };
  const program = new URL('../../dist/training/threads/worker-entry.cjs', import.meta.url);
  const pool = {
    ...node,
    createPool: (count: number) => node.createPool(count, null, program),
    threadsHere: () => THREE,
  };
  beforeEach(() => usePool(pool));
  afterEach(() => {
    allow();
    usePool(null);
  });

  const compiled = (asked = {}) => {
    const model = tinyModel(degelo);
    const optimizer = degelo.adadelta({ learningRate: 1 });
    model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'], ...asked });
    return model;
  };
  const outcome = async (model: ReturnType<typeof compiled>, callbacks: readonly object[] = []) => {
    const { history } = await model.fit(x, y, { ...options, callbacks });
    const predictions = await model.predict(x);
    return { history, weights: getWeightsFlat(model), predictions: predictions.toNested() };
  };

  it.each([0, 1, 2])(
    'but %i of three: all is done on the calling thread, with the same bits, and one warning',
    async (given) => {
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
      let started = 0;
      refuseThreads(() => started++ % (given + 1) === given);
      const model = compiled();
      expect(model.threads).toBe(3);
      const reason = 'the system gives no more threads (EAGAIN): raise its limit, such as ulimit -u';
      expect(await outcome(model)).toEqual(await outcome(compiled({ threads: 0 })));
      expect([model.threads, model.threadsReason]).toEqual([0, reason]);
      expect(warn.mock.calls).toEqual([
        [`worker threads can't be used, so all work is done on the calling thread: ${reason}`],
      ]);
    },
  );

  it('in mid-training: steps since the last snapshot are done again, with the same bits', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    let isOver = false;
    refuseThreads(() => isOver);
    let batches = 0;
    const end = () => {
      if (++batches !== 5) return;
      isOver = true;
      for (const thread of threads) void thread.terminate();
    };
    const model = compiled();
    expect(await outcome(model, [{ onBatchEnd: end }])).toEqual(await outcome(compiled({ threads: 0 })));
    expect(model.threads).toBe(0);
    expect(warn.mock.calls.flat().join('\n')).toMatch(/worker threads can't be used/);
  });

  it('is an error where they were asked for, and the process goes on', async () => {
    refuseThreads(() => true);
    const model = compiled({ threads: 3 });
    await expect(model.fit(x, y, options)).rejects.toThrow(
      /^workers failed 4 times in a row, the last time with: the system gives no more threads \(EAGAIN\): .*; the weights are those of step 0: threads: 0 does without workers$/,
    );
    await expect(model.evaluate(x, y)).rejects.toThrow(degelo.WorkerError);
  });
});

describe('threads that never do anything', () => {
  /** Pools whose threads do what `run` does. */
  const poolOf = (run: Pool['run']) => ({
    ...node,
    checkWorker: () => {},
    createPool: (count: number) => ({ threads: count, worker: null, run, destroy: async () => {} }),
    // Four, which no other test leaves behind.
    threadsHere: () => ({ threads: 4, reason: null, possible: true, unexpected: false }),
  });
  /** Says nothing until the patience is over, as `together` does. @param begin what the threads do first */
  const silent =
    (waited: number[], begin = (_: Task['memory']) => {}): Pool['run'] =>
    async ([{ memory }], patience, onFailure) => {
      waited.push(patience);
      begin(memory);
      await vi.advanceTimersByTimeAsync(patience);
      onFailure();
      throw new Error(`a worker gave no answer for ${patience / 1000} seconds`);
    };
  const compiled = (asked = {}) => {
    const model = tinyModel(degelo);
    model.compile({
      optimizer: degelo.adadelta({ learningRate: 1 }),
      loss: 'categoricalCrossentropy',
      ...asked,
    });
    return model;
  };
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    usePool(null);
  });
  const LEFT = "worker threads can't be used, so all work is done on the calling thread: ";

  it('but fail: all is done on the calling thread, with the same bits, and one warning', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    usePool(poolOf(() => Promise.reject(new Error('no program'))));
    const model = compiled();
    await model.fit(x, y, options);
    await model.predict(x);
    expect(warn.mock.calls).toEqual([[`${LEFT}no program`]]);
    expect([model.threads, model.threadsReason]).toEqual([0, 'no program']);
    const alone = compiled({ threads: 0 });
    await alone.fit(x, y, options);
    expect(getWeightsFlat(model)).toEqual(getWeightsFlat(alone));
    await expect(compiled({ threads: 4 }).fit(x, y, options)).rejects.toThrow(
      'workers failed 4 times in a row, the last time with: no program; the weights are those of step 0: threads: 0 does',
    );
  });

  it('are waited for once, for a minute: the next model knows; where they are asked for, it is an error', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const waited: number[] = [];
    usePool(poolOf(silent(waited)));
    await expect(compiled({ threads: 4 }).predict(x)).rejects.toThrow(
      /^workers failed with: a worker gave no answer for 60 seconds: threads: 0 does without workers$/,
    );
    const worker = (() => null) as never;
    for (const model of [compiled({ worker }), compiled({ worker })]) {
      await model.fit(x, y, options);
      expect(model.threads).toBe(0);
    }
    expect(waited).toEqual([60_000, 60_000]);
    expect(warn.mock.calls).toEqual(Array(2).fill([`${LEFT}a worker gave no answer for 60 seconds`]));
  });

  it('but have begun may be slow: they get four times as long each time', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const waited: number[] = [];
    const begin = (memory: Task['memory']) => {
      // The barrier's words come first in a session's memory.
      const words = new Arena('float32', bufferOf(memory)).ints(4);
      for (let i = 0; i < 4; i++) new Barrier(words, 4).begin();
    };
    usePool(poolOf(silent(waited, begin)));
    await expect(compiled({ threads: 4 }).predict(x)).rejects.toThrow(degelo.WorkerError);
    expect(waited).toEqual([60_000, 240_000, 960_000, 3_840_000]);
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
