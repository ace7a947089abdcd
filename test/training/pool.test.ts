/** Where there are no worker threads, and where a session's memory can't be had. */
import { describe, expect, it, vi } from 'vitest';
import * as degelo from '../../src/index.ts';
import { makePlan } from '../../src/model/plan.ts';
import { LentThreads } from '../../src/training/session/lent-threads.ts';
import { Session } from '../../src/training/session/session.ts';
import * as node from '../../src/training/threads/pool-node.ts';

import { createPool, threadsHere, usePool } from '../pool.ts';
import { tinyData, tinyModel } from './tiny.ts';

describe('the pool', () => {
  it('where its program is not beside the library, as in a bundle, gives no threads: one warning says why and what to do', async () => {
    const bundled = node.threadsHere(null, new URL('file:///srv/app/worker-entry.cjs'));
    expect(bundled).toMatchObject({ threads: 0, possible: false, unexpected: true });
    expect(bundled.reason).toMatch(
      /keep degelo out of the bundle \(esbuild --external:degelo, Next\.js serverExternalPackages/,
    );
    // A part of the package, as what gathers the files of a server may leave: it isn't in a bundle.
    const part = (path: URL) => !path.href.endsWith('/browser/worker.js');
    // All of degelo, but no piscina, is a part too.
    for (const exists of [part, () => true]) {
      expect(node.threadsHere(null, new URL('file:///srv/worker-entry.cjs'), exists)).toMatchObject({
        ...{ threads: 0, possible: false, unexpected: true },
        reason: expect.stringMatching(
          /only a part of degelo's files.*piscina.*traceInclude.*TracingIncludes/,
        ),
      });
    }
    // A bundle of CommonJS has no address.
    expect(node.threadsHere(null, null)).toEqual(bundled);

    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    usePool({ ...node, threadsHere: () => bundled });
    try {
      const [one, two] = [tinyModel(degelo), tinyModel(degelo)];
      for (const model of [one, two]) model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
      await two.predict(tinyData(2).x);
      expect(one.threads).toBe(0);
      expect(one.threadsReason).toBe(bundled.reason);
      expect(warn.mock.calls).toEqual([[expect.stringContaining(String(bundled.reason))]]);
      expect(() => one.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', threads: 2 })).toThrow(
        new RangeError(`compile: threads must be 0 here: ${bundled.reason}: got 2`),
      );
      expect(warn).toHaveBeenCalledOnce();
    } finally {
      usePool(null);
      warn.mockRestore();
    }
  });

  it('is none where nobody may look for its program, as in Deno without --allow-read', () => {
    const denied = () => {
      throw new Error('NotCapable: Requires read access');
    };
    expect(node.threadsHere(null, new URL('file:///srv/worker-entry.cjs'), denied)).toEqual({
      threads: 0,
      reason: "worker threads can't start without permission to read degelo's files: --allow-read, in Deno",
      possible: false,
      unexpected: false,
    });
  });

  it('is none unless told in Deno, where it costs more than it gives', () => {
    vi.stubGlobal('Deno', {});
    const here = threadsHere();
    vi.unstubAllGlobals();
    expect(here).toMatchObject({ threads: 0, possible: true, reason: expect.stringContaining('Deno') });
  });

  it('starts Node’s threads itself: a worker of one’s own is for browsers', () => {
    expect(() => node.checkWorker(() => ({}) as never)).toThrow(
      new RangeError(
        'compile: worker is for browsers: Node starts its threads itself, from the package of degelo',
      ),
    );
  });

  it('ends its threads where a program has put timers of its own in the place of Node’s', async () => {
    vi.stubGlobal('setImmediate', undefined);
    try {
      const pool = createPool(1);
      await expect(pool.run([{} as never], 1, () => {})).rejects.toThrow();
      await pool.destroy();
    } finally {
      vi.unstubAllGlobals();
    }
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
