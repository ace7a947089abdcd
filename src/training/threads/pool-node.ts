/** The pool in Node: worker threads by piscina. */
import { Piscina } from 'piscina';
import { ModuleError } from '../errors.ts';
import type { Task } from '../session/job.ts';
import type { Pool } from '../session/pool.ts';

export { defaultThreads } from './processors.ts';

/**
 * Megabytes for a worker's short-lived objects, which are messages of a few hundred bytes: all else is shared.
 * The engine's own 48 fill up with garbage in the course of 50,000 steps: 40 MB a thread, for nothing.
 */
const YOUNG_MEGABYTES = 4;

/** Milliseconds after which an idle thread ends: it holds 10 to 25 MB and eight file descriptors, and starts in some 50 ms. */
const IDLE = 10_000;

/** @param worker the program of each thread; the sources' tests name the built one, which alone is JavaScript. */
export function createPool(
  threads: number,
  worker = new URL('./worker-entry.cjs', import.meta.url),
  idleTimeout = IDLE,
): Pool {
  const piscina = new Piscina<Task, string | null>({
    filename: worker.href,
    // Threads start with the first tasks: what fails in that is then a failure of these tasks.
    minThreads: 0,
    // All tasks of a step wait for one another, so each needs a thread of its own.
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    idleTimeout,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
  });
  /** Gives up the tasks at hand. Between jobs nobody cares that a thread ended: the next job starts another. */
  let fail = (_error: unknown): void => {};
  // A thread that can't start, or fails while it has no task. Without a listener, this would end the process.
  piscina.on('error', (error) => fail(error));
  // A task that waits for a thread that was ended in its start would wait for ever. Tasks' own errors come first: they say why.
  piscina.on('workerDestroy', () => {
    const current = fail;
    setImmediate(() => {
      if (current === fail) fail(new Error('a worker thread ended'));
    });
  });
  return {
    threads,
    async run(tasks, patience, onFailure) {
      let failure: unknown = null;
      const note = (error: unknown): void => {
        // The first is the reason: the others stop because onFailure tells them to.
        if (failure === null) onFailure();
        failure ??= error;
      };
      const refuse = (reason: string | null): void => {
        if (reason !== null) note(new ModuleError(reason));
      };
      const givenUp = new Promise<void>((resolve) => {
        fail = (error) => {
          note(error);
          resolve();
        };
      });
      const late = new Error(`a worker gave no answer for ${patience / 1000} seconds`);
      const timer = setTimeout(() => fail(late), patience);
      try {
        const parts = tasks.map((task) => piscina.run(task).then(refuse, note));
        await Promise.race([Promise.all(parts), givenUp]);
      } finally {
        clearTimeout(timer);
        fail = () => {};
      }
      if (failure) throw failure;
    },
    async destroy() {
      await piscina.destroy();
    },
  };
}
