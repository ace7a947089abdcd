/** The pool in Node: worker threads by piscina. */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { Task } from './job.ts';
import type { Pool } from './pool.ts';

/** Threads to use unless told: one a core. */
export const defaultThreads = (): number => availableParallelism();

export function createPool(threads: number): Pool {
  const piscina = new Piscina<Task, void>({
    filename: new URL('./worker.js', import.meta.url).href,
    // All tasks of a step wait for one another, so each needs a thread of its own from the start.
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
  });
  return {
    threads,
    async run(tasks, onFailure) {
      const parts = tasks.map((task) =>
        piscina.run(task).catch((error: unknown) => {
          onFailure();
          throw error;
        }),
      );
      const outcomes = await Promise.allSettled(parts);
      const failures = outcomes
        .filter((outcome) => outcome.status === 'rejected')
        .map(({ reason }) => reason);
      if (failures.length > 0) throw failures.find((error) => !isAbort(error)) ?? failures[0];
    },
    async destroy() {
      await piscina.destroy();
    },
  };
}

/** Whether an error is only the echo of another worker's. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('step aborted');
}
