/** The pool in Node: worker threads by piscina. */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { ModuleError } from '../errors.ts';
import type { Task } from '../session/job.ts';
import type { Pool } from '../session/pool.ts';

/**
 * Megabytes for a worker's short-lived objects, which are messages of a few hundred bytes: all else is shared.
 * The engine's own 48 fill up with garbage in the course of 50,000 steps: 40 MB a thread, for nothing.
 */
const YOUNG_MEGABYTES = 4;

/** Threads to use unless told: one a core. */
export const defaultThreads = (): number => availableParallelism();

/** @param worker the program of each thread; the sources' tests name the built one, which alone is JavaScript. */
export function createPool(threads: number, worker = new URL('./worker-entry.cjs', import.meta.url)): Pool {
  const piscina = new Piscina<Task, string | null>({
    filename: worker.href,
    // All tasks of a step wait for one another, so each needs a thread of its own from the start.
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
  });
  return {
    threads,
    async run(tasks, patience, onFailure) {
      let failure: unknown = null;
      const fail = (error: unknown): void => {
        // The first is the reason: the others stop because onFailure tells them to.
        failure ??= error;
        onFailure();
      };
      const refuse = (reason: string | null): void => {
        if (reason !== null) fail(new ModuleError(reason));
      };
      const parts = tasks.map((task) => piscina.run(task).then(refuse, fail));
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise<void>((resolve) => {
        timer = setTimeout(() => {
          fail(new Error(`a worker gave no answer for ${patience / 1000} seconds`));
          resolve();
        }, patience);
      });
      await Promise.race([Promise.all(parts), timeout]);
      clearTimeout(timer);
      if (failure) throw failure;
    },
    async destroy() {
      await piscina.destroy();
    },
  };
}
