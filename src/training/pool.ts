/** A set of threads that take tasks. What provides it differs by platform: see `#pool` in package.json. */
import type { Task } from './job.ts';

export interface Pool {
  readonly threads: number;
  /** Does all tasks at the same time, one a thread. Rejects with the first failure, once all have ended. */
  run(tasks: readonly Task[], onFailure: () => void): Promise<void>;
  /** Ends all threads. */
  destroy(): Promise<void>;
}
