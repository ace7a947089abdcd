/**
 * The extraction of the features of many photos, as a job that is dealt to tasks: which base, how it takes photos, which photos, in how
 * many cells. Two jobs that are equal have the same features, to the bit, wherever they are computed.
 */
import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { openPhotoFolder, type PhotoFolder, splitClasses } from '../../data/photos/photo-folder.ts';
import { FormatError } from '../../formats/errors.ts';
import { fieldReader, isNames, isOneOf, isString } from '../../formats/fields.ts';
import { isCount, isCounts, isObject, parseJsonObject } from '../../formats/json.ts';
import { CONVOLUTION_CHOICES, type ConvolutionChoice } from '../../layers/convolution.ts';
import { PREPROCESSINGS, type Preprocessing } from '../../model/preprocessing.ts';

/** All that decides the features. */
export interface FeatureJob {
  readonly version: string;
  /** Up to the cut: its name, and the hash of its layers and weights. */
  readonly base: { readonly name: string; readonly sha256: string };
  /** The layer whose output the features are. */
  readonly cut: string;
  /** Numbers of a photo's features. */
  readonly width: number;
  readonly size: readonly number[];
  readonly preprocessing: Preprocessing;
  readonly convolution: ConvolutionChoice;
  /** The strict kernels have the same bits everywhere; those of fma depend on the machine. */
  readonly kernel: 'strict' | 'fma';
  readonly classes: readonly string[];
  /** Of each class, in the folder's halves; of a folder that isn't split all are in `train`. Files that are no photos count too. */
  readonly photos: {
    readonly train: readonly number[];
    readonly test: readonly number[];
    /** Of the files' names, in their order: a photo that comes or goes makes another job. */
    readonly sha256: string;
  };
  readonly cells: number;
}

/** The photos of a job, in the order in which cells take them: the training half's, class by class, then the test half's. */
export interface PhotoList {
  readonly classes: readonly string[];
  readonly files: readonly string[];
  /** Relative to the folder, with slashes. */
  readonly names: readonly string[];
  readonly photos: FeatureJob['photos'];
}

/** What a folder holds. @throws DataError as openPhotoFolder does. */
export function listPhotos(folder: string): PhotoList {
  const { classNames, train, test } = openPhotoFolder(folder, { testSplit: 0, perClass: Infinity, seed: 0 });
  const files = [...train.files, ...test.files];
  const names = files.map((file) => relative(folder, file).replaceAll('\\', '/'));
  const counts = ({ labels }: PhotoFolder['train']): number[] =>
    classNames.map((_, k) => labels.reduce((sum, label) => sum + Number(label === k), 0));
  const sha256 = createHash('sha256').update(JSON.stringify(names)).digest('hex');
  return { classes: classNames, files, names, photos: { train: counts(train), test: counts(test), sha256 } };
}

/** Files of a job, good and bad. */
export function photoCount({ photos: { train, test } }: Pick<FeatureJob, 'photos'>): number {
  return [...train, ...test].reduce((sum, count) => sum + count, 0);
}

/** Class and half of each file, by its place. */
export function labelsOf({ photos: { train, test } }: Pick<FeatureJob, 'photos'>): {
  readonly labels: Int32Array;
  /** 1 for each photo of the test, else 0. */
  readonly isTest: Uint8Array;
} {
  const labels = [...train, ...test].flatMap((count, i) => new Array<number>(count).fill(i % train.length));
  const inTrain = train.reduce((sum, count) => sum + count, 0);
  return {
    labels: Int32Array.from(labels),
    isTest: Uint8Array.from(labels, (_, place) => Number(place >= inTrain)),
  };
}

/**
 * The halves that a fine-tuning of these photos has: the folder's own, or those that the seed draws, just as where it reads them itself.
 * @param names of all files, by their place
 */
