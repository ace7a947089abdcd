/** A set of threads that take tasks. What provides it differs by platform: see `#pool` in package.json. */
import type { Task } from './job.ts';

/** Code of the error where the system gives a process no more threads: Node's. */
export const NO_THREAD = 'ERR_WORKER_INIT_FAILED';

export interface Pool {
  readonly threads: number;
  /** What starts its threads; null: degelo's own. */
  readonly worker: WorkerMaker | null;
  /**
   * Does all tasks at the same time, one per thread; threads that aren't there are started. Rejects with the first
   * failure, once all have ended or `patience` milliseconds have passed.
   * @param onFailure called at the first failure, so that the others can be told not to wait for it.
   */
  run(tasks: readonly Task[], patience: number, onFailure: () => void): Promise<void>;
  /** Ends all threads, whatever they do. */
  destroy(): Promise<void>;
}

/** Of a browser's `Worker`, what degelo needs: its own type is known only where TypeScript has the DOM's. */
export interface WebWorker {
  postMessage(message: unknown): void;
  terminate(): void;
  addEventListener(
    type: string,
    listener: (event: {
      readonly type: string;
      readonly data?: unknown;
      readonly message?: string;
      preventDefault?(): void;
    }) => void,
  ): void;
}

/** Starts a Web Worker that runs `degelo/worker`: `() => new Worker('/degelo-worker.js', { type: 'module' })`. */
export type WorkerMaker = () => WebWorker;

/** How many threads there are, and why not more. */
export interface ThreadsHere {
  /** The default number of threads. */
  readonly threads: number;
  /** Why the default is 0, as a text for people; null: it isn't. */
  readonly reason: string | null;
  /** Whether threads can start at all. */
  readonly possible: boolean;
  /** Whether the reason is a fault that a warning should tell. */
  readonly unexpected: boolean;
}
