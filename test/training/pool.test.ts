/** Where there are no worker threads, and where a session's memory can't be had. */
import { describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { makePlan } from '../../src/model/plan.ts';
import { LentThreads } from '../../src/training/session/lent-threads.ts';
import { Session } from '../../src/training/session/session.ts';
import * as none from '../../src/training/threads/pool-none.ts';
import { createPool } from '../pool.ts';
import { tinyModel } from './tiny.ts';

describe('the pool', () => {
  it('in browsers is none: work is done on the calling thread, and threads are refused', () => {
    expect(none.defaultThreads()).toBe(0);
    expect(() => none.createPool(2)).toThrow(
      new RangeError('threads must be 0 where there are no worker threads, got 2'),
    );
  });

  it('gives up on a worker that gives no answer, and ends it', async () => {
    const pool = createPool(1);
    let failures = 0;
    // A thread takes longer to start than that.
    const work = pool.run([{} as never], 1, () => failures++);
    await expect(work).rejects.toThrow('a worker gave no answer for 0.001 seconds');
    await pool.destroy();
    expect(failures).toBeGreaterThanOrEqual(1);
  });
});

describe('a session', () => {
  it.each([
    ['plain', true],
    ['plain', false],
    ['simd', true],
  ] as const)('refuses a batch whose memory no engine gives (%s, shared: %s)', (kernel, shared) => {
    const model = tinyModel(degelo);
    const description = {
      network: model.toConfig(),
      loss: null,
      metrics: [],
      optimizer: null,
      kernel,
      convolution: 'direct' as const,
      modules: [],
      batch: 1e9,
      workers: 1,
    };
    const work = { plan: makePlan(model, null), optimizer: null, metrics: [] };
    const threads = shared ? new LentThreads(1) : null;
    expect(() => new Session(model, description, threads, null, work)).toThrow(
      /^a step of 1000000000 samples needs \d+\.\d GB in one piece, which this engine doesn't give: lower batchSize$/,
    );
  });
});
