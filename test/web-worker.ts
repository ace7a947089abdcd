/**
 * A browser's `Worker`, its `navigator` and the page's state, made of Node's worker threads: the program is the built one, and threads
 * really run side by side and really die.
 */
import { Worker } from 'node:worker_threads';
import { vi } from 'vitest';

type Listener = (event: {
  readonly type: string;
  readonly data?: unknown;
  readonly message?: string;
}) => void;

/** What a worker's program finds there: of Node's, the same under a browser's names. */
const scope = (program: string, locks: boolean): string => `
  const { parentPort } = require('node:worker_threads');
  globalThis.postMessage = (message) => parentPort.postMessage(message);
  globalThis.addEventListener = (type, listener) => parentPort.on(type, (data) => listener({ type, data }));
  Object.defineProperty(globalThis, 'navigator', {
    value: { locks: ${locks} ? { request: (name, held) => held() } : undefined }, configurable: true });
  // vitest keeps rejections that nobody handles to itself.
  import(${JSON.stringify(program)}).catch((error) => setTimeout(() => { throw error; }));`;

/** `degelo/worker`. */
export const distWorker = new URL('../dist/browser/worker.js', import.meta.url).href;

/** All that run. */
export const webWorkers = new Set<WebWorkerOfNode>();
/** Who waits for the end of which worker, by the name of its lock. */
const watching = new Map<string, () => void>();

let hasLocks = true;

export class WebWorkerOfNode {
  readonly url: string;
  readonly #thread: Worker;
  readonly #listeners: { type: string; listener: Listener }[] = [];
  #lock = '';

  constructor(url: URL | string) {
    this.url = String(url);
    // By the sources' own name of it the one file that was built, which starts four times as fast as all that it is made of.
    const program = this.url.endsWith('/src/training/threads/worker-web.js') ? distWorker : this.url;
    this.#thread = new Worker(scope(program, hasLocks), { eval: true });
    webWorkers.add(this);
    this.#thread.on('message', (data) => {
      if (data.kind === 'ready') this.#lock = data.lock;
      this.#tell('message', { data });
    });
    // Browsers say no more of a program that can't be loaded.
    this.#thread.on('error', ({ message }) =>
      this.#tell('error', message.startsWith('Cannot find module') ? {} : { message }),
    );
    this.#thread.once('exit', () => {
      webWorkers.delete(this);
      watching.get(this.#lock)?.();
    });
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.push({ type, listener });
  }

  postMessage(message: unknown): void {
    this.#thread.postMessage(message);
  }

  /** As pages end it; `kill` ends it as a browser does that is short of memory. */
  terminate(): void {
    void this.#thread.terminate();
  }

  kill(): void {
    // One that is still loading ends unseen in browsers too.
    if (!this.#lock) return;
    webWorkers.delete(this);
    void this.#thread.terminate();
  }

  #tell(type: string, event: object): void {
    for (const each of this.#listeners) if (each.type === type) each.listener({ type, ...event });
  }
}

/** A page with two cores, unless told otherwise. */
export function stubPage({ isolated = true, secure = true, locks = true, workers = true } = {}): void {
  hasLocks = locks;
  vi.stubGlobal('crossOriginIsolated', isolated);
  vi.stubGlobal('isSecureContext', secure);
  if (workers) vi.stubGlobal('Worker', WebWorkerOfNode);
  vi.stubGlobal('navigator', {
    hardwareConcurrency: 2,
    locks: {
      request: (name: string, { signal }: { signal: AbortSignal }, granted: () => void) => {
        watching.set(name, granted);
        return new Promise((_, reject) =>
          signal.addEventListener('abort', () => {
            watching.delete(name);
            reject(signal.reason);
          }),
        );
      },
    },
  });
}
