/**
 * One Web Worker as a thread of the pool: it takes a task at a time.
 *
 * Browsers say nothing where a worker ends. So each holds a lock (Web Locks) for as long as it lives, which the page asks for
 * too: it gets the lock when the worker is dead. Where there are no such locks, the session's patience ends at last.
 */
import { describe } from '../../checks/describe.ts';
import { VERSION } from '../../formats/version.ts';
import type { Task } from '../session/job.ts';
import type { WebWorker, WorkerMaker } from '../session/pool.ts';

/** What a worker says: that it listens (with the name of its lock, and its version), and how its task ended. */
export type Answer =
  | { readonly kind: 'ready'; readonly lock: string | null; readonly version: string }
  | { readonly kind: 'done'; readonly reason: string | null }
  | { readonly kind: 'failed'; readonly message: string };

interface Settle<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

const HOW = "() => new Worker(url, { type: 'module' })";

const NOT_LOADED =
  "the workers' program can't be loaded: a bundler or server left it out, its headers lack Cross-Origin-Embedder-Policy, " +
  'or a policy (worker-src) forbids it: ' +
  `put degelo/worker on the server, and compile({ worker: ${HOW} }) (docs/browser.md)`;

/** Workers that have a thread of the pool already. */
const taken = new WeakSet<WebWorker>();

/** What `make` starts. @throws TypeError where that is no Worker, or one that was started before. */
function started(make: WorkerMaker): WebWorker {
  const worker = make();
  const { postMessage, terminate }: Partial<WebWorker> = worker ?? {};
  // A promise of a Worker, or a SharedWorker, lacks one of them.
  if (!postMessage || !terminate || taken.has(worker)) {
    throw new TypeError(
      `compile: worker must give a new Worker at each call, got ${describe(worker)}: ${HOW}`,
    );
  }
  taken.add(worker);
  return worker;
}

export class WebThread {
  /** Rejects where the worker's program can't be loaded. */
  readonly ready: Promise<void>;
  isAlive = true;
  #worker: WebWorker | null = null;
  #loading: Settle<void> | null = null;
  #task: Settle<string | null> | null = null;
  #watch: AbortController | null = null;

  constructor(make: WorkerMaker) {
    this.ready = new Promise((resolve, reject) => {
      this.#loading = { resolve, reject };
    });
    // Only those that wait for it need the error.
    this.ready.catch(() => {});
    try {
      const worker = started(make);
      this.#worker = worker;
      worker.addEventListener('message', ({ data }) => this.#hear(data as Answer)); // worker-web.ts sends nothing else
      // Without a message: the program couldn't be loaded.
      worker.addEventListener('error', (event) => {
        // Its work is done again, so the error ends here: it would end the Worker, too, which started this one.
        event.preventDefault?.();
        const { message } = event;
        this.fail(
          new Error(message && !this.#loading ? message : `${NOT_LOADED}${message ? ` (${message})` : ''}`),
        );
      });
      worker.addEventListener('messageerror', () => this.fail(new Error("a worker's message can't be read")));
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** @returns why this thread can't take part; null: it did its part. */
  async run(task: Task): Promise<string | null> {
    await this.ready;
    return new Promise((resolve, reject) => {
      this.#task = { resolve, reject };
      if (!this.isAlive) this.fail(new Error('a worker thread ended'));
      else this.#worker?.postMessage(task);
    });
  }

  /** Ends the thread, and fails what it has to do. */
  fail(error: Error): void {
    this.end();
    this.#loading?.reject(error);
    this.#loading = null;
    this.#task?.reject(error);
    this.#task = null;
  }

  /** Ends the thread, whatever it does. */
  end(): void {
    this.isAlive = false;
    this.#watch?.abort();
    this.#worker?.terminate();
    this.#worker = null;
  }

  #hear(answer: Answer): void {
    if (answer.kind === 'ready' && answer.version !== VERSION) {
      const other = answer.version ?? 'older';
      this.fail(
        new Error(
          `the workers' program is of another degelo, ${other}: put degelo/worker of ${VERSION} there`,
        ),
      );
      return;
    }
    if (answer.kind === 'ready') {
      this.#watchOver(answer.lock);
      this.#loading?.resolve();
      this.#loading = null;
      return;
    }
    const task = this.#task;
    this.#task = null;
    if (answer.kind === 'done') task?.resolve(answer.reason);
    else task?.reject(new Error(answer.message));
  }

  #watchOver(lock: string | null): void {
    if (lock === null || !this.isAlive) return;
    this.#watch = new AbortController();
    const ended = () => this.fail(new Error('a worker thread ended'));
    globalThis.navigator.locks
      .request(lock, { signal: this.#watch.signal }, ended)
      // The watch is over: the thread was ended on purpose.
      .catch(() => {});
  }
}
