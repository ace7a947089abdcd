/** Batches from an iterable, in the sizes that it gives. Only one of them is in memory at a time. */
import { advice } from '../../checks/suggest.ts';
import type { FitPosition } from '../../formats/checkpoint.ts';
import type { DataSet } from '../session/job.ts';
import { type BatchStream, isOneShot, type Reader, startStream } from '../stream.ts';
import { sampleOrder } from './batches.ts';
import { makeResults } from './engine.ts';
import { checkPosition } from './position.ts';
import type { BatchSource, Dealing, Portion } from './source.ts';

/** How batches are read. */
export interface StreamOptions {
  /** Batches of an epoch; null: all that one reading gives. */
  readonly steps: number | null;
  /** Ends the waiting for a batch. */
  readonly signal: AbortSignal | undefined;
  /** A batch as the workers take it; it has a number for messages. */
  readonly toData: (batch: unknown, number: number) => DataSet;
}

export class StreamSource implements BatchSource {
  readonly #stream: BatchStream;
  readonly #options: StreamOptions;
  #reader: Reader<unknown> | null = null;
  /** Batches that were read since the beginning, for messages. */
  #read = 0;
  /** Read ahead, to see its shape. */
  #first: { readonly batch: unknown } | null = null;

  constructor(stream: BatchStream, options: StreamOptions) {
    this.#stream = stream;
    this.#options = options;
  }

  /** The first batch, which is read again with the others. @throws RangeError where there is none. */
  async peek(epoch: number): Promise<unknown> {
    const first = await this.#next(epoch);
    if (!first) throw noBatch(epoch);
    this.#first = first;
    this.#read--;
    return first.batch;
  }

  async *portions(dealing: Dealing): AsyncGenerator<Portion> {
    const { compiled, progress } = dealing;
    const { steps } = this.#options;
    const { epoch } = progress;
    let seen = progress.mean.sums.samples;
    while (steps === null || progress.batch < steps) {
      const data = await this.#nextData(dealing, epoch);
      if (!data) break;
      const { samples } = data;
      seen += samples;
      const order = sampleOrder(samples, null, compiled.threads > 0);
      const results = makeResults(compiled, samples);
      const whole = { from: 0, to: samples, batch: samples, size: samples };
      yield { data, order, ...whole, results, seen, samples: null };
    }
    if (steps === null) {
      this.#reader = null; // read to its end
      if (progress.batch === 0) throw noBatch(epoch);
    }
    if (steps !== null && progress.batch < steps) this.#ranOut(dealing, steps);
  }

  /** Reads the batches that were trained on before, without using them. */
  async seek(position: FitPosition, dealing: Dealing): Promise<void> {
    const { steps } = this.#options;
    const { epoch, batch } = position;
    // If each epoch reads the stream from its beginning, earlier epochs needn't be read.
    const skipped = steps === null ? 0 : epoch * steps;
    let seen = 0;
    for (let b = 0; b < skipped + batch; b++) {
      const data = await this.#nextData(dealing, epoch);
      if (!data) {
        throw new RangeError(
          `fit: resumeFrom must come from the same batches: ${skipped + batch} had been read, and x gives ${b}`,
        );
      }
      if (b >= skipped) seen += data.samples;
    }
    checkPosition(position, seen, steps ?? batch, dealing.model.step);
  }

  /** Lets the user's generator clean up, in its `finally`. */
  async close(): Promise<void> {
    const reader = this.#reader;
    this.#reader = null;
    await reader?.return();
  }

  async #nextData({ between }: Dealing, epoch: number): Promise<DataSet | null> {
    let next: { readonly batch: unknown } | null = null;
    await between(async () => {
      next = await this.#next(epoch);
    });
    // The compiler doesn't see that `between` has called it.
    const read = next as { readonly batch: unknown } | null;
    return read && this.#options.toData(read.batch, this.#read);
  }

  /** The next batch; null: there is none. If `steps` make an epoch, a stream that can be started again is, at its end. */
  async #next(epoch: number): Promise<{ readonly batch: unknown } | null> {
    if (this.#first) {
      const first = this.#first;
      this.#first = null;
      this.#read++;
      return first;
    }
    const again = this.#options.steps !== null && !isOneShot(this.#stream);
    for (let starts = this.#reader ? 0 : 1; starts <= 1; starts++) {
      this.#reader ??= startStream('fit', this.#stream, epoch, this.#options.signal);
      const { done, value } = await this.#reader.next();
      if (!done) {
        this.#read++;
        return { batch: value };
      }
      if (!again) return null;
      this.#reader = null;
    }
    return null;
  }

  /** Ends the training with a warning, as Keras does. The history keeps this epoch. */
  #ranOut({ model, progress }: Dealing, steps: number): void {
    model.stopTraining = true;
    console.warn(
      `fit: x ran out of batches in epoch ${progress.epoch + 1}, after ${progress.batch} of ${steps}: training ends; ` +
        'give one that can be started again, or fewer stepsPerEpoch or epochs',
    );
  }
}

const noBatch = (epoch: number): RangeError =>
  new RangeError(`fit: x must give at least one batch, got none in epoch ${epoch + 1}${advice('readOnce')}`);
