/** The pool in Node: worker threads by piscina. */
import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers'; // not the global one, which tests of users' programs may have replaced
import { hasPackage, loadPackage } from '../../data/load-package.ts';
import type { Task } from '../session/job.ts';
import { NO_THREAD, type Pool, type ThreadsHere, type WorkerMaker } from '../session/pool.ts';
import { processors } from './processors.ts';
import { together } from './together.ts';

/**
 * Megabytes for a worker's short-lived objects, which are messages of a few hundred bytes: all else is shared.
 * The engine's own 48 fill up with garbage in the course of 50,000 steps: 40 MB per thread, for nothing.
 */
const YOUNG_MEGABYTES = 4;

/** Milliseconds after which an idle thread ends: it holds 10 to 25 MB and eight file descriptors, and starts in some 50 ms. */
const IDLE = 10_000;

/** This file's address; none in a bundle of CommonJS. A bundler that saw it within `new URL` would copy one file of many. */
const here: string | undefined = import.meta.url;
const PROGRAM = programAt(here);

const BUNDLED =
  "degelo's worker threads can't start: their program isn't beside the library, as in a bundle: keep degelo out of the bundle " +
  "(esbuild --external:degelo, Next.js serverExternalPackages: ['degelo'], vite ssr.external: ['degelo'], SvelteKit " +
  'dependencies), or say threads: 0';
const PART =
  "degelo's worker threads can't start: a server has only a part of degelo's files, those that a tool saw imported: have it copy " +
  'all of node_modules/degelo, and piscina (Nuxt nitro.externals.traceInclude, Next.js outputFileTracingIncludes), or say threads: 0';
const DENO = 'worker threads cost more than they give in Deno: threads: 2 uses two all the same';
const FORBIDDEN =
  "Node's permissions allow no worker threads here: node --permission --allow-worker allows them";
const UNREAD = "worker threads can't start without permission to read degelo's files: --allow-read, in Deno";
const PAGE_TIMERS =
  "worker threads need Node's timers, and here setTimeout is a page's, as in jsdom and in Electron's windows";
const NOT_SHARED = "this engine has no SharedArrayBuffer, so threads can't share memory";

/** The default number of threads: one per core; none where they can't start, or cost more than they give. */
export function threadsHere(
  _worker: WorkerMaker | null = null,
  program: URL | null = PROGRAM,
  exists: (path: URL) => boolean = existsSync,
): ThreadsHere {
  const none = (reason: string) => ({ threads: 0, reason, possible: false, unexpected: false });
  if (typeof SharedArrayBuffer === 'undefined') return none(NOT_SHARED);
  if (process.permission?.has('worker') === false) return none(FORBIDDEN);
  const whole = isWhole(program, exists);
  if (whole === null) return none(UNREAD);
  if (!whole) {
    // Where this file is itself, it isn't in a bundle.
    const isPart = program !== null && exists(new URL('pool-node.js', program));
    return { ...none(isPart ? PART : BUNDLED), unexpected: true };
  }
  if ('Deno' in globalThis) return { ...none(DENO), possible: true };
  if (hasPageTimers()) return none(PAGE_TIMERS);
  return { threads: processors(), reason: null, possible: true, unexpected: false };
}

export const defaultThreads = (): number => threadsHere().threads;

/** Only browsers try beforehand whether threads start. */
export const expectWorkers = (_worker: WorkerMaker | null): Promise<string | null> | null => null;

/** @throws RangeError where a program brings workers of its own. */
export function checkWorker(worker: WorkerMaker | null): void {
  if (worker === null) return;
  throw new RangeError(
    'compile: worker is for browsers: Node starts its threads itself, from the package of degelo',
  );
}

/** Between jobs a thread may end: the next job starts another. (Outside of the pool, so that it doesn't keep the last tasks in memory.) */
function ignore(_error: unknown): void {}

/** @param program of each thread; the sources' tests name the built one, which alone is JavaScript. */
export function createPool(
  threads: number,
  worker: WorkerMaker | null = null,
  program: URL | null = PROGRAM,
  idleTimeout = IDLE,
): Pool {
  const { FixedQueue, Piscina } = loadPackage(here as string, 'piscina') as typeof import('piscina');
  const waiting = new FixedQueue();
  const piscina = new Piscina<Task, string | null>({
    filename: String(program),
    // Threads start with the first tasks, so that these tasks fail if the threads can't start.
    minThreads: 0,
    // All tasks of a step wait for one another, so each needs a thread of its own.
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    idleTimeout,
    taskQueue: waiting,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
  });
  /** Makes the current tasks fail. */
  let fail: (error: unknown) => void = ignore;
  // A thread that can't start, or fails while it has no task. Without a listener, this would end the process.
  piscina.on('error', (error) => fail(error));
  // A task that waits for a thread that was ended in its start would wait for ever. Tasks' own errors come first: they say why.
  // Where none waits, the thread was idle: it had done its part of a job at which others work on for more than IDLE.
  piscina.on('workerDestroy', () => {
    const current = fail;
    setImmediate(() => {
      if (current === fail && piscina.queueSize > 0) fail(new Error('a worker thread ended'));
    });
  });
  // Async, since `run` throws at once where the system gives no thread, and nobody would hear of the tasks before.
  const begin = async (task: Task): Promise<string | null> => {
    let done: Promise<string | null>;
    try {
      done = piscina.run(task);
    } catch (error) {
      // piscina would try again for these as soon as another thread is there, and its failure would end the process.
      while (waiting.size > 0) waiting.shift();
      const failure = inWords(error);
      fail(failure);
      throw failure;
    }
    return await done;
  };
  return {
    threads,
    worker,
    async run(tasks, patience, onFailure) {
      try {
        await together(
          (giveUp) => {
            fail = giveUp;
            return tasks.map(begin);
          },
          patience,
          onFailure,
        );
      } finally {
        fail = ignore;
      }
    },
    async destroy() {
      await piscina.destroy();
    },
  };
}

/** What a thread's start failed with; where the system gives none, that says what to do. */
function inWords(cause: unknown): unknown {
  if (!(cause instanceof Error) || Reflect.get(cause, 'code') !== NO_THREAD) return cause;
  const error = new Error(
    `the system gives no more threads (${cause.message}): raise its limit, such as ulimit -u`,
    { cause },
  );
  return Object.assign(error, { code: NO_THREAD });
}

/** Pages' timers are numbers. piscina lets go of its own by `unref`, and fails in the middle of a task where there is none. */
function hasPageTimers(): boolean {
  const timer: unknown = setTimeout(() => {});
  clearTimeout(timer as NodeJS.Timeout); // of whatever kind
  return typeof timer === 'number';
}

function programAt(file: string | undefined): URL | null {
  return file?.startsWith('file:') ? new URL('worker-entry.cjs', file) : null;
}

/**
 * Whether all are there: where a thread begins, the package's own files that it goes on with, as nowhere but in the package, and piscina;
 * null: nobody may look.
 */
function isWhole(program: URL | null, exists: (path: URL) => boolean): boolean | null {
  try {
    const files = ['worker-entry.cjs', 'worker.js', '../../browser/worker.js'];
    if (program === null || !files.every((file) => exists(new URL(file, program)))) return false;
    return hasPackage(program.href, 'piscina');
  } catch {
    return null; // Deno without --allow-read
  }
}
