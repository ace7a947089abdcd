/** The page's side of a Worker with the library in it: calls that end with an error where the Worker does. */
import { proxy, type Remote, wrap } from 'comlink';
import { PageError } from './language.ts';
import type { Studio } from './work/studio.ts';
import type { Start, Trained, TrainingEvent, TrainingSettings } from './work/train.ts';
import type { WayName } from './work/ways.ts';

/** Seconds in which a training on threads must tell something: their program has thirty to come. */
const PATIENCE = 40;

/** Why a training goes on with one thread: what language.ts has words for. */
const SILENT = 'the threads gave no answer';

/** SILENT, once it was so: nobody waits for them again. */
let reason: string | null = null;

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

/**
 * Trains in a Worker. Where threads start and then do nothing, as in no browser that is known, their Worker ends with them, and the
 * training begins anew with one thread.
 * @param alive gives the Worker, or the next one where it ended
 */
export async function trainIn(
  alive: () => Promise<StudioClient>,
  way: WayName,
  start: Start,
  settings: TrainingSettings,
  tell: (event: TrainingEvent) => void,
): Promise<Trained> {
  const studio = await alive();
  const threads = reason ? 0 : settings.threads;
  let seconds = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = (): void => {
    if (++seconds > PATIENCE) studio.end(new Error(SILENT));
  };
  const listen = callable((event: TrainingEvent) => {
    seconds = 0;
    // Not while images come, which may take long. A machine that sleeps counts no seconds.
    if (threads > 0) timer ??= setInterval(tick, 1000);
    tell(event.kind === 'begin' ? { ...event, threadsReason: event.threadsReason ?? reason } : event);
  });
  try {
    return await studio.call((it) => it.train(way, start, { ...settings, threads }, listen));
  } catch (error) {
    if ((error as Error).message !== SILENT) throw error;
    reason = SILENT;
    return trainIn(alive, way, start, settings, tell);
  } finally {
    clearInterval(timer);
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
