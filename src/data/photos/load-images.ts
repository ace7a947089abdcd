/** A folder of photos as arrays that `fit` takes. */
import { fileUrlToPath, readPhoto } from '#photos';
import { describe } from '../../checks/describe.ts';
import { knownOptions, noMoreArguments, type OptionRules } from '../../checks/options.ts';
import { flag, numberWithin, positiveInteger, seedFrom } from '../../checks/values.ts';
import { allocate } from '../../tensor/memory.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { DataError } from '../errors.ts';
import { decodeFiles, type SkippedPhoto } from './decode-files.ts';
import { checkChannels } from './decode-image.ts';
import { type LabelledFiles, openPhotoFolder, type PhotoFolder } from './photo-folder.ts';
import { RESIZE_OPTIONS, type ResizeOptions, Resizer } from './resize-image.ts';

/** Which photos of a folder are taken, and how. */
export interface LoadImagesOptions extends ResizeOptions {
  /** 3: red, green and blue; 1: grey. Default: 3. */
  channels?: 1 | 3 | undefined;
  /** Share of each class that becomes the test half, drawn by the seed: 0.2 for a fifth. Default: 0, no test half. */
  testSplit?: number | undefined;
  /** Most photos of each class, drawn by the seed. Default: all. */
  perClass?: number | undefined;
  /** Which photos are drawn. Default: 0. */
  seed?: number | undefined;
  /** Leave out files that can't be decoded, and say which, rather than refuse the folder. Default: false. */
  skipBad?: boolean | undefined;
}

/** Photos with their classes. */
export interface LabelledImages {
  /** [N, height, width, channels] float32, from 0 to 255. */
  readonly x: Tensor<Float32Array>;
  /** [N], where label k is the class `classNames[k]`: what sparse categorical cross-entropy takes. */
  readonly labels: Int32Array;
  /** [N], where each is from. */
  readonly files: readonly string[];
}

/** What `loadImages` gives. */
export interface LoadedImages {
  /** Names of the folders, in the order of their letters' codes, as Keras sorts them. */
  readonly classNames: readonly string[];
  readonly train: LabelledImages;
  /** Without photos where nothing is for the test. */
  readonly test: LabelledImages;
  /** Files that were left out, with `skipBad`. */
  readonly skipped: readonly SkippedPhoto[];
}

export const PHOTO_OPTIONS = [
  ...RESIZE_OPTIONS,
  ...(['channels', 'testSplit', 'perClass', 'seed', 'skipBad'] as const),
];

/** What `knownOptions` is told of a function of a folder: how it is called, and Keras' names. */
export const expectPhotoOptions = (where: string): OptionRules => ({
  call: `${where}(folder, …)`,
  aliases: {
    imageSize: 'size',
    image_size: 'size',
    validationSplit: 'testSplit',
    validation_split: 'testSplit',
    colorMode: 'channels',
    color_mode: 'channels',
  },
});

/** A folder's photos, and how they are decoded. */
export interface PhotoOptions {
  readonly resizer: Resizer;
  readonly channels: 1 | 3;
  readonly skipBad: boolean;
  /** What to do about a file that is no photo. */
  readonly advice: string;
}

/**
 * The photos of a folder, one folder per class, decoded and resized; all of them in memory (`imageDataset` reads them as they are needed).
 *
 *     const { classNames, train, test } = await loadImages('photos', { size: 224, testSplit: 0.2 });
 *     await model.fit(train.x, train.labels, { validationData: [test.x, test.labels] });
 *
 * Where the folder holds `train` and `test` (or `validation`, `val`, `valid`), these are the halves. Folders within a class's folder
 * count too. Hidden files and what systems leave there (.DS_Store, Thumbs.db, desktop.ini) don't.
 * @param folder its path, or a file: URL
 * @throws DataError naming the file for what is no photo, and the folder for one that isn't as described; TypeError or RangeError
 *   for an option.
 */
export async function loadImages(folder: string | URL, options: LoadImagesOptions): Promise<LoadedImages> {
  noMoreArguments('loadImages', arguments, 2);
  const where = 'loadImages';
  const given = knownOptions(where, options, PHOTO_OPTIONS, expectPhotoOptions(where));
  const opened = openPhotos(where, folder, given);
  const { photos } = opened;
  const skipped: SkippedPhoto[] = [];
  const load = async (half: LabelledFiles): Promise<LabelledImages> => {
    const images = await decodeAll(where, half, opened, skipped);
    expectEveryClass(String(folder), photos, half, images);
    return images;
  };
  const train = await load(photos.train);
  return { classNames: photos.classNames, train, test: await load(photos.test), skipped };
}

/** Options that `loadImages` and `imageDataset` share, checked, and the folder looked over. */
export function openPhotos(
  where: string,
  folder: unknown,
  given: LoadImagesOptions,
): PhotoOptions & { readonly photos: PhotoFolder; readonly seed: number } {
  const seed = seedFrom(where, given.seed ?? 0);
  return {
    seed,
    resizer: new Resizer(where, given),
    channels: checkChannels(where, given.channels),
    skipBad: flag(where, 'skipBad', given.skipBad ?? false),
    advice: 'skipBad: true leaves out such files',
    photos: openPhotoFolder(pathOf(where, folder), {
      testSplit: numberWithin(where, 'testSplit', given.testSplit ?? 0, 0, 1),
      perClass: given.perClass === undefined ? Infinity : positiveInteger(where, 'perClass', given.perClass),
      seed,
    }),
  };
}

function pathOf(where: string, folder: unknown): string {
  if (folder instanceof URL && folder.protocol === 'file:') return fileUrlToPath(folder);
  if (typeof folder !== 'string' || folder === '') {
    throw new TypeError(`${where}: folder must be a path or a file: URL, got ${describe(folder)}`);
  }
  return folder;
}

async function decodeAll(
  where: string,
  { files, labels }: LabelledFiles,
  { resizer, channels, skipBad, advice }: PhotoOptions,
  skipped: SkippedPhoto[],
): Promise<LabelledImages> {
  const { height, width } = resizer;
  const room = makeRoom(where, files.length, height * width * channels);
  const task = { files, resize: resizer.options, channels, skipBad, advice };
  const { pixels, good, bad } = await decodeFiles(where, task, readPhoto, room);
  for (const photo of bad) skipped.push(photo);
  return {
    x: new Tensor(pixels, [good.length, height, width, channels]),
    labels: good.map((n) => labels[n]),
    files: Array.from(good, (n) => files[n]),
  };
}

/** Room for all photos, in memory that worker threads see where there is such. */
function makeRoom(where: string, photos: number, size: number): Float32Array {
  try {
    // allocate() gives a Float32Array for its default dtype; its type doesn't tell.
    return allocate(photos * size, { shared: typeof SharedArrayBuffer !== 'undefined' }) as Float32Array;
  } catch (cause) {
    throw new RangeError(
      `${where}: too large for the memory that is left: ${photos} photos of ${4 * size} bytes (imageDataset reads them as they are needed)`,
      { cause },
    );
  }
}

/** @throws DataError where all photos of a class were left out. */
function expectEveryClass(
  folder: string,
  { classNames }: PhotoFolder,
  half: LabelledFiles,
  images: LabelledImages,
): void {
  const left = new Set(images.labels);
  const missing = half.labels.find((label) => !left.has(label));
  if (missing === undefined) return;
  throw new DataError(folder, `a class needs photos: all files of ${classNames[missing]} are bad`);
}
