/**
 * How many batches one job has. A job costs a message to every worker and one back, a tenth of a millisecond or
 * more in which nobody computes: up to a whole one on a machine that puts idle cores to sleep. So several steps go into one
 * job, as many as let callbacks and signals still have their turn ten times a second.
 */

/** Milliseconds that a job should take. */
const TURN = 100;

export class Pace {
  /** 0: not measured yet. */
  #millisecondsPerSample = 0;

  /** Batches of so many samples in the next job: one until it is known how long they take. */
  batches(size: number): number {
    if (this.#millisecondsPerSample === 0) return 1;
    return Math.max(1, Math.floor(TURN / (this.#millisecondsPerSample * size)));
  }

  /** To be told of each job. */
  took(milliseconds: number, samples: number): void {
    this.#millisecondsPerSample = Math.max(milliseconds, Number.MIN_VALUE) / samples;
  }
}
