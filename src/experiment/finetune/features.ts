/** The features of photos, computed once each: what costs in transfer learning, and what a run that continues needn't do again. */
import type { Tensor } from '../../tensor/tensor.ts';
import type { Model } from '../../training/model.ts';
import { type BadPhoto, portions } from './photos.ts';

/** Photos whose features are computed at a time: two portions of pixels are in memory, as floats. */
const PORTION = 16;

/** Features that are there from an earlier run, and where new ones are kept. */
export interface FeatureStore {
  /** The features of a photo, found by the SHA-256 of its file. */
  get(hash: string): Float32Array | undefined;
  add(hashes: readonly string[], features: Tensor): Promise<void>;
  /** All that was added is kept. */
  flush(): Promise<void>;
}

/** The photos of one half that could be read. */
export interface Features {
  /** Places in the list of files, ascending. */
  readonly places: readonly number[];
  /** [n], SHA-256 of each. */
  readonly hashes: readonly string[];
  /** [n, width] */
  readonly data: Float32Array;
  /** How many came from the store. */
  readonly stored: number;
}

export interface Extraction {
  readonly extractor: Model;
  /** Numbers of a photo's features. */
  readonly width: number;
  readonly size: readonly [height: number, width: number];
  readonly store: FeatureStore | null;
  readonly skip?: (bad: BadPhoto) => void;
  /** Called after every portion with the number of files that are done. */
  readonly onProgress?: (done: number) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

/**
 * The features of files, in their order.
 * @throws DataError for a file that is no photo, unless `skip` takes it; and the signal's reason.
 */
export async function extractFeatures(files: readonly string[], work: Extraction): Promise<Features> {
  const { extractor, width, size, store, skip, onProgress, signal } = work;
  const data = new Float32Array(files.length * width);
  const hashOf = new Map<number, string>();
  let stored = 0;
  const reading = {
    ...{ size, portion: PORTION },
    ...(store && { needed: (hash: string) => store.get(hash) === undefined }),
    ...(skip && { skip }),
  };
  for await (const { places, hashes, known, x, seen } of portions(files, reading)) {
    signal?.throwIfAborted();
    for (const { place, hash } of known) {
      data.set(store?.get(hash) ?? [], place * width);
      hashOf.set(place, hash);
      stored++;
    }
    if (places.length > 0) {
      const features = await extractor.predict(x, { batchSize: PORTION });
      for (const [n, place] of places.entries()) {
        data.set(features.data.subarray(n * width, (n + 1) * width), place * width);
        hashOf.set(place, hashes[n]);
      }
      await store?.add(hashes, features);
    }
    await onProgress?.(seen);
  }
  await store?.flush();
  const places = [...hashOf.keys()].sort((a, b) => a - b);
  // What is left moves together, so that no second copy is needed.
  for (const [n, place] of places.entries()) data.copyWithin(n * width, place * width, (place + 1) * width);
  return {
    places,
    hashes: places.map((place) => hashOf.get(place) as string), // each has one
    data: data.subarray(0, places.length * width),
    stored,
  };
}
