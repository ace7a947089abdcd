/**
 * The pool in browsers: Web Workers, where they can share memory with the page.
 *
 * The page itself never waits, which it mustn't: it sends each worker its part of a job, and hears of its end by a message. Only
 * workers wait for one another (session/barrier.ts).
 */
import type { Pool, ThreadsHere, WorkerMaker } from '../session/pool.ts';
import { together } from './together.ts';
import { WebThread } from './web-thread.ts';

/** Milliseconds after which idle threads end: each holds some 10 MB, and starts in some 50 ms. */
const IDLE = 10_000;

/** Milliseconds in which a worker's program must have come from its server. */
const LOADING = 30_000;

const NO_WORKERS = 'there are no Web Workers here';
const NOT_SECURE =
  'this page was loaded over plain http:, and only pages from https: or localhost may share memory with threads';
const NOT_ISOLATED =
  "this page isn't cross-origin isolated, so it can't share memory with threads: its server must send the headers " +
  'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp';
const NOT_SHARED = "this browser has no SharedArrayBuffer, so threads can't share memory";

/** By hand, as bundlers look for just this form: they make a file of the worker's program, with all that it imports. */
const ownWorker = (): Worker =>
  new Worker(new URL('./worker-web.js', import.meta.url), { type: 'module', name: 'degelo' });

/** The default number of threads: one per core; none where they can't share memory. */
export function threadsHere(): ThreadsHere {
  const reason = whyNone();
  const possible = reason === null;
  const cores = globalThis.navigator?.hardwareConcurrency || 1;
  return { threads: possible ? cores : 0, reason, possible, unexpected: false };
}

export const defaultThreads = (): number => threadsHere().threads;

function whyNone(): string | null {
  if (typeof Worker === 'undefined') return NO_WORKERS;
  if (globalThis.isSecureContext === false) return NOT_SECURE;
  if (!globalThis.crossOriginIsolated) return NOT_ISOLATED;
  // WebKit without it says isolated all the same.
  if (typeof SharedArrayBuffer === 'undefined') return NOT_SHARED;
  return null;
}

/** Any worker that one brings may do. */
export function checkWorker(_worker: WorkerMaker | null): void {}

/** Programs that were tried, by what starts them: true where they loaded. */
const tried = new WeakMap<WorkerMaker, true | Promise<string | null>>();
/** Threads that were started to try them: the next pool takes them. */
const spare = new Map<WorkerMaker, WebThread>();

/**
 * Whether the workers' program loads here, which a bundler, a server or a content policy may prevent; null: it does.
 * @returns why it doesn't, once that is known.
 */
export function expectWorkers(worker: WorkerMaker | null): Promise<string | null> | null {
  const make = worker ?? ownWorker;
  let known = tried.get(make);
  if (known === true) return null;
  if (!known) {
    known = tryOut(make);
    tried.set(make, known);
  }
  return known;
}

async function tryOut(make: WorkerMaker): Promise<string | null> {
  const thread = new WebThread(make);
  const late = new Error(
    `the workers' program didn't load within ${LOADING / 1000} seconds: is it degelo/worker, started anew at each call?`,
  );
  const timer = setTimeout(() => thread.fail(late), LOADING);
  try {
    await thread.ready;
    spare.set(make, thread);
    tried.set(make, true);
    return null;
  } catch (error) {
    // The next call tries again, as the server may be back: but nobody waits that long a second time.
    if (error !== late) tried.delete(make);
    return (error as Error).message; // what WebThread fails with is an Error
  } finally {
    clearTimeout(timer);
  }
}

/** @throws RangeError where threads can't share memory. */
export function createPool(threads: number, worker: WorkerMaker | null = null, idleTimeout = IDLE): Pool {
  const reason = whyNone();
  if (reason !== null) throw new RangeError(`threads must be 0 here: ${reason}: got ${threads}`);
  const make = worker ?? ownWorker;
  let all: WebThread[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = (): void => {
    clearTimeout(timer);
    for (const thread of all) thread.end();
    all = [];
  };
  return {
    threads,
    worker,
    async run(tasks, patience, onFailure) {
      clearTimeout(timer);
      // A thread that ended between two jobs is just replaced.
      all = all.filter(({ isAlive }) => isAlive);
      while (all.length < tasks.length) all.push(takeSpare(make) ?? new WebThread(make));
      try {
        await together(() => tasks.map((task, i) => all[i].run(task)), patience, onFailure);
      } finally {
        timer = setTimeout(end, idleTimeout);
      }
    },
    async destroy() {
      end();
    },
  };
}

function takeSpare(make: WorkerMaker): WebThread | null {
  const thread = spare.get(make);
  spare.delete(make);
  return thread?.isAlive ? thread : null;
}
