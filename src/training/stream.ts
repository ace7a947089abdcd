/** Data that comes batch by batch, and may be larger than memory: what `fit` takes in place of arrays. */
import { describe, isClass } from '../checks/describe.ts';
import { begin, isIterator } from '../checks/iterators.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Samples, TargetValues } from './inputs.ts';
import type { SampleWeights } from './weights.ts';

/** One batch: samples and targets, and how much each sample counts; or as TensorFlow.js has it, by name. */
export type Batch =
  | readonly [x: Samples, y: TargetValues]
  | readonly [x: Samples, y: TargetValues, sampleWeight: SampleWeights]
  | { readonly xs: Samples; readonly ys: TargetValues };

/**
 * Batches, one after the other. An object that gives a new iterator each time, or a function that gives one for an epoch's number, is
 * read once per epoch. A generator that runs already, or a stream, can't be started again: it continues from epoch to epoch, and
 * needs `stepsPerEpoch`.
 */
export type Stream<T> = Iterable<T> | AsyncIterable<T> | ((epoch: number) => Iterable<T> | AsyncIterable<T>);

/** Batches to train on or to measure. */
export type BatchStream = Stream<Batch>;

/** Whether a value gives batches; else it is samples itself. */
export function isStream(value: unknown): value is Stream<never> {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value) || ArrayBuffer.isView(value) || value instanceof Tensor) return false;
  return Symbol.asyncIterator in value || Symbol.iterator in value;
}

/** It can be read once: a generator, which is its own iterator, or a stream of Node or of the web. */
export function isOneShot(stream: Stream<unknown>): boolean {
  if (typeof stream === 'function') return false;
  if ('getReader' in stream || 'pipe' in stream) return true;
  return 'next' in stream;
}

/** Batches as they are read. */
export interface Reader<T> {
  next(): Promise<IteratorResult<T>>;
  /** Lets the user's generator clean up, in its `finally`. */
  return(): Promise<void>;
}

/**
 * Begins to read.
 * @param signal ends the waiting for a batch, which may never come
 * @throws TypeError where a function gives something else than batches one by one.
 */
export function startStream<T>(
  operation: string,
  stream: Stream<T>,
  epoch: number,
  signal: AbortSignal | undefined,
): Reader<T> {
  const wrong = (expected: string, got: unknown): TypeError =>
    new TypeError(`${operation}: x must give batches: expected ${expected} ${describe(got)}`);
  if (isClass(stream)) throw wrong('an object of the class, got', stream);
  const iterable = typeof stream === 'function' ? stream(epoch) : stream;
  const begun = begin(iterable);
  if (isIterator<T>(begun)) return readerOf(begun, signal);
  if (begun !== undefined) throw wrong('an iterator with a method next, got', begun);
  throw wrong('a function that returns an iterable, got one that returns', iterable);
}

function readerOf<T>(iterator: AsyncIterator<T> | Iterator<T>, signal: AbortSignal | undefined): Reader<T> {
  let isWaiting = false;
  return {
    async next() {
      signal?.throwIfAborted(); // one that is aborted already tells nobody
      isWaiting = true;
      const next = await unlessAborted(iterator.next(), signal);
      isWaiting = false;
      return next;
    },
    async return() {
      const ended = Promise.resolve(iterator.return?.());
      // A generator that waits for something would end only after that.
      if (isWaiting) ended.catch(() => {});
      else await ended;
    },
  };
}

/** What the work gives. @throws the signal's reason where that comes first. */
async function unlessAborted<T>(work: T | Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  let giveUp = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason);
    signal.addEventListener('abort', giveUp);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** A batch's parts. @throws TypeError naming the batch where it has none. */
export function partsOf(
  operation: string,
  batch: unknown,
  number: number,
): { x: Samples; y: TargetValues; sampleWeight: SampleWeights | undefined } {
  const where = `${operation}: batch ${number} of x`;
  if (Array.isArray(batch)) {
    if (batch.length === 2 || batch.length === 3) {
      return { x: batch[0], y: batch[1], sampleWeight: batch[2] ?? undefined };
    }
  } else if (typeof batch === 'object' && batch !== null && 'xs' in batch && 'ys' in batch) {
    const others = Object.keys(batch).filter((name) => name !== 'xs' && name !== 'ys');
    if (others.length === 0) {
      return { x: batch.xs as Samples, y: batch.ys as TargetValues, sampleWeight: undefined };
    }
    throw new TypeError(`${where} must have only xs and ys, got ${others.join(', ')} too`);
  }
  throw new TypeError(`${where} must be [x, y], [x, y, sampleWeight] or { xs, ys }, got ${describe(batch)}`);
}
