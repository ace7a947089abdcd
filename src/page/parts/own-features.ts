/**
 * What examples become in the page's Worker: the features of drawings, on the network that learnt the digits 5–9, or those of photos, on a
 * network that was handed in. A Worker that ended takes them along; those of drawings are computed once more.
 */
import type { App } from '../app.ts';
import { PageError } from '../language.ts';
import { pixelsOfDrawing } from '../view/pad.ts';
import { NOTHING, status } from '../view/status.ts';
import type { Drawing } from '../view/strokes.ts';
import type { Snapshot } from '../work/network.ts';
import type { BaseInfo } from '../work/own-classes.ts';
import type { Picture } from '../work/photo.ts';
import { SIDE } from '../work/ways.ts';
import { reading, STATUS } from './own-form.ts';
import type { Example, KeptClass, NamedClass, OwnList } from './own-list.ts';

export class Features {
  readonly #app: App;
  readonly #list: OwnList;
  /** Called when all begins anew: what was learnt stood on other features. */
  readonly #onAnew: () => void;
  #base: BaseInfo | null = null;
  /** The Worker that has them, by its number; 0: none has. */
  #generation = 0;
  #gettingReady: Promise<void> | null = null;
  /** The drawings that there were before a network for photos was handed in. */
  #drawings: readonly KeptClass[] = [];

  constructor(app: App, list: OwnList, onAnew: () => void) {
    this.#app = app;
    this.#list = list;
    this.#onAnew = onAnew;
  }

  /** The network for photos; null: drawings, on the page's own network. */
  get base(): BaseInfo | null {
    return this.#base;
  }

  /** The Worker knows the features, after this, and those of all drawings. Whoever asks meanwhile waits for the same. */
  ready(): Promise<void> {
    this.#gettingReady ??= this.#getReady().finally(() => {
      this.#gettingReady = null;
    });
    return this.#gettingReady;
  }

  /**
   * Adds an example to a class.
   * @param drawing null: a photo
   * @throws PageError where that class was removed while this waited.
   */
  async add(picture: Picture, drawing: Drawing | null, into: NamedClass): Promise<void> {
    await this.ready();
    const example = await this.#example(picture, drawing);
    if (!this.#list.classes.includes(into)) throw new PageError(({ classGone }) => classGone);
    into.examples.push(example);
  }

  /** Takes drawings that were kept. */
  take(drawings: readonly KeptClass[]): void {
    this.#list.restore(drawings, (drawing) => ({ side: SIDE, data: pixelsOfDrawing(drawing, SIDE).data }));
  }

  /** Begins anew on a network that is handed in, or on the page's own. */
  async begin(files: readonly File[] | null): Promise<void> {
    // What is about to be there would take the place of this.
    await this.#gettingReady?.catch(() => {});
    if (!files) return this.#toDrawings();
    const base = await reading(files, () => this.#app.call((studio) => studio.begin(files)));
    if (!this.#base) this.#drawings = this.#list.kept;
    this.#base = base;
    this.#generation = this.#app.generation;
    for (const each of this.#list.classes) each.examples = [];
    this.#onAnew();
  }

  async #getReady(): Promise<void> {
    await this.#app.ready();
    if (this.#generation === this.#app.generation) return;
    if (this.#base) {
      // The network for photos, and theirs, are gone with the Worker that had them.
      this.#toDrawings();
      throw new PageError(({ workerDied }) => workerDied);
    }
    const snapshot = this.#app.shown.get('source') ?? (await this.#trained());
    await this.#app.call((studio) => studio.begin(snapshot));
    for (const { examples } of this.#list.classes) {
      for (const example of [...examples]) {
        const { drawing } = example;
        const again = drawing && (await this.#example(pixelsOfDrawing(drawing), drawing));
        // It may have been taken back meanwhile. Of photos only the old Worker knew.
        const at = examples.indexOf(example);
        if (at < 0) continue;
        if (again) examples[at] = again;
        else examples.splice(at, 1);
      }
    }
    this.#generation = this.#app.generation;
  }

  /** Drawings are learnt again, those that there were. */
  #toDrawings(): void {
    this.#base = null;
    this.#generation = 0;
    this.take(this.#drawings);
    this.#onAnew();
  }

  async #example(picture: Picture, drawing: Drawing | null): Promise<Example> {
    return { ...(await this.#app.call((studio) => studio.add(picture))), drawing };
  }

  async #trained(): Promise<Snapshot> {
    status(STATUS, (m) => m.needsSource);
    const snapshot = await this.#app.ensureSource();
    status(STATUS, NOTHING);
    return snapshot;
  }
}
