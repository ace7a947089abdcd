/**
 * What a folder of photos holds, before any is decoded: classes, the files of each, which half they belong to.
 *
 *   folder/cats/a.jpg  folder/dogs/b.jpg            one folder per class
 *   folder/train/cats/a.jpg  folder/test/cats/c.jpg    already split
 */

import { filesWithin, readFolder } from '#photos';
import { deriveKey, Purpose, permutation } from '../../tensor/random.ts';
import { crc32 } from '../crc32.ts';
import { DataError } from '../errors.ts';
import { quote } from '../text.ts';

/** Files with the number of their class. */
export interface LabelledFiles {
  readonly files: readonly string[];
  readonly labels: Int32Array;
}

/** The files of a folder of photos, by half; `test` is empty where nothing is for the test. */
export interface PhotoFolder {
  /** In the order of their letters' codes, as Keras sorts them; label k is classNames[k]. */
  readonly classNames: readonly string[];
  readonly train: LabelledFiles;
  readonly test: LabelledFiles;
}

/** Which photos are taken, and which of them are for the test. */
export interface ChoiceOfPhotos {
  /** Share of each class that is for the test, where the folder isn't split already. */
  readonly testSplit: number;
  /** Most photos of a class, in each half where the folder is split already; Infinity for all. */
  readonly perClass: number;
  readonly seed: number;
}

/** How a folder of photos may call its halves, in small letters or others: the one that is trained on, and the other. */
const TRAIN_NAMES = ['train', 'training'];
const TEST_NAMES = ['test', 'testing', 'validation', 'val', 'valid'];
/** Endings of what is surely meant as a photo, where only folders are expected. */
const PHOTO = /\.(jpe?g|png|gif|webp|bmp|tiff?|heic|avif)$/i;

/**
 * @throws DataError for a folder that holds no photos by class: what it holds, and what was expected; RangeError for a share that
 *   leaves a class without photos in a half.
 */
export function openPhotoFolder(folder: string, choice: ChoiceOfPhotos): PhotoFolder {
  const { folders } = readFolder(folder);
  const halves = folders.filter((name) => isAmong(TRAIN_NAMES, name) || isAmong(TEST_NAMES, name));
  if (halves.length > 1) return openSplit(folder, folders, halves, choice);
  return splitClasses(folder, readClasses(folder), choice);
}

/**
 * Chooses of each class, and splits it by the seed.
 * @param folder what messages call the photos' place
 * @throws RangeError for a share that leaves a class without photos in a half.
 */
export function splitClasses(
  folder: string,
  classes: readonly PhotoClass[],
  choice: ChoiceOfPhotos,
): PhotoFolder {
  const chosen = classes.map(({ name, files }) => {
    // By the class's name, so that another class beside it changes nothing.
    const key = deriveKey(choice.seed, Purpose.photos, crc32(new TextEncoder().encode(name)), 0);
    const order = permutation(key, files.length);
    const count = Math.min(files.length, choice.perClass);
    const test = Math.round(count * choice.testSplit);
    if (choice.testSplit > 0 && (test === 0 || test === count)) {
      throw new RangeError(
        `${folder}: testSplit must leave photos of each class in both halves: expected 2 or more of ${quote(name)} and a share ` +
          `between, got ${choice.testSplit} of ${count}`,
      );
    }
    const take = (from: number, to: number): string[] =>
      Array.from(order.subarray(from, to).sort(), (i) => files[i]);
    return { train: take(test, count), test: take(0, test) };
  });
  return {
    classNames: classes.map(({ name }) => name),
    train: labelled(chosen.map(({ train }) => train)),
    test: labelled(chosen.map(({ test }) => test)),
  };
}

function openSplit(
  folder: string,
  folders: readonly string[],
  halves: readonly string[],
  choice: ChoiceOfPhotos,
): PhotoFolder {
  const [half, ...others] = halves.filter((name) => isAmong(TRAIN_NAMES, name));
  if (half === undefined || others.length > 0 || halves.length !== 2 || folders.length !== 2) {
    throw new DataError(
      folder,
      `a split folder must hold train and one of ${TEST_NAMES.join(', ')}, and no third: got ${folders.join(', ')}: ` +
        'move what is not to be used elsewhere',
    );
  }
  if (choice.testSplit > 0) {
    throw new RangeError(
      `${folder}: testSplit is for a folder that isn't split: got ${halves.join(' and ')} in it`,
    );
  }
  const [other] = halves.filter((name) => name !== half);
  const [train, test] = [half, other].map((name) =>
    openPhotoFolder(`${folder}/${name}`, { ...choice, testSplit: 0 }),
  );
  if (train.classNames.join('\0') !== test.classNames.join('\0')) {
    throw new DataError(
      folder,
      `${half} and ${other} must have the same classes: got ${list(train.classNames)}, and ${list(test.classNames)}`,
    );
  }
  return { classNames: train.classNames, train: train.train, test: test.train };
}

/** A class, and all of its files in their order. */
export interface PhotoClass {
  readonly name: string;
  readonly files: readonly string[];
}

function readClasses(folder: string): PhotoClass[] {
  const { folders, files } = readFolder(folder);
  const loose = files.find((name) => PHOTO.test(name));
  if (loose !== undefined) {
    const where = folders.length === 0 ? 'directly in it' : 'beside the folders';
    throw new DataError(
      folder,
      `photos must be in one folder per class, as cats/1.jpg: got ${quote(loose)} ${where}`,
    );
  }
  if (folders.length < 2) {
    const got = folders.length === 0 ? 'none' : `one, ${quote(folders[0])}`;
    throw new DataError(
      folder,
      `expected one folder per class, two or more: got ${got}${folders.length === 0 ? '' : hintFor(folder, folders[0])}`,
    );
  }
  const seen = new Map<string, string>();
  for (const name of folders) {
    // Systems write é as one letter or as two, and show the same.
    const letters = name.normalize('NFC').toLowerCase();
    const alike = seen.get(letters);
    if (alike !== undefined) {
      throw new DataError(
        folder,
        `classes must differ in more than capital letters and how accents are written: got ${quote(alike)} and ${quote(name)}`,
      );
    }
    seen.set(letters, name);
  }
  return folders.map((name) => {
    const found = filesWithin(`${folder}/${name}`);
    if (found.length === 0)
      throw new DataError(`${folder}/${name}`, 'a class needs photos: got an empty folder');
    return { name, files: found };
  });
}

/** What may be meant where there is one folder alone. */
function hintFor(folder: string, only: string): string {
  if (isAmong([...TRAIN_NAMES, ...TEST_NAMES], only)) return ': a split folder holds train and test';
  const { folders } = readFolder(`${folder}/${only}`);
  return folders.length > 1 ? `: to take the ${folders.length} folders in it, give ${folder}/${only}` : '';
}

function isAmong(names: readonly string[], name: string): boolean {
  return names.includes(name.toLowerCase());
}

function labelled(byClass: readonly (readonly string[])[]): LabelledFiles {
  return {
    files: byClass.flat(),
    labels: Int32Array.from(byClass.flatMap((files, label) => files.map(() => label))),
  };
}

function list(names: readonly string[]): string {
  const few = names.slice(0, 10).map(quote);
  return names.length > few.length ? `${few.join(', ')}, … (${names.length} in all)` : few.join(', ');
}
