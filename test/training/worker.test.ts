/** A worker's program, called as the pool calls it, on this thread. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import * as degelo from '../../src/index.ts';
import { workOf } from '../../src/training/session/described-work.ts';
import type { DataSet, Results, SessionDescription, Task } from '../../src/training/session/job.ts';
import { JobRunner } from '../../src/training/session/job-runner.ts';
import { sessionBytes } from '../../src/training/session/session-memory.ts';
import work from '../../src/training/threads/worker.ts';
import { tinyData, tinyModel } from './tiny.ts';

const SAMPLES = 10;
const { x, y } = tinyData(SAMPLES);
const data: DataSet = {
  samples: SAMPLES,
  x: x.data as Float32Array, // tensors are float32 unless told
  targets: y.data as Float32Array,
  weights: null,
  cache: null,
};

function compiled(): degelo.Sequential {
  const model = tinyModel(degelo);
  const optimizer = degelo.adadelta({ learningRate: 1 });
  const kernels = { kernel: 'plain', convolution: 'direct' } as const;
  model.compile({ optimizer, loss: 'categoricalCrossentropy', ...kernels, threads: 0 });
  return model;
}

/** The session of such a model. */
function description(workers: number): SessionDescription {
  const network = tinyModel(degelo).toConfig();
  const loss = { name: 'categoricalCrossentropy', fromLogits: false };
  const optimizer = degelo.adadelta({ learningRate: 1 }).getConfig();
  const convolution = 'direct';
  return {
    network,
    loss,
    metrics: [],
    optimizer,
    kernel: 'plain',
    convolution,
    modules: [],
    batch: SAMPLES,
    workers,
  };
}

const results = (predictions = 0): Results => ({
  penalties: null,
  losses: new Float64Array(SAMPLES),
  metrics: [],
  predictions: new Float32Array(predictions),
});

const trainJob = (step: number): Task['job'] => ({
  kind: 'train',
  data,
  order: Int32Array.from({ length: SAMPLES }, (_, n) => n),
  from: 0,
  to: SAMPLES,
  batch: SAMPLES,
  step,
  iteration: step + 1,
  learningRate: 1,
  results: results(),
});

/** Memory of a session, with weights in it; and all of them, to look at. */
function newMemory(about: SessionDescription) {
  const memory = new SharedArrayBuffer(sessionBytes(about, workOf(about)));
  const { stages } = new JobRunner(about, memory, 0, workOf(about)).memory;
  const values = stages.flatMap(({ parameters }) => parameters.map(({ value }) => value));
  const initial = tinyModel(degelo).getWeights();
  for (const [i, value] of values.entries()) value.set(initial[i].data);
  return { memory, weights: () => values.flatMap((value) => [...value]) };
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('a worker', () => {
  it('takes the steps that fit takes, all that it needs being in shared memory', async () => {
    const model = compiled();
    const options = { batchSize: SAMPLES, shuffle: false, epochs: 3 };
    await model.fit(x, y, options);

    const about = description(1);
    const { memory, weights } = newMemory(about);
    const task = { description: JSON.stringify(about), hasModules: false, user: 0, memory, worker: 0 };
    void work({ ...task, session: 1, job: trainJob(0) });
    void work({ ...task, session: 1, job: trainJob(1) });
    // As a new worker would that takes the place of a dead one.
    void work({ ...task, session: 2, job: trainJob(2) });
    expect(weights()).toEqual(model.getWeights().flatMap((weight) => [...weight.data]));
  });

  it('says that headers of its own forbid a kernel which the page’s allow', () => {
    const about = { ...description(1), kernel: 'simd' as const };
    const task = { description: JSON.stringify(about), hasModules: false, user: 0, worker: 0, session: 9 };
    class Forbidden {
      constructor() {
        throw new Error('violates the Content Security Policy');
      }
    }
    const { validate, Memory } = WebAssembly;
    vi.stubGlobal('WebAssembly', { validate, Memory, Module: Forbidden });
    try {
      expect(() => work({ ...task, memory: new SharedArrayBuffer(0), job: trainJob(0) })).toThrow(
        /^in a worker thread, whose program has headers of its own, kernel simd: a content policy \(no 'wasm-unsafe-eval'\)/,
      );
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('keeps no session that its user has replaced by another', async () => {
    const about = description(1);
    const rest = { description: JSON.stringify(about), hasModules: false, worker: 0, job: trainJob(0) };
    const kept = [
      [11, 1],
      [12, 2],
      [13, 1],
    ].map(([session, user]) => {
      const { memory } = newMemory(about);
      void work({ ...rest, session, user, memory });
      return new WeakRef(memory);
    });
    // A reference that was just made, or looked at, holds to the end of its turn.
    await new Promise((resolve) => setTimeout(resolve));
    collectGarbage();
    expect(kept.map((memory) => memory.deref() !== undefined)).toEqual([false, true, true]);
  });

  it('does the part that a task says, whichever it had before', async () => {
    const expected = await compiled().predict(x);
    const about = description(3);
    const { memory } = newMemory(about);
    const predicted = results(SAMPLES * 3);
    const job: Task['job'] = { kind: 'predict', data, from: 0, to: SAMPLES, results: predicted };
    const task = { session: 3, description: JSON.stringify(about), hasModules: false, user: 0, memory, job };
    for (const worker of [2, 0, 1]) {
      void work({ ...task, worker });
      void work({ ...task, worker });
    }
    expect([...predicted.predictions]).toEqual([...expected.data]);
  });

  it('predicts its share of a batch, however small, and leaves the others theirs', () => {
    const about = description(3);
    const { memory } = newMemory(about);
    const predicted = results(SAMPLES * 3);
    const job: Task['job'] = { kind: 'predict', data, from: 0, to: 7, results: predicted };
    const taken = [0, 1, 2].map((worker) => {
      const runner = new JobRunner(about, memory, worker, workOf(about));
      const before = runner.memory.taken[0];
      runner.pieces(job).next();
      return runner.memory.taken[0] - before;
    });
    expect(taken).toEqual([3, 3, 1]); // of places for 4, 4 and 2
  });
});
