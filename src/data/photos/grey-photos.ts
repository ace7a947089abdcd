/** A folder of photos as a data set of small grey images, such as the experiment takes. */
import { readPhoto } from '#photos';
import type { ImageDataset, MnistData } from '../dataset.ts';
import { DataError } from '../errors.ts';
import { mnistData } from '../mnist-data.ts';
import { decodeFiles } from './decode-files.ts';
import { type LabelledFiles, openPhotoFolder, type PhotoFolder } from './photo-folder.ts';

/** Labels are bytes. */
const MOST_CLASSES = 256;

/** How photos become small images. */
export interface GreyPhotos {
  /** Pixels of a side. */
  readonly size: number;
  /** Share of each class that is for the test, where the folder isn't split already. */
  readonly testSplit: number;
  readonly seed: number;
}

/**
 * The photos of a folder, a folder a class: grey, resized so that all their pixels count, a byte a pixel. A class is the number that its
 * folder is called by; where folders have other names, its place in their order, counted from 0.
 * @throws DataError for the folder or a file in it, RangeError for a share that leaves a class without photos in a half.
 */
export async function loadGreyPhotos(
  folder: string,
  { size, testSplit, seed }: GreyPhotos,
): Promise<MnistData> {
  const open = (share: number): PhotoFolder =>
    openPhotoFolder(folder, { testSplit: share, perClass: Infinity, seed });
  const whole = open(0);
  const { classNames, train, test } = whole.test.files.length > 0 ? whole : open(testSplit);
  const numbers = numbersOf(classNames, folder);
  const read = async ({ files, labels }: LabelledFiles): Promise<ImageDataset> => {
    const task = { files, resize: { size, antialias: true }, channels: 1, skipBad: false } as const;
    const { pixels } = await decodeFiles('transfer', task, readPhoto);
    return {
      images: Uint8Array.from(pixels, Math.round),
      labels: Uint8Array.from(labels, (label) => numbers[label]),
      height: size,
      width: size,
    };
  };
  return mnistData(`photos in ${folder}, grey, ${size}×${size}`, await read(train), await read(test));
}

function numbersOf(names: readonly string[], folder: string): readonly number[] {
  if (names.length > MOST_CLASSES) {
    throw new DataError(folder, `expected at most ${MOST_CLASSES} classes, got ${names.length}`);
  }
  const areNumbers = names.every((name) => /^(0|[1-9]\d{0,2})$/.test(name) && Number(name) < MOST_CLASSES);
  return names.map((name, place) => (areNumbers ? Number(name) : place));
}
