/** How an epoch's samples are dealt into batches. */
import { deriveKey, Purpose, permutation } from '../tensor/random.ts';

/** Contiguous blocks of `size` samples; the last may be smaller. */
export function blocks(samples: number, size: number): { from: number; to: number }[] {
  return Array.from({ length: Math.ceil(samples / size) }, (_, i) => ({
    from: i * size,
    to: Math.min(samples, (i + 1) * size),
  }));
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
