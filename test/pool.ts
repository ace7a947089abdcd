/**
 * `#pool` where the sources are tested: real worker threads, whose program is the built one, as Node 20 runs no TypeScript. A test
 * may put the browsers' pool in its place for a while.
 */

import type { Pool, ThreadsHere, WorkerMaker } from '../src/training/session/pool.ts';
import * as node from '../src/training/threads/pool-node.ts';

const WORKER = new URL('../dist/training/threads/worker-entry.cjs', import.meta.url); // pretest built it

/** What `#pool` exports. */
export interface PoolModule {
  createPool(threads: number, worker?: WorkerMaker | null): Pool;
  threadsHere(): ThreadsHere;
  defaultThreads(): number;
  checkWorker(worker: WorkerMaker | null): void;
  expectWorkers(worker: WorkerMaker | null): Promise<string | null> | null;
}

const ofNode: PoolModule = {
  ...node,
  createPool: (threads, worker = null) => node.createPool(threads, worker, WORKER),
  threadsHere: () => node.threadsHere(null, WORKER),
  defaultThreads: () => node.threadsHere(null, WORKER).threads,
};

let current = ofNode;

/** @param module null: Node's again. */
export function usePool(module: PoolModule | null): void {
  current = module ?? ofNode;
}

export const createPool: PoolModule['createPool'] = (...args) => current.createPool(...args);
export const threadsHere = (): ThreadsHere => current.threadsHere();
export const defaultThreads = (): number => current.defaultThreads();
export const checkWorker: PoolModule['checkWorker'] = (worker) => current.checkWorker(worker);
export const expectWorkers: PoolModule['expectWorkers'] = (worker) => current.expectWorkers(worker);
