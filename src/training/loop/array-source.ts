/** Batches of samples that are all in memory. When all have been used once, they get a new order. */
import type { FitPosition } from '../../formats/checkpoint.ts';
import type { DataSet } from '../session/job.ts';
import { jobs, sampleOrder } from './batches.ts';
import { makeResults } from './engine.ts';
import { checkPosition } from './position.ts';
import type { BatchSource, Dealing, Portion } from './source.ts';

/** How arrays are dealt. */
export interface ArrayOptions {
  /** Samples of a step. */
  readonly batch: number;
  /** A new order in each round. */
  readonly shuffle: boolean;
  /** Batches of an epoch; null: all samples once. */
  readonly steps: number | null;
}

/**
 * Rounds and epochs: a round is all samples once. Where epochs have another number of steps than a round, batch b of epoch e
 * is batch e·steps + b of rounds one after the other.
 */
export class ArraySource implements BatchSource {
  readonly #data: DataSet;
  readonly #options: ArrayOptions;
  /** Batches of a round, and of an epoch. */
  readonly #round: number;
  readonly #steps: number;

  constructor(data: DataSet, options: ArrayOptions) {
    this.#data = data;
    this.#options = options;
    this.#round = Math.ceil(data.samples / options.batch);
    this.#steps = options.steps ?? this.#round;
  }

  *portions({ model, engine, compiled, progress, everyBatch }: Dealing): Generator<Portion> {
    const { samples } = this.#data;
    const { batch, shuffle } = this.#options;
    const size = Math.min(batch, samples);
    const begin = progress.epoch * this.#steps;
    const before = this.#samplesOf(begin);
    const all = this.#samplesOf(begin + this.#steps) - before;
    for (let at = begin + progress.batch; at < begin + this.#steps; ) {
      const done = at % this.#round;
      const end = Math.min(this.#round, done + begin + this.#steps - at);
      const key = shuffle ? { seed: model.seed, firstStep: model.step - done } : null;
      const order = sampleOrder(samples, key, compiled.threads > 0);
      const results = makeResults(compiled, samples);
      const first = this.#samplesOf(at - done) - before;
      const to = Math.min(samples, end * batch);
      const { train: pace } = engine.session(compiled, size, 'train').paces;
      for (const job of jobs(done * batch, to, { batch, pace, everyBatch })) {
        yield { data: this.#data, order, ...job, batch, size, results, seen: first + job.to, samples: all };
      }
      at += end - done;
    }
  }

  async seek(position: FitPosition, { model }: Dealing): Promise<void> {
    const begin = position.epoch * this.#steps;
    const seen = this.#samplesOf(begin + position.batch) - this.#samplesOf(begin);
    checkPosition(position, seen, this.#steps, model.step);
  }

  async close(): Promise<void> {}

  /** Samples in so many batches, rounds one after the other. */
  #samplesOf(batches: number): number {
    const { samples } = this.#data;
    const rounds = Math.floor(batches / this.#round);
    return rounds * samples + Math.min(samples, (batches % this.#round) * this.#options.batch);
  }
}
