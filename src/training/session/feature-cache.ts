/**
 * Memory for the features of frozen layers: what those give that are before anything trained or random is the same in
 * every epoch, so it is computed once per sample, and of it the tensors that other layers read (the plan's cut) are kept. Who fills it: sources.ts.
 */
import type { Plan } from '../../model/plan.ts';
import { allocate, newBuffer } from '../../tensor/memory.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import type { DataSet } from './job.ts';

export interface CacheOptions {
  /** The most that all data sets' features may take together, in units of 2^20 bytes. */
  readonly megabytes: number;
  /** false: nothing will be looked at twice. */
  readonly worthwhile: boolean;
  readonly shared: boolean;
}

/**
 * The data sets with room for their features, the first ones served first; past the cap samples have none and
 * are computed again each time. Unchanged where the plan has no cut.
 */
export function cacheFeatures(
  { cut }: Plan,
  dataSets: readonly (DataSet | null)[],
  { megabytes, worthwhile, shared }: CacheOptions,
): (DataSet | null)[] {
  if (cut.length === 0 || !worthwhile) return [...dataSets];
  const sizes = cut.map(({ shape }) => sizeOf(shape));
  const size = sizes.reduce((sum, each) => sum + each, 0);
  let room = Math.floor((megabytes * 2 ** 20) / (size * Float32Array.BYTES_PER_ELEMENT));
  return dataSets.map((data) => {
    if (!data) return null;
    const capacity = Math.min(room, data.samples);
    room -= capacity;
    if (capacity === 0) return data;
    const features = sizes.map((each) => allocate(capacity * each, { shared }));
    const ready = new Uint8Array(newBuffer(capacity, shared));
    return { ...data, cache: { features, ready, capacity, weightsVersion: Number.NaN } };
  });
}
