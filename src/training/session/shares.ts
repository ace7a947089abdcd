/**
 * How a batch is divided among the workers: each gets a range of whole shards, and a faster worker a longer one.
 *
 * No two cores are equally fast: laptops have big and small ones, and a virtual machine's core may share its hardware
 * with a stranger's. A step lasts as long as its slowest worker. So workers note how long their samples took, and the next step is divided
 * by that. Which worker computes a sample changes no bit (docs/order-of-sums.md), so the clock doesn't either.
 */
import { SHARD, type SharesMemory } from '../../model/step-memory.ts';

/** Weight of the newest step in a worker's mean time: a core that becomes slower shows within a dozen steps. */
const NEWEST = 1 / 8;
/** A step counts at most so many times the mean: one pause says little about the next step. */
const PAUSE = 2;
/** The lowest speed that a worker is given, as a share of the fastest worker's. */
const SLOWEST = 1 / 4;
/** A worker without samples has its time multiplied by this, but never below the fastest worker's, until it gets some again. */
const FORGIVING = 0.9;

export class Shares {
  readonly #paces: Float64Array;
  readonly #ends: Float64Array;
  readonly #worker: number;

  constructor({ paces, ends }: SharesMemory, worker: number) {
    this.#paces = paces;
    this.#ends = ends;
    this.#worker = worker;
  }

  /** This worker's samples of a batch, first ≤ n < end, in whole blocks. Every worker must see the same `ends`. */
  range(batch: number, block = SHARD): { first: number; end: number } {
    return between(batch, block, this.#endOf(this.#worker - 1), this.#endOf(this.#worker));
  }

  /** Equal shares, in blocks of so many samples: this worker's own places in the memory of a batch. */
  places(batch: number, block: number): { first: number; end: number } {
    const workers = this.#ends.length;
    return between(batch, block, this.#worker / workers, (this.#worker + 1) / workers);
  }

  /** Each worker calls it when its samples are done. */
  took(milliseconds: number, samples: number): void {
    const pace = this.#paces[this.#worker];
    if (samples === 0) {
      if (pace > 0) this.#paces[this.#worker] = Math.max(this.#fastest(), FORGIVING * pace);
      return;
    }
    const now = milliseconds / samples;
    this.#paces[this.#worker] = pace === 0 ? now : pace + NEWEST * (Math.min(now, PAUSE * pace) - pace);
  }

  /** Divides anew, by the workers' times. One worker calls it, while no other asks for its range. */
  deal(): void {
    const paces = this.#paces;
    const fastest = this.#fastest();
    // A worker without a time yet counts as fast as the fastest.
    const speedOf = (pace: number): number => (pace > 0 ? Math.max(SLOWEST, fastest / pace) : 1);
    const total = paces.reduce((sum, pace) => sum + speedOf(pace), 0);
    let sum = 0;
    for (const [w, pace] of paces.entries()) {
      sum += speedOf(pace);
      this.#ends[w] = sum / total;
    }
    this.#ends[paces.length - 1] = 1;
  }

  /** The shortest time per sample of those that are known. */
  #fastest(): number {
    return this.#paces.reduce((least, pace) => (pace > 0 ? Math.min(least, pace) : least), Infinity);
  }

  #endOf(worker: number): number {
    if (worker < 0) return 0;
    const workers = this.#ends.length;
    const isDealt = this.#ends[workers - 1] > 0;
    return isDealt ? this.#ends[worker] : (worker + 1) / workers;
  }
}

/** The samples of whole blocks between two shares of a batch. */
function between(batch: number, block: number, from: number, to: number): { first: number; end: number } {
  const blocks = Math.ceil(batch / block);
  return {
    first: Math.min(batch, Math.round(blocks * from) * block),
    end: Math.min(batch, Math.round(blocks * to) * block),
  };
}
