/** A set of threads that take tasks. What provides it differs by platform: see `#pool` in package.json. */
import type { Task } from './job.ts';

export interface Pool {
  readonly threads: number;
  /**
   * Does all tasks at the same time, one a thread; threads that aren't there are started. Rejects with the first
   * failure, once all have ended or `patience` milliseconds have passed.
   * @param onFailure called at the first failure, so that the others can be told not to wait for it.
   */
  run(tasks: readonly Task[], patience: number, onFailure: () => void): Promise<void>;
  /** Ends all threads, whatever they do. */
  destroy(): Promise<void>;
}