export function splitJob(
  { classes, photos: { train, test } }: FeatureJob,
  names: readonly string[],
  choice: { readonly testSplit: number; readonly seed: number },
): PhotoFolder {
  const inTrain = train.reduce((sum, count) => sum + count, 0);
  const byClass = (counts: readonly number[], begin: number): { name: string; files: string[] }[] => {
    let at = begin;
    return counts.map((count, k) => {
      at += count;
      return { name: classes[k], files: names.slice(at - count, at) };
    });
  };
  const whole = { testSplit: 0, perClass: Infinity, seed: 0 };
  if (inTrain === names.length) {
    return splitClasses('--features', byClass(train, 0), { ...choice, perClass: Infinity });
  }
  return {
    ...splitClasses('--features', byClass(train, 0), whole),
    test: splitClasses('--features', byClass(test, inTrain), whole).train,
  };
}

export function encodeJob(job: FeatureJob): string {
  return `${JSON.stringify(job, null, 2)}\n`;
}

/** Reads a job. @throws FormatError where it is damaged, or something else. */
export function parseJob(text: string, file: string): FeatureJob {
  const root = parseJsonObject(text, file);
  const field = fieldReader(file);
  const [base, photos] = ['base', 'photos'].map((name) => field(name, root[name], 'an object', isObject));
  const string = (path: string, value: unknown): string => field(path, value, 'a string', isString);
  const count = (name: string): number => field(name, root[name], 'an integer ≥ 0', isCount);
  const classes = field('classes', root.classes, 'a list of names', isNames);
  const isByClass = (value: unknown): value is readonly number[] =>
    isCounts(value) && value.length === classes.length;
  const counts = (half: 'train' | 'test'): readonly number[] =>
    field(`photos.${half}`, photos[half], `${classes.length} integers ≥ 0`, isByClass);
  const job: FeatureJob = {
    version: string('version', root.version),
    base: { name: string('base.name', base.name), sha256: string('base.sha256', base.sha256) },
    cut: string('cut', root.cut),
    width: count('width'),
    size: field('size', root.size, 'a list of integers ≥ 0', isCounts),
    preprocessing: field(
      'preprocessing',
      root.preprocessing,
      PREPROCESSINGS.join(', '),
      isOneOf(PREPROCESSINGS),
    ),
    convolution: field('convolution', root.convolution, 'a convolution', isOneOf(CONVOLUTION_CHOICES)),
    kernel: field('kernel', root.kernel, '"strict" or "fma"', isOneOf(['strict', 'fma'])),
    classes,
    photos: { train: counts('train'), test: counts('test'), sha256: string('photos.sha256', photos.sha256) },
    cells: count('cells'),
  };
  if (job.cells < 1 || job.cells > photoCount(job)) {
    throw new FormatError(file, `cells must be from 1 to ${photoCount(job)}, the photos: got ${job.cells}`);
  }
  return job;
}

/** In what a job differs from the one that is expected, for a message; null where they are the same. */
export function differenceOf(expected: FeatureJob, got: FeatureJob): string | null {
  for (const [name, of] of ASPECTS) {
    const [should, is] = [expected, got].map((job) => JSON.stringify(of(job)));
    if (should !== is) return `${name}: expected ${should}, got ${is}`;
  }
  return null;
}

/** The base's hash comes late: another cut or size changes it too. */
const ASPECTS: readonly (readonly [string, (job: FeatureJob) => unknown])[] = [
  ['version of degelo', ({ version }) => version],
  ['base', ({ base }) => base.name],
  ['cut', ({ cut }) => cut],
  ['size of photos', ({ size }) => size],
  ['preprocessing', ({ preprocessing }) => preprocessing],
  ['base, SHA-256', ({ base }) => base.sha256],
  ['features a photo', ({ width }) => width],
  ['convolution', ({ convolution }) => convolution],
  ['kernel', ({ kernel }) => kernel],
  ['classes', ({ classes }) => classes],
  ['photos', ({ photos }) => photos],
  ['number of cells', ({ cells }) => cells],
];
