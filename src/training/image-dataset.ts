/**
 * A folder of photos as batches that `fit` and `evaluate` take one by one: decoded as they are needed, so that memory holds a few batches,
 * however many photos there are.
 */
import { createPhotoPool, type PhotoPool } from '#photos';
import { defaultThreads } from '#pool';
import { knownOptions, noMoreArguments } from '../checks/options.ts';
import { flag, integerAtLeastZero, positiveInteger } from '../checks/values.ts';
import type { DecodedFiles, DecodeTask, SkippedPhoto } from '../data/photos/decode-files.ts';
import {
  expectPhotoOptions,
  type LoadImagesOptions,
  openPhotos,
  PHOTO_OPTIONS,
} from '../data/photos/load-images.ts';
import type { LabelledFiles } from '../data/photos/photo-folder.ts';
import { deriveKey, Purpose, permutation } from '../tensor/random.ts';
import { Tensor } from '../tensor/tensor.ts';

/** Which photos of a folder are taken, how, and in which batches. */
export interface ImageDatasetOptions extends LoadImagesOptions {
  /** Photos in a batch; the last of an epoch may have fewer. Default: 32. */
  batchSize?: number;
  /** Deal the training half in another order each epoch, which the seed and the epoch's number decide. Default: true. */
  shuffle?: boolean;
  /** Threads that decode; 0: the calling one. Default: one a core. */
  threads?: number;
}

/** Photos [n, height, width, channels], from 0 to 255, and the number of each one's class. */
export type ImageBatch = readonly [x: Tensor<Float32Array>, y: Int32Array];

/**
 * Batches of one half, begun anew by each call: `fit` calls it once an epoch.
 *
 *   for await (const [x, y] of data.test()) …
 */
export interface ImageBatches {
  (epoch?: number): AsyncGenerator<ImageBatch, void, undefined>;
  /** Photos, and batches of an epoch, where none is left out. */
  readonly samples: number;
  readonly batches: number;
  /** All photos with the numbers of their classes, in the folder's order. */
  readonly files: readonly string[];
  readonly labels: Int32Array;
}

/** What `imageDataset` gives. */
export interface ImageDataset {
  /** Names of the folders: label k is the class `classNames[k]`. */
  readonly classNames: readonly string[];
  readonly train: ImageBatches;
  /** In the folder's order; without batches where nothing is for the test. */
  readonly test: ImageBatches;
  /** Files that were left out so far, with `skipBad`. */
  readonly skipped: readonly SkippedPhoto[];
}

const OPTIONS = [...PHOTO_OPTIONS, 'batchSize', 'shuffle', 'threads'];

/**
 * The photos of a folder, a folder a class, as `loadImages` takes them, but read batch by batch.
 *
 *   const data = imageDataset('photos', { size: 224, testSplit: 0.2 });
 *   await model.fit(data.train, { epochs: 5, validationData: data.test }); // sparseCategoricalCrossentropy
 *
 * Batches are decoded by threads of their own, the next one while the model works on the one before. The same seed deals the same
 * batches, whatever the number of threads; a training that goes on from a checkpoint goes on with the batch that it would have had.
 * @throws DataError for a folder that isn't as described; TypeError or RangeError for an option. A file that is no photo is a DataError
 *   when its batch is read, unless `skipBad`.
 */
export function imageDataset(folder: string | URL, options: ImageDatasetOptions): ImageDataset {
  const where = 'imageDataset';
  noMoreArguments(where, arguments, 2, 'imageDataset(folder, { size: 224 })');
  const given = knownOptions(where, options, OPTIONS, expectPhotoOptions(where));
  const { resizer, channels, skipBad, photos, seed } = openPhotos(where, folder, given);
  const batchSize = positiveInteger(where, 'batchSize', given.batchSize ?? 32);
  const shuffle = flag(where, 'shuffle', given.shuffle ?? true);
  const threads = integerAtLeastZero(where, 'threads', given.threads ?? defaultThreads());
  const skipped = new Map<string, SkippedPhoto>();
  const list: SkippedPhoto[] = [];
  const resize = resizer.options;

  const half = ({ files, labels }: LabelledFiles, shuffled: boolean): ImageBatches => {
    const task = (places: Int32Array): DecodeTask => ({
      files: Array.from(places, (n) => files[n]),
      ...{ resize, channels, skipBad },
    });
    const joined = (places: Int32Array, parts: readonly DecodedFiles[]): ImageBatch => {
      for (const photo of parts.flatMap(({ bad }) => bad)) {
        if (!skipped.has(photo.file)) list.push(photo);
        skipped.set(photo.file, photo);
      }
      const count = parts.reduce((sum, { good }) => sum + good.length, 0);
      const shape = [count, resizer.height, resizer.width, channels];
      const pixels = join(
        parts,
        shape.reduce((product, d) => product * d, 1),
      );
      const y: number[] = [];
      let offset = 0;
      for (const { good, bad } of parts) {
        for (const i of good) y.push(labels[places[offset + i]]);
        offset += good.length + bad.length;
      }
      return [new Tensor(pixels, shape), Int32Array.from(y)];
    };
    async function* batches(epoch = 0): AsyncGenerator<ImageBatch, void, undefined> {
      const order = shuffled
        ? permutation(
            deriveKey(seed, Purpose.photos, 0, 1 + integerAtLeastZero(where, 'epoch', epoch)),
            files.length,
          )
        : Int32Array.from(files.keys());
      const pool = createPhotoPool(threads);
      try {
        const read = (from: number): Promise<ImageBatch> | null => {
          const places = order.subarray(from, from + batchSize);
          return places.length === 0
            ? null
            : decodeParts(pool, task(places)).then((parts) => joined(places, parts));
        };
        let next = read(0);
        for (let from = 0; next; from += batchSize) {
          const batch = await next;
          // Decoded while this one is worked on. What goes wrong then is said when it is asked for.
          next = read(from + batchSize);
          next?.catch(() => {});
          if (batch[1].length > 0) yield batch;
        }
      } finally {
        await pool.destroy();
      }
    }
    return Object.assign(batches, {
      samples: files.length,
      batches: Math.ceil(files.length / batchSize),
      files,
      labels,
    });
  };
  return {
    classNames: photos.classNames,
    train: half(photos.train, shuffle),
    test: half(photos.test, false),
    skipped: list,
  };
}

/** A batch in as many parts as there are threads, in their order. */
function decodeParts(pool: PhotoPool, task: DecodeTask): Promise<DecodedFiles[]> {
  const { files } = task;
  const parts = Math.max(1, Math.min(pool.threads, files.length));
  return Promise.all(
    Array.from({ length: parts }, (_, p) =>
      pool.decode({
        ...task,
        files: files.slice(
          Math.floor((p * files.length) / parts),
          Math.floor(((p + 1) * files.length) / parts),
        ),
      }),
    ),
  );
}

/** All parts' pixels. Not in shared memory, which is let go late: `fit` copies each batch to where its threads see it. */
function join(parts: readonly DecodedFiles[], length: number): Float32Array {
  const pixels = new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    pixels.set(part.pixels, at);
    at += part.pixels.length;
  }
  return pixels;
}
