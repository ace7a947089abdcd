/**
 * Memory for the features of frozen layers: what those give that are before anything trained or random is the same in
 * every epoch, so it is computed once per sample, and of it the tensors that other layers read (the plan's cut) are kept,
 * packed (packed-rows.ts). Who computes them: sources.ts.
 */
import type { Plan } from '../../model/plan.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import type { DataSet, FeatureCache, FeatureStore } from './job.ts';
import { LONGEST, newWords, packRow, unpackRow } from './packed-rows.ts';

export interface CacheOptions {
  /** The most that all data sets' features may take together, in units of 2^20 bytes. */
  readonly megabytes: number;
  /** false: nothing will be looked at twice. */
  readonly worthwhile: boolean;
  readonly shared: boolean;
}

/** 8 GB: engines have no longer arrays. */
const MOST_WORDS = 2 ** 31;

/**
 * The data sets with one room for the features of all. Once it is full, further samples are computed again each time.
 * Unchanged where the plan has no cut.
 */
export function cacheFeatures(
  { cut }: Plan,
  dataSets: readonly (DataSet | null)[],
  { megabytes, worthwhile, shared }: CacheOptions,
): (DataSet | null)[] {
  const samples = dataSets.reduce((sum, data) => sum + (data?.samples ?? 0), 0);
  const sizes = cut.map(({ shape }) => sizeOf(shape));
  // Each piece has a word more than numbers.
  const wordsOfSample = sizes.reduce((sum, size) => sum + size + Math.ceil(size / LONGEST), 0);
  // Packed, they take less. Memory that nobody writes to takes no room in the machine.
  const room = Math.min(
    samples * wordsOfSample,
    (megabytes * 2 ** 20) / Uint32Array.BYTES_PER_ELEMENT,
    MOST_WORDS,
  );
  if (room < 1 || !worthwhile) return [...dataSets];
  const store: FeatureStore = {
    wordsOfSample,
    packed: newWords(Math.floor(room), shared),
    used: newWords(1, shared).words,
    places: newWords(samples, shared).words,
    weightsVersion: Number.NaN,
  };
  let end = 0;
  return dataSets.map((data) => {
    if (!data) return null;
    end += data.samples;
    return { ...data, cache: { store, from: end - data.samples } };
  });
}

/** Whether a sample's rows are kept. */
export function isKept({ store, from }: FeatureCache, sample: number): boolean {
  return store.places[from + sample] !== 0;
}

/** Numbers of a tensor that are packed together, as bits: of row n those from n · size + first to n · size + end. */
export interface Piece {
  readonly bits: Uint32Array;
  readonly size: number;
  readonly first: number;
  readonly end: number;
}

/** Keeps row n of each tensor of the cut for a sample, if there is room. */
export function keepRows(
  { store, from }: FeatureCache,
  sample: number,
  cut: readonly Piece[],
  n: number,
): void {
  // Only once they are packed is it known how much room they need.
  if (scratch.words.length < 2 * store.wordsOfSample) scratch = newWords(2 * store.wordsOfSample, false);
  let count = 0;
  for (const { bits, size, first, end } of cut) {
    count = packRow(bits, n * size + first, n * size + end, scratch, count);
  }
  const at = claim(store, count);
  if (at < 0) return;
  store.packed.words.set(scratch.words.subarray(0, count), at);
  store.places[from + sample] = at + 1;
}

/** Where this thread packs rows. */
let scratch = newWords(0, false);

/** Writes what is kept for a sample to row n of each tensor of the cut. */
export function recallRows(
  { store, from }: FeatureCache,
  sample: number,
  cut: readonly Piece[],
  n: number,
): void {
  let at = store.places[from + sample] - 1;
  for (const { bits, size, first, end } of cut) {
    at = unpackRow(store.packed, at, bits, n * size + first, n * size + end);
  }
}

/** Forgets all rows, of all data sets, unless these weights computed them. */
export function dropOldRows({ store }: FeatureCache, weightsVersion: number): void {
  if (store.weightsVersion === weightsVersion) return;
  store.weightsVersion = weightsVersion;
  store.used[0] = 0;
  store.places.fill(0);
}

/** Takes so many words for this thread alone. @returns the first; −1: there aren't so many left */
function claim({ packed, used }: FeatureStore, count: number): number {
  for (;;) {
    const first = Atomics.load(used, 0);
    if (first + count > packed.words.length) return -1;
    if (Atomics.compareExchange(used, 0, first, first + count) === first) return first;
  }
}
