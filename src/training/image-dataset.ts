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
import { sizeOf, Tensor } from '../tensor/tensor.ts';
import { expectThreads } from './expect-threads.ts';

/** Which photos of a folder are taken, how, and in which batches. */
export interface ImageDatasetOptions extends LoadImagesOptions {
  /** Photos in a batch; the last of an epoch may have fewer. Default: 32. */
  batchSize?: number | undefined;
  /** Deal the training half in another order each epoch, which the seed and the epoch's number decide. Default: true. */
  shuffle?: boolean | undefined;
  /** Threads that decode; 0: the calling one. Default: one per core. */
  threads?: number | undefined;
}

/** Photos [n, height, width, channels], from 0 to 255, and the number of each one's class. */
export type ImageBatch = readonly [x: Tensor<Float32Array>, y: Int32Array];

/**
 * Batches of one half, begun again by each call: `fit` calls it once per epoch.
 *
 *     for await (const [x, y] of data.test()) …
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
 * The photos of a folder, one folder per class, as `loadImages` takes them, but read batch by batch.
 *
 *     const data = imageDataset('photos', { size: 224, testSplit: 0.2 });
 *     await model.fit(data.train, { epochs: 5, validationData: data.test }); // sparseCategoricalCrossentropy
 *
 * Other threads decode the next batch while the model works on the one before. The same seed gives the same batches, with any number
 * of threads. A training that continues from a checkpoint continues with the right batch.
 * @throws DataError for a folder that isn't as described; TypeError or RangeError for an option. A file that is no photo is a DataError
 *   when its batch is read, unless `skipBad`.
 */
export function imageDataset(folder: string | URL, options: ImageDatasetOptions): ImageDataset {
  const where = 'imageDataset';
  noMoreArguments(where, arguments, 2, 'imageDataset(folder, { size: 224 })');
  const given = knownOptions(where, options, OPTIONS, expectPhotoOptions(where));
  const batchSize = positiveInteger(where, 'batchSize', given.batchSize ?? 32);
  const shuffle = flag(where, 'shuffle', given.shuffle ?? true);
  const threads = integerAtLeastZero(where, 'threads', given.threads ?? defaultThreads());
  expectThreads(where, threads);
  const { resizer, channels, skipBad, advice, photos, seed } = openPhotos(where, folder, given);
  const skipped = new Map<string, SkippedPhoto>();
  const list: SkippedPhoto[] = [];
  const half = (files: LabelledFiles, shuffled: boolean): ImageBatches =>
    batchesOf(files, {
      task: { resize: resizer.options, channels, skipBad, advice },
      shape: [resizer.height, resizer.width, channels],
      order: (epoch) => (shuffled ? shuffledOrder(files, seed, epoch) : Int32Array.from(files.files.keys())),
      ...{ batchSize, threads },
      skip(photo) {
        if (!skipped.has(photo.file)) list.push(photo);
        skipped.set(photo.file, photo);
      },
    });
  return {
    classNames: photos.classNames,
    train: half(photos.train, shuffle),
    test: half(photos.test, false),
    skipped: list,
  };
}

/** How the batches of a half are made. */
interface Dealing {
  readonly task: Omit<DecodeTask, 'files'>;
  /** The shape of one photo. */
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Places of the photos, as an epoch has them. */
  order(epoch: number): Int32Array;
  readonly batchSize: number;
  readonly threads: number;
  /** Hears of every file that is left out, in each epoch. */
  skip(photo: SkippedPhoto): void;
}

/** Another one each epoch, which the seed and the epoch's number decide. */
function shuffledOrder({ files }: LabelledFiles, seed: number, epoch: number): Int32Array {
  const number = integerAtLeastZero('imageDataset', 'epoch', epoch);
  return permutation(deriveKey(seed, Purpose.photos, 0, 1 + number), files.length);
}

function batchesOf({ files, labels }: LabelledFiles, dealing: Dealing): ImageBatches {
  const { task, batchSize } = dealing;
  async function* batches(epoch = 0): AsyncGenerator<ImageBatch, void, undefined> {
    const order = dealing.order(epoch);
    const pool = createPhotoPool(dealing.threads);
    const read = async (from: number): Promise<ImageBatch> => {
      const places = order.subarray(from, from + batchSize);
      const parts = await decodeParts(pool, { ...task, files: Array.from(places, (n) => files[n]) });
      for (const photo of parts.flatMap(({ bad }) => bad)) dealing.skip(photo);
      return joined(
        parts,
        dealing.shape,
        Int32Array.from(places, (n) => labels[n]),
      );
    };
    try {
      let next = files.length > 0 ? read(0) : null;
      for (let from = 0; next; from += batchSize) {
        const batch = await next;
        // Decoded while this one is worked on. What goes wrong then is said when it is asked for.
        next = from + batchSize < files.length ? read(from + batchSize) : null;
        next?.catch(() => {});
        if (batch[1].length > 0) yield batch;
      }
    } finally {
      await pool.destroy();
    }
  }
  const count = { samples: files.length, batches: Math.ceil(files.length / batchSize) };
  return Object.assign(batches, { ...count, files, labels });
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

/**
 * A batch of its parts: those photos that could be read, with their labels.
 * @param labels of all files, in the parts' order
 */
function joined(parts: readonly DecodedFiles[], shape: readonly number[], labels: Int32Array): ImageBatch {
  const y: number[] = [];
  let offset = 0;
  for (const { good, bad } of parts) {
    for (const i of good) y.push(labels[offset + i]);
    offset += good.length + bad.length;
  }
  // Not in shared memory, which is let go late: `fit` copies each batch to where its threads see it.
  const pixels = new Float32Array(y.length * sizeOf(shape));
  let at = 0;
  for (const part of parts) {
    pixels.set(part.pixels, at);
    at += part.pixels.length;
  }
  return [new Tensor(pixels, [y.length, ...shape]), Int32Array.from(y)];
}
