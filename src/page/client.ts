/** The page's side of a Worker with the library in it: calls that end with an error where the Worker does. */
import { proxy, type Remote, wrap } from 'comlink';
import { PageError } from './language.ts';
import type { Studio } from './work/studio.ts';

export class StudioClient {
  isAlive = true;
  readonly #worker: Worker;
  readonly #api: Remote<Studio>;
  /** Never resolves; rejects where the Worker can't be loaded, or ends. */
  readonly #ended: Promise<never>;
  #end: (reason: Error) => void = () => {};

  constructor() {
    this.#worker = new Worker('./worker.js', { type: 'module', name: 'studio' });
    this.#api = wrap<Studio>(this.#worker);
    this.#ended = new Promise((_, reject) => {
      this.#end = reject;
    });
    // Whoever calls hears of it.
    this.#ended.catch(() => {});
    this.#worker.addEventListener('error', ({ message }) =>
      this.end(new PageError(({ workerDied, workerMissing }) => (message ? workerDied : workerMissing))),
    );
  }

  /** Calls the studio. @throws what it throws, or why it ended. */
  call<T>(work: (studio: Remote<Studio>) => Promise<T>): Promise<T> {
    return Promise.race([work(this.#api), this.#ended]);
  }

  /** Ends the Worker, in the middle of whatever it does. */
  end(reason: Error = stopReason()): void {
    this.isAlive = false;
    this.#worker.terminate();
    this.#end(reason);
  }
}

/** A function that a Worker may call. */
export const callable = proxy;

/** Why something ends that somebody wants to. */
export const stopReason = (): Error => new DOMException('stopped', 'AbortError');

/** Whether a call ended because somebody wanted it to. */
export function isStop(error: unknown): boolean {
  return (error as Error)?.name === 'AbortError';
}
