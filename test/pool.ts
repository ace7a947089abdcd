/** `#pool` where the sources are tested: real worker threads, whose program is the built one, as Node 20 runs no TypeScript. */

import type { Pool } from '../src/training/session/pool.ts';
import { createPool as createNodePool, defaultThreads } from '../src/training/threads/pool-node.ts';

const WORKER = new URL('../dist/training/threads/worker-entry.cjs', import.meta.url); // pretest built it

export const createPool = (threads: number): Pool => createNodePool(threads, WORKER);
export { defaultThreads };
