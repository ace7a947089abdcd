/** The photos of a fine-tuning in their two halves, with the features that the base makes of them. */
import { createHash } from 'node:crypto';
import { Tensor } from '../../tensor/tensor.ts';
import type { Extraction, Features } from './features.ts';
import type { Setup } from './setup.ts';

/** One half: those that could be read. */
export interface Half {
  readonly files: readonly string[];
  readonly labels: Int32Array;
  /** [n, width] */
  readonly features: Tensor;
  /** SHA-256 of each file. */
  readonly hashes: readonly string[];
}

export interface Halves {
  readonly train: Half;
  readonly test: Half;
}

/** Who hears of the work on features, and where they are kept. */
export interface FeatureWork extends Pick<Extraction, 'store' | 'skip'> {
  /** So many of all files are done. */
  onProgress(done: number, files: number): Promise<void>;
}

/**
 * Computes the features of both halves, or takes what is there.
 * @returns the halves, and how many photos' features were there
 * @throws RangeError where all photos of a class in a half were left out; DataError for a file that is no photo, unless `skip` takes it.
 */
export async function featuresOfHalves(
  { source, network, options: { signal } }: Setup,
  { store, skip, onProgress }: FeatureWork,
): Promise<Halves & { readonly stored: number }> {
  const { train, test } = source.folder;
  const { extractor, width, size } = network;
  const files = train.files.length + test.files.length;
  const read = (half: typeof train, before: number): Promise<Features> =>
    source.featuresOf(half.files, {
      ...{ extractor, width, size, store },
      ...(skip && { skip }),
      ...(signal && { signal }),
      onProgress: (seen) => onProgress(before + seen, files),
    });
  const trained = await read(train, 0);
  const tested = await read(test, train.files.length);
  const halves = { train: halfOf(train, trained, width), test: halfOf(test, tested, width) };
  expectEveryClass(source.name, source.folder.classNames, halves);
  return { ...halves, stored: trained.stored + tested.stored };
}

function halfOf(half: { files: readonly string[]; labels: Int32Array }, done: Features, width: number): Half {
  return {
    files: done.places.map((place) => half.files[place]),
    labels: Int32Array.from(done.places, (place) => half.labels[place]),
    features: new Tensor(done.data, [done.places.length, width]),
    hashes: done.hashes,
  };
}

/** @throws RangeError where all photos of a class in a half were left out. */
function expectEveryClass(folder: string, classNames: readonly string[], halves: Halves): void {
  for (const [name, { labels }] of Object.entries(halves)) {
    const missing = classNames.find((_, k) => !labels.includes(k));
    if (missing !== undefined) {
      throw new RangeError(
        `${folder}: every class needs photos to ${name === 'test' ? 'test with' : 'train on'}: got none of ${missing}`,
      );
    }
  }
}

/** Of the classes, the halves and the photos themselves; their places and names count as nothing. */
export function dataHash(classNames: readonly string[], { train, test }: Halves): string {
  const hash = createHash('sha256').update(JSON.stringify(classNames));
  for (const [name, { labels, hashes }] of Object.entries({ train, test })) {
    for (const [n, photo] of hashes.entries()) hash.update(`${name} ${labels[n]} ${photo}\n`);
  }
  return hash.digest('hex');
}

/** The same photos at several places, by the SHA-256 of their files. */
export interface Twins {
  /** Photos of the test that are trained on too. */
  readonly inBothHalves: readonly string[];
  /** Photos that are in another class before: what is to be learnt of them contradicts itself. */
  readonly inTwoClasses: readonly (readonly [file: string, before: string])[];
}

export function twinsOf({ train, test }: Halves): Twins {
  const trained = new Set(train.hashes);
  const inBothHalves = test.files.filter((_, n) => trained.has(test.hashes[n]));
  const first = new Map<string, { readonly file: string; readonly label: number }>();
  const inTwoClasses: [string, string][] = [];
  for (const { files, labels, hashes } of [train, test]) {
    for (const [n, hash] of hashes.entries()) {
      const before = first.get(hash);
      if (!before) first.set(hash, { file: files[n], label: labels[n] });
      else if (before.label !== labels[n]) inTwoClasses.push([files[n], before.file]);
    }
  }
  return { inBothHalves, inTwoClasses };
}

/** How many photos are trained on and tested with. */
export function samplesOf({ train, test }: Halves): { train: number; test: number } {
  return { train: train.labels.length, test: test.labels.length };
}

/** Photos of each class. */
export function countsOf({ labels }: Half, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]++;
  return counts;
}

/** A class's weight is N/(K·n): all classes count the same together (scikit-learn's `balanced`). */
export function balancedWeights(half: Half, classes: number): Record<number, number> {
  const counts = countsOf(half, classes);
  return Object.fromEntries(counts.map((count, k) => [k, half.labels.length / (classes * count)]));
}
