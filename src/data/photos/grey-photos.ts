/** A folder of photos as a data set of small grey images, such as the experiment takes. */
import { readPhoto } from '#photos';
import type { ImageDataset, MnistData } from '../dataset.ts';
import { DataError } from '../errors.ts';
import { mnistData } from '../mnist-data.ts';
import { decodeFiles, type SkippedPhoto } from './decode-files.ts';
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
  /** Called for a file that is no photo, which is then left out; absent: it is an error. */
  readonly skip?: ((bad: SkippedPhoto) => void) | undefined;
  /** What such an error says to do. */
  readonly advice?: string;
}

/**
 * The photos of a folder, one folder per class: grey, resized so that all their pixels count, a byte a pixel. A class is the number that its
 * folder is called by; where folders have other names, its place in their order, counted from 0.
 * @throws DataError for the folder or a file in it that `skip` doesn't take, RangeError for a share that leaves a class without photos in a half.
 */
export async function loadGreyPhotos(
  folder: string,
  { size, testSplit, seed, skip, advice }: GreyPhotos,
): Promise<MnistData> {
  const { classNames, train, test } = splitPhotos(folder, { testSplit, seed });
  const numbers = numbersOf(classNames, folder);
  const read = async ({ files, labels }: LabelledFiles): Promise<ImageDataset> => {
    const { pixels, good, bad } = await decodeGrey(files, [size, size], readPhoto, {
      skipBad: !!skip,
      advice,
    });
    for (const photo of bad) skip?.(photo);
    return {
      images: pixels,
      labels: Uint8Array.from(good, (place) => numbers[labels[place]]),
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
  return (await decodeGrey(files, size, read, { skipBad: false })).pixels;
}

/** The same of those that can be decoded. */
async function decodeGrey(
  files: readonly string[],
  size: readonly [height: number, width: number],
  read: (file: string) => Uint8Array,
  { skipBad, advice }: { readonly skipBad: boolean; readonly advice?: string | undefined },
): Promise<{ pixels: Uint8Array; good: Int32Array; bad: readonly SkippedPhoto[] }> {
  const task = { files, resize: { size, antialias: true }, channels: 1, skipBad, advice } as const;
  const decoded = await decodeFiles('photos', task, read);
  return { ...decoded, pixels: Uint8Array.from(decoded.pixels, Math.round) };
}

/** The number of each class: its own where all folders are called by numbers, else its place. @throws DataError where there are too many. */
export function numbersOf(names: readonly string[], folder: string): readonly number[] {
  if (names.length > MOST_CLASSES) {
    throw new DataError(folder, `expected at most ${MOST_CLASSES} classes, got ${names.length}`);
  }
  const areNumbers = names.every((name) => /^(0|[1-9]\d{0,2})$/.test(name) && Number(name) < MOST_CLASSES);
  return names.map((name, place) => (areNumbers ? Number(name) : place));
}
