/** A folder of photos as a data set of small grey images, such as the experiment takes. */
import { readPhoto } from '#photos';
import type { ImageDataset, MnistData } from '../dataset.ts';
import { DataError } from '../errors.ts';
import { mnistData } from '../mnist-data.ts';
import { decodeFiles } from './decode-files.ts';
import { type LabelledFiles, openPhotoFolder, type PhotoFolder } from './photo-folder.ts';

/** Labels are bytes. */
const MOST_CLASSES = 256;

/** What the source of such a data set begins with, for people; the models of older runs have nothing else to tell what they take. */
export const GREY_PHOTOS = 'photos in ';

/** How photos become small images. */
export interface GreyPhotos {
  /** Pixels of a side. */
  readonly size: number;
  /** Share of each class that is for the test, where the folder isn't split already. */
  readonly testSplit: number;
  readonly seed: number;
}

/**
 * The photos of a folder, one folder per class: grey, resized so that all their pixels count, a byte a pixel. A class is the number that its
 * folder is called by; where folders have other names, its place in their order, counted from 0.
 * @throws DataError for the folder or a file in it, RangeError for a share that leaves a class without photos in a half.
 */
export async function loadGreyPhotos(
  folder: string,
  { size, testSplit, seed }: GreyPhotos,
): Promise<MnistData> {
  const { classNames, train, test } = splitPhotos(folder, { testSplit, seed });
  const numbers = numbersOf(classNames, folder);
  const read = async ({ files, labels }: LabelledFiles): Promise<ImageDataset> => {
    return {
      images: await greyPhotos(files, [size, size], readPhoto),
      labels: Uint8Array.from(labels, (label) => numbers[label]),
      height: size,
      width: size,
    };
  };
  const source = `${GREY_PHOTOS}${folder}, grey, ${size}×${size}`;
  return { ...mnistData(source, await read(train), await read(test)), content: 'photo' };
}

/** A folder's two halves: as it is split, or a share drawn by the seed. @throws as loadGreyPhotos does. */
export function splitPhotos(
  folder: string,
  { testSplit, seed }: Pick<GreyPhotos, 'testSplit' | 'seed'>,
): PhotoFolder {
  const open = (share: number): PhotoFolder =>
    openPhotoFolder(folder, { testSplit: share, perClass: Infinity, seed });
  const whole = open(0);
  return whole.test.files.length > 0 ? whole : open(testSplit);
}

/**
 * Photos one after the other as small grey images, [n, height, width], a byte a pixel.
 * @param read gives a file's bytes
 * @throws DataError naming a file that can't be decoded.
 */
export async function greyPhotos(
  files: readonly string[],
  size: readonly [height: number, width: number],
  read: (file: string) => Uint8Array,
): Promise<Uint8Array> {
  const task = { files, resize: { size, antialias: true }, channels: 1, skipBad: null } as const;
  const { pixels } = await decodeFiles('photos', task, read);
  return Uint8Array.from(pixels, Math.round);
}

/** The number of each class: its own where all folders are called by numbers, else its place. @throws DataError where there are too many. */
export function numbersOf(names: readonly string[], folder: string): readonly number[] {
  if (names.length > MOST_CLASSES) {
    throw new DataError(folder, `expected at most ${MOST_CLASSES} classes, got ${names.length}`);
  }
  const areNumbers = names.every((name) => /^(0|[1-9]\d{0,2})$/.test(name) && Number(name) < MOST_CLASSES);
  return names.map((name, place) => (areNumbers ? Number(name) : place));
}
