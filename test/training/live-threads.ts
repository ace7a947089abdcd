import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach } from 'vitest';

/** Every thread of this process that was started since the test began and has not ended. */
export function liveThreads(): Set<Worker> {
  const threads = new Set<Worker>();
  const watch = (worker: Worker): void => {
    threads.add(worker);
    worker.once('exit', () => threads.delete(worker));
  };
  beforeEach(() => {
    threads.clear();
    process.on('worker', watch);
  });
  afterEach(() => {
    process.off('worker', watch);
  });
  return threads;
}
