/** Several batches in one job: quicker, and otherwise as if each had a job of its own. */
import { describe, expect, it } from 'vitest';
// pretest built it: worker threads run from there.
import * as built from '../../dist/index.js';
import type * as source from '../../src/index.ts';
import type { Callback, ProgressInfo } from '../../src/index.ts';
import { blocks, jobs } from '../../src/training/loop/batches.ts';
import { Pace } from '../../src/training/session/pace.ts';

// One class declared twice, in src and in dist, is two types to TypeScript.
const { adadelta, dense, sequential } = built as unknown as typeof source;

describe('Pace', () => {
  it('gives one batch until it knows how long one takes, then as many as fit in 100 ms, and at least one', () => {
    const pace = new Pace(100);
    expect(pace.batches(8)).toBe(1);
    pace.took(4, 8);
    expect(pace.batches(8)).toBe(25);
    expect(pace.batches(16)).toBe(12);
    pace.took(60, 200);
    expect(pace.batches(8)).toBe(41);
    pace.took(303, 24);
    expect(pace.batches(8)).toBe(1);
  });
});

describe('jobs', () => {
  it('hold every sample once, in whole batches but for the last, from where they begin', () => {
    const pace = new Pace(100);
    const parts: { from: number; to: number }[] = [];
    for (const job of jobs(8, 61, { batch: 4, pace, everyBatch: false })) {
      for (const block of blocks(job.from, job.to, 4)) parts.push(block);
    }
    expect(parts[0]).toEqual({ from: 8, to: 12 });
    expect(parts.at(-1)).toEqual({ from: 60, to: 61 });
    for (const [i, { from, to }] of parts.entries()) {
      expect(to - from).toBe(i === parts.length - 1 ? 1 : 4);
      if (i > 0) expect(from).toBe(parts[i - 1].to);
    }
  });

  it('have one batch each where every batch is listened to, however quick', () => {
    const pace = new Pace(100);
    pace.took(0, 1);
    for (const { from, to } of jobs(0, 40, { batch: 4, pace, everyBatch: true })) expect(to - from).toBe(4);
    const [first] = jobs(0, 40, { batch: 4, pace, everyBatch: false });
    expect(first).toEqual({ from: 0, to: 40 });
  });
});

describe('fit', () => {
  const n = 40;
  const x = Float32Array.from({ length: n * 3 }, (_, i) => Math.sin(i));
  const y = Int32Array.from({ length: n }, (_, i) => i % 2);

  async function train(threads: number, callback: Callback) {
    await using model = sequential({ layers: [dense({ units: 2, activation: 'softmax' })], seed: 3 });
    const optimizer = adadelta({ learningRate: 1 });
    model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'], threads });
    const { history } = await model.fit([...chunks(x, 3)], y, {
      batchSize: 4,
      epochs: 3,
      validationData: [[...chunks(x, 3)], y],
      callbacks: [callback],
    });
    return { history, weights: model.getWeights().map(({ data }) => [...data]), step: model.step };
  }

  it.each([0, 2])(
    'gives the same bits with several batches a job as with one, on %i threads',
    async (threads) => {
      const heard: ProgressInfo[] = [];
      const several = await train(threads, { onProgress: (info) => void heard.push(info) });
      const batches: number[] = [];
      const single = await train(threads, { onBatchEnd: (batch) => void batches.push(batch) });
      expect(several).toEqual(single);
      expect(batches).toHaveLength(3 * 10);
      for (const mode of ['train', 'test'] as const) {
        const seen = heard.filter((info) => info.mode === mode).map((info) => info.seen);
        expect(seen.filter((count) => count === n)).toHaveLength(3);
        for (let i = 1; i < seen.length; i++) expect(seen[i] > seen[i - 1] || seen[i - 1] === n).toBe(true);
      }
    },
  );
});

function* chunks(values: Float32Array, size: number): Generator<number[]> {
  for (let i = 0; i < values.length; i += size) yield [...values.subarray(i, i + size)];
}
