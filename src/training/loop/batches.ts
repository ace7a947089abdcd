/** How an epoch's samples are dealt into batches. */
import { deriveKey, Purpose, permutation } from '../../tensor/random.ts';
import type { Pace } from '../session/pace.ts';

/** Positions from ≤ p < to of an epoch's samples. */
interface Block {
  readonly from: number;
  readonly to: number;
}

/** Contiguous blocks of `size` samples; the last may be smaller. */
export function blocks(from: number, to: number, size: number): Block[] {
  return Array.from({ length: Math.ceil((to - from) / size) }, (_, i) => ({
    from: from + i * size,
    to: Math.min(to, from + (i + 1) * size),
  }));
}

/** How batches become jobs. */
export interface JobOptions {
  readonly batch: number;
  readonly pace: Pace;
  /** Whether a callback wants to be called after every batch: then a job has one batch only. */
  readonly everyBatch: boolean;
}

/** Samples from position `from` on, in jobs of several whole batches, as many as `pace` says; the loop's body is timed. */
export function* jobs(
  from: number,
  samples: number,
  { batch, pace, everyBatch }: JobOptions,
): Generator<Block> {
  for (let at = from; at < samples; ) {
    const to = Math.min(samples, at + (everyBatch ? 1 : pace.batches(batch)) * batch);
    const begin = performance.now();
    yield { from: at, to };
    pace.took(performance.now() - begin, to - at);
    at = to;
  }
}

/**
 * The samples' order in an epoch that starts with step `firstStep`: their own, or a permutation drawn for it.
 * @param shared put it where worker threads see it
 */
export function sampleOrder(
  samples: number,
  shuffle: { readonly seed: number; readonly firstStep: number } | null,
  shared: boolean,
): Int32Array {
  const bytes = samples * Int32Array.BYTES_PER_ELEMENT;
  const order = shared ? new Int32Array(new SharedArrayBuffer(bytes)) : new Int32Array(samples);
  if (shuffle)
    return permutation(deriveKey(shuffle.seed, Purpose.shuffle, 0, shuffle.firstStep), samples, order);
  return order.map((_, i) => i);
}
