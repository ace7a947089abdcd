/** What the parts of the page share: the trainings, and the Worker that keeps the trained networks. */
import type { Remote } from 'comlink';
import { StudioClient } from './client.ts';
import { Runs } from './runs.ts';
import type { Snapshot } from './work/network.ts';
import type { Studio } from './work/studio.ts';
import type { WayName } from './work/ways.ts';

export class App {
  readonly runs = new Runs((show) => requestAnimationFrame(show));
  /** Networks that can be looked into, and drawn for. */
  readonly shown = new Map<WayName, Snapshot>();
  /** Why there are no worker threads; null: there are, or nobody knows yet. */
  threadsReason: string | null = null;
  /** Worker threads that a training gets; null: nobody knows yet. */
  threads: number | null = null;
  /** The first section's network, which that section trains where it isn't yet. */
  ensureSource: () => Promise<Snapshot> = () => Promise.reject(new Error('no source yet'));
  /** Ends the three ways, which their section does where they are trained. */
  stopWays: () => void = () => {};
  #studio: StudioClient | null = null;
  /** Counts Workers: what one knew, the next one doesn't. */
  generation = 0;

  /** Calls the page's own Worker, which is started anew where it has died. */
  async call<T>(work: (studio: Remote<Studio>) => Promise<T>): Promise<T> {
    return (await this.alive()).call(work);
  }

  /** The Worker is there, after this, and `generation` is its number. */
  async ready(): Promise<void> {
    await this.alive();
  }

  /** Keeps a trained network where it can be looked into. */
  async show(way: WayName, snapshot: Snapshot): Promise<void> {
    await this.call((studio) => studio.show(way, snapshot));
    this.shown.set(way, snapshot);
    this.runs.change();
  }

  /** Learns how many threads there are. What goes wrong is said by the training that needs them. */
  async askThreads(): Promise<void> {
    try {
      const { threads, reason } = await this.call((studio) => studio.threads());
      [this.threads, this.threadsReason] = [threads, reason];
    } catch {
      this.threads = null;
    }
    this.runs.change();
  }

  /** The page's own Worker; a new one, where it has ended, with what was trained. */
  async alive(): Promise<StudioClient> {
    if (this.#studio?.isAlive) return this.#studio;
    const studio = new StudioClient();
    this.#studio = studio;
    this.generation++;
    for (const [way, snapshot] of this.shown) await studio.call((it) => it.show(way, snapshot));
    return studio;
  }
}
