/**
 * Where threads that share a step wait for one another: no one continues before all have arrived.
 *
 * The words are in shared memory. `ARRIVED` counts; the last to arrive resets it, moves `GENERATION` on and
 * wakes the others. If a worker dies, the others would wait forever: so the one that notices it sets `ABORTED`, and
 * waiting ends in an error instead. `BEGUN` counts the threads that have their part of the job.
 */
import { StepAborted } from '../errors.ts';

const ARRIVED = 0;
const GENERATION = 1;
const ABORTED = 2;
const BEGUN = 3;

/** Reads before a thread goes to sleep: phases end within microseconds of one another, and waking costs more. */
const SPINS = 4000;
/** Milliseconds between looks at `ABORTED` while asleep. */
const NAP = 50;

export class Barrier {
  readonly #words: Int32Array;
  readonly #threads: number;

  /** @param words four zeroed words in memory that all threads share. */
  constructor(words: Int32Array, threads: number) {
    this.#words = words;
    this.#threads = threads;
  }

  /** Says that a thread has begun with its part. */
  begin(): void {
    Atomics.add(this.#words, BEGUN, 1);
  }

  /** @throws StepAborted where another thread aborted the step. */
  wait(): void {
    if (this.#threads === 1) return;
    this.#goOn();
    const words = this.#words;
    const generation = Atomics.load(words, GENERATION);
    if (Atomics.add(words, ARRIVED, 1) + 1 === this.#threads) {
      Atomics.store(words, ARRIVED, 0);
      Atomics.add(words, GENERATION, 1);
      Atomics.notify(words, GENERATION);
      return;
    }
    for (let spin = 0; spin < SPINS; spin++) {
      if (Atomics.load(words, GENERATION) !== generation) return;
    }
    while (Atomics.load(words, GENERATION) === generation) {
      this.#goOn();
      Atomics.wait(words, GENERATION, generation, NAP);
    }
  }

  #goOn(): void {
    if (Atomics.load(this.#words, ABORTED) !== 0) throw new StepAborted('another worker failed');
  }

  /** Ends all waiting, now and later, in an error, until `reset`. */
  static abort(words: Int32Array): void {
    Atomics.store(words, ABORTED, 1);
    Atomics.notify(words, GENERATION);
  }

  /** Makes the barrier new; only while no thread is at work. */
  static reset(words: Int32Array): void {
    Atomics.store(words, ARRIVED, 0);
    Atomics.store(words, ABORTED, 0);
    Atomics.store(words, BEGUN, 0);
  }

  /** How many threads have begun since then. */
  static begun(words: Int32Array): number {
    return Atomics.load(words, BEGUN);
  }
}
