/** The pool where there are no Node threads, as in browsers: none; steps run on the calling thread. */
import type { Pool } from '../session/pool.ts';

/** Threads to use unless told; 0: the calling one. */
export const defaultThreads = (): number => 0;

/** @throws RangeError always. */
export function createPool(threads: number): Pool {
  throw new RangeError(`threads must be 0 where there are no worker threads, got ${threads}`);
}
