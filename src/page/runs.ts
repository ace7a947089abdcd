/** The trainings of this page: what each has told so far. Whoever shows them is told when they change. */
import type { Words } from './messages.ts';
import type { Trained, TrainingEvent } from './work/train.ts';
import type { WayName } from './work/ways.ts';

type Of<K extends TrainingEvent['kind']> = Extract<TrainingEvent, { kind: K }>;

export interface Run {
  readonly state: 'loading' | 'running' | 'done' | 'stopped' | 'failed';
  readonly settings: { readonly epochs: number; readonly seed: number };
  readonly begin: Of<'begin'> | null;
  readonly progress: Of<'progress'> | null;
  readonly epochs: readonly Of<'epoch'>[];
  readonly trained: Trained | null;
  /** From 0 to 1: how much of the images has come; null: nobody knows. */
  readonly loaded: number | null;
  /** Why it failed. */
  readonly reason: Words | null;
}

export function newRun(settings: Run['settings']): Run {
  return {
    ...{ state: 'loading', settings, begin: null, progress: null, epochs: [], trained: null },
    ...{ loaded: null, reason: null },
  };
}

/** A run, with what it has told now. */
export function withEvent(run: Run, event: TrainingEvent): Run {
  switch (event.kind) {
    case 'begin':
      // Told again where it does without threads after all.
      return { ...run, state: 'running', begin: event, progress: null, epochs: [] };
    case 'progress':
      return { ...run, progress: event };
    case 'epoch':
      return { ...run, epochs: [...run.epochs, event] };
  }
}

/** From 0 to 1: how much of a run is done, or of its images while these come; null: nobody knows. */
export function shareDone(run: Run | null): number | null {
  if (!run) return 0;
  const { state, progress, settings, loaded } = run;
  if (state === 'done') return 1;
  if (state === 'loading') return loaded;
  if (!progress) return 0;
  const { epoch, activity, seen, samples } = progress;
  const ofEpoch = activity === 'training' ? seen / Math.max(1, samples) : 1;
  return Math.min(1, (epoch + ofEpoch) / settings.epochs);
}

/** Milliseconds from one showing of how far a training is to the next: drawing takes its time from the training. */
const BETWEEN = 100;

export class Runs {
  readonly #runs = new Map<WayName, Run>();
  readonly #listeners: (() => void)[] = [];
  readonly #progressListeners: (() => void)[] = [];
  readonly #nextFrame: NextFrame;
  #waits = false;
  /** Who is yet to show what has changed, beside progress. */
  #due: (() => void)[] = [];
  #whenShown: () => void = () => {};
  #shownAt = -BETWEEN;

  constructor(nextFrame: NextFrame) {
    this.#nextFrame = nextFrame;
  }

  get(way: WayName): Run | null {
    return this.#runs.get(way) ?? null;
  }

  set(way: WayName, run: Run): void {
    const before = this.#runs.get(way);
    this.#runs.set(way, run);
    // A batch moves progress alone; what else there is to tell comes with a new list of epochs, or in another state.
    if (before?.epochs === run.epochs && before.state === run.state) this.#show();
    else this.change();
  }

  delete(way: WayName): void {
    this.#runs.delete(way);
    this.change();
  }

  /**
   * Has `show` called whenever a run changes; not where one is further alone, which happens at each batch. Those that are to show
   * something have a frame each, in turn: all of them together would hold the page for longer than that.
   */
  onChange(show: () => void): void {
    this.#listeners.push(show);
  }

  /** Has `whenShown` called when all of them have shown what there is. */
  onShown(whenShown: () => void): void {
    this.#whenShown = whenShown;
  }

  /** Has `show` called then too, at most ten times a second. */
  onProgress(show: () => void): void {
    this.#progressListeners.push(show);
  }

  /** Shows everything anew from the next frame on. */
  change(): void {
    // Who has waited longest comes first.
    for (const show of this.#listeners) if (!this.#due.includes(show)) this.#due.push(show);
    this.#show();
  }

  #show(): void {
    if (this.#waits) return;
    this.#waits = true;
    this.#nextFrame((now) => {
      this.#waits = false;
      const due = this.#due.shift();
      if (this.#due.length > 0) this.#show();
      // The next batch asks again.
      if (due || now >= this.#shownAt + BETWEEN) {
        this.#shownAt = now;
        for (const show of this.#progressListeners) show();
      }
      due?.();
      if (due && this.#due.length === 0) this.#whenShown();
    });
  }
}

/** requestAnimationFrame. */
type NextFrame = (show: (now: number) => void) => void;
