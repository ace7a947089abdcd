/**
 * How many batches one job has. A job costs a message to every worker and one back. Meanwhile nothing is computed: 0.1 ms, or
 * up to 1 ms on a machine that puts idle cores to sleep. So it has as many as still let callbacks and signals have their
 * turn now and then.
 */
export class Pace {
  readonly #turn: number;
  /** 0: not measured yet. */
  #millisecondsPerSample = 0;

  /** @param turn milliseconds that a job should take */
  constructor(turn: number) {
    this.#turn = turn;
  }

  /** Batches of so many samples in the next job: one until it is known how long they take. */
  batches(size: number): number {
    if (this.#millisecondsPerSample === 0) return 1;
    return Math.max(1, Math.floor(this.#turn / (this.#millisecondsPerSample * size)));
  }

  /** To be told of each job. */
  took(milliseconds: number, samples: number): void {
    this.#millisecondsPerSample = Math.max(milliseconds, Number.MIN_VALUE) / samples;
  }
}
