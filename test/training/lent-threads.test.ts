/** Who has which worker threads, and for how long. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as degelo from '../../src/index.ts';
import { LentThreads } from '../../src/training/session/lent-threads.ts';
import { createPool } from '../../src/training/threads/pool-node.ts';
import { temporaryFolder } from '../temporary.ts';
import { tinyData, tinyModel } from './tiny.ts';
import { getWeightsFlat } from './weights.ts';

const { x, y } = tinyData(8);

/** Every thread of this process that was started and has not ended; and how many were started. */
const threads = new Set<Worker>();
let started = 0;
const watch = (worker: Worker): void => {
  started++;
  threads.add(worker);
  worker.once('exit', () => threads.delete(worker));
};
beforeEach(() => {
  started = 0;
  threads.clear();
  process.on('worker', watch);
});
afterEach(() => {
  process.off('worker', watch);
  vi.restoreAllMocks();
});

// A number of threads that no other test file of this process asks for.
const compiled = (seed: number, threads = 4): degelo.Sequential => {
  const model = tinyModel(degelo, seed);
  model.compile({ optimizer: 'adadelta', loss: 'categoricalCrossentropy', threads });
  return model;
};

describe('models', () => {
  it('one after the other, without dispose, use the same threads', async () => {
    let last = compiled(0);
    for (let seed = 0; seed < 12; seed++) {
      last = compiled(seed);
      await last.trainOnBatch(x, y);
    }
    expect(started).toBe(4);
    await last.dispose();
    expect(threads.size).toBe(0);
  });

  it('that take turns have the bits that each has alone', async () => {
    const alone = [];
    for (const seed of [1, 2, 3]) {
      await using model = compiled(seed, 0);
      for (let step = 0; step < 4; step++) await model.trainOnBatch(x, y);
      alone.push(getWeightsFlat(model));
    }
    const models = [1, 2, 3].map((seed) => compiled(seed));
    for (let step = 0; step < 4; step++) for (const model of models) await model.trainOnBatch(x, y);
    expect(models.map(getWeightsFlat)).toEqual(alone);
    for (const model of models) await model.dispose();
    expect(started).toBe(4);
  });

  it('that are disposed leave alone what another model uses by now', async () => {
    const [first, second] = [compiled(1), compiled(2)];
    await first.trainOnBatch(x, y);
    await second.trainOnBatch(x, y);
    await first.dispose();
    expect(threads.size).toBe(4);
    await second.dispose();
    expect(threads.size).toBe(0);
  });

  it('that are disposed while they train end the threads, train to the end on others, and end these at the next dispose', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const model = compiled(1);
    const fit = model.fit(x, y, { epochs: 3, batchSize: 4 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await model.dispose();
    await fit;
    const alone = compiled(1, 0);
    await alone.fit(x, y, { epochs: 3, batchSize: 4 });
    expect(getWeightsFlat(model)).toEqual(getWeightsFlat(alone));
    await model.dispose();
    expect(threads.size).toBe(0);
  });
});

describe('lent threads', () => {
  it('go to the model that had them last, else to any that asks; two models at once have threads of their own', () => {
    const [a, b, c] = [new LentThreads(7), new LentThreads(7), new LentThreads(7)];
    const [poolA, poolB] = [a.take(), b.take()];
    expect(poolA).not.toBe(poolB);
    a.giveBack();
    b.giveBack();
    expect(b.take()).toBe(poolB);
    expect(c.take()).toBe(poolA);
    expect(a.take()).not.toBe(poolA);
    expect(a.take()).not.toBe(poolB);
  });

  it('that have been idle make room for a pool of another size', async () => {
    const [a, b] = [new LentThreads(8), new LentThreads(9)];
    const destroy = vi.spyOn(a.take(), 'destroy');
    a.giveBack();
    b.take();
    expect(destroy).not.toHaveBeenCalled();
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 5000);
    new LentThreads(10).take();
    expect(destroy).toHaveBeenCalledOnce();
  });
});

describe('a pool', () => {
  const program = new URL('../../dist/training/threads/worker-entry.cjs', import.meta.url); // pretest built it

  it('ends threads that have nothing to do, and starts others for the next tasks', async () => {
    const pool = createPool(2, null, program, 5);
    // A task of nothing fails in the thread, which lives on.
    const work = () => pool.run([{}, {}] as never, 60_000, () => {}).catch(({ message }) => message);
    const reason = await work();
    for (let i = 0; threads.size > 0 && i < 500; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect({ started, left: threads.size }).toEqual({ started: 2, left: 0 });
    expect(await work()).toBe(reason);
    expect(started).toBe(4);
    await pool.destroy();
  });

  it('goes on where a thread has long done its part of a job, and is ended', async () => {
    const folder = temporaryFolder();
    const slow = join(folder, 'slow.cjs');
    writeFileSync(
      slow,
      'module.exports = ({ ms }) => new Promise((resolve) => setTimeout(resolve, ms, null));',
    );
    const pool = createPool(2, null, pathToFileURL(slow), 5);
    try {
      let failures = 0;
      await pool.run([{ ms: 1 }, { ms: 400 }] as never, 60_000, () => failures++);
      expect(failures).toBe(0);
    } finally {
      await pool.destroy();
    }
  });

  it('whose threads fail in their start fails its tasks, and not the process', async () => {
    const pool = createPool(2, null, new URL('file:///nowhere/worker.cjs'));
    let failures = 0;
    const work = pool.run([{}, {}] as never, 60_000, () => failures++);
    await expect(work).rejects.toThrow(/Cannot find module/);
    expect(failures).toBe(1);
    await pool.destroy();
  });

  it('whose threads are ended in their start fails its tasks', async () => {
    const end = (worker: Worker) => void worker.terminate();
    process.on('worker', end);
    const pool = createPool(2, null, program);
    // By who sees it first: we, or piscina, where the task had been handed over.
    const failure = /a worker thread ended|worker exited/;
    await expect(pool.run([{}, {}] as never, 60_000, () => {})).rejects.toThrow(failure);
    process.off('worker', end);
    await pool.destroy();
  });
});
