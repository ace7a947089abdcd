/** The barrier of a step, met by this thread and by a real second one. */
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { StepAborted } from '../../src/training/errors.ts';
import { Barrier } from '../../src/training/session/barrier.ts';

const words = (): Int32Array => new Int32Array(new SharedArrayBuffer(16));

/** A thread that runs `body` with the built Barrier and shared `words`; this one may block meanwhile. */
async function partner(words: Int32Array, body: string): Promise<() => Promise<void>> {
  const program = `
    const { workerData: words, parentPort } = require('node:worker_threads');
    import(${JSON.stringify(new URL('../../dist/training/session/barrier.js', import.meta.url).href)}).then(({ Barrier }) => {
      parentPort.postMessage('ready');
      ${body}
    });`;
  const worker = new Worker(program, { eval: true, workerData: words });
  const ended = new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
  await new Promise((resolve) => worker.once('message', resolve));
  return () => ended;
}

/** Lets a thread sleep: longer than a waiting one spins, so that it has gone to sleep too. */
const SLEEP = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);';

describe('a barrier', () => {
  it('lets a thread that works alone pass', () => {
    new Barrier(words(), 1).wait();
  });

  it('lets nobody on before all have arrived, a thousand times in turn', async () => {
    const shared = new Int32Array(new SharedArrayBuffer(16));
    const [control, counter] = [shared.subarray(0, 3), shared.subarray(3)];
    const ended = await partner(
      shared,
      `const barrier = new Barrier(words.subarray(0, 3), 2);
       for (let i = 0; i < 1000; i++) { barrier.wait(); Atomics.add(words, 3, 1); barrier.wait(); }`,
    );
    const barrier = new Barrier(control, 2);
    for (let i = 0; i < 1000; i++) {
      expect(Atomics.load(counter, 0)).toBe(i);
      barrier.wait();
      barrier.wait();
      expect(Atomics.load(counter, 0)).toBe(i + 1);
    }
    await ended();
  });

  it('wakes who has gone to sleep', async () => {
    const shared = words();
    const ended = await partner(shared, `${SLEEP} new Barrier(words, 2).wait();`);
    new Barrier(shared, 2).wait();
    await ended();
  });

  it('ends waiting in StepAborted where another thread aborts, until it is reset', async () => {
    const shared = words();
    const ended = await partner(shared, `${SLEEP} Barrier.abort(words);`);
    const barrier = new Barrier(shared, 2);
    expect(() => barrier.wait()).toThrow(StepAborted);
    // Now both would have arrived, of which one gave up.
    expect(() => barrier.wait()).toThrow('another worker failed');
    await ended();
    Barrier.reset(shared);
    const again = await partner(shared, 'new Barrier(words, 2).wait();');
    barrier.wait();
    await again();
  });
});
