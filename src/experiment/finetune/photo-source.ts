/** Where a fine-tuning has photos and their features from: a folder that it reads, or what `degelo features` computed of one. */
import { splitPhotos } from '../../data/photos/grey-photos.ts';
import type { PhotoFolder } from '../../data/photos/photo-folder.ts';
import { VERSION } from '../../formats/version.ts';
import type { KernelName } from '../../kernels/kernels.ts';
import type { ConvolutionChoice } from '../../layers/convolution.ts';
import type { BaseOptions } from './base.ts';
import { listPhotos, splitJob } from './feature-job.ts';
import type { FeatureSet } from './feature-set.ts';
import { type Extraction, extractFeatures, type Features } from './features.ts';
import type { BadPhoto } from './photos.ts';

/** How a folder that isn't split becomes halves. */
interface Split {
  readonly testSplit: number;
  readonly seed: number;
}

export interface PhotoSource {
  /** What messages and results call it. */
  readonly name: string;
  /** Classes and halves. */
  readonly folder: PhotoFolder;
  /** Files that were left out before. */
  readonly skipped: readonly BadPhoto[];
  /** Whether the photos are at hand, to be looked at and to train thawed layers on. */
  readonly hasPhotos: boolean;
  /** The features of files of the folder, in their order. */
  featuresOf(files: readonly string[], work: Extraction): Promise<Features>;
}

/** A folder of photos; one that is split already stays so. @throws as openPhotoFolder does. */
export function folderSource(images: string, { testSplit, seed }: Split): PhotoSource {
  return {
    name: images,
    folder: splitPhotos(images, { testSplit, seed }),
    skipped: [],
    hasPhotos: true,
    featuresOf: extractFeatures,
  };
}

/**
 * Features that were computed before.
 * @param place what messages call them
 * @param images the photos that they are of, where they are at hand
 * @throws RangeError where that folder holds others.
 */
export function featureSource(
  set: FeatureSet,
  place: string,
  images: string | undefined,
  split: Split,
): PhotoSource {
  const { names, job } = set;
  if (images !== undefined && listPhotos(images).photos.sha256 !== job.photos.sha256) {
    throw new RangeError(
      `--images: must hold the photos that the features are of: ${images} has others than ${place}`,
    );
  }
  const nameOf = new Map(names.map((name) => [images === undefined ? name : `${images}/${name}`, name]));
  return {
    name: images ?? place,
    folder: splitJob(job, [...nameOf.keys()], split),
    skipped: set.skipped,
    hasPhotos: images !== undefined,
    featuresOf: async (files) => set.take(files.map((file) => nameOf.get(file) ?? file)),
  };
}

/**
 * The base's options as these features have them.
 * @throws RangeError for one that is given and is another.
 */
export function settleBy({ job }: FeatureSet, given: BaseOptions): BaseOptions {
  const { cut, preprocessing } = job;
  const [height, width] = job.size;
  const size = [height, width] as const;
  const settled = { cut, size, preprocessing };
  const options = { cut: '--cut', size: '--size', preprocessing: '--preprocess' } as const;
  for (const [name, option] of Object.entries(options) as [keyof typeof options, string][]) {
    const own = given[name];
    if (own == null || `${own}` === `${settled[name]}`) continue;
    throw new RangeError(
      `${option}: must be as the features were computed: expected ${settled[name]}, got ${own} (leave out ${option})`,
    );
  }
  return { base: given.base, ...settled };
}

/** @throws RangeError where the features are of another base, or another version's, or those of other arithmetic. */
export function expectFeaturesOf(
  { job }: FeatureSet,
  run: { readonly baseSha256: string; readonly convolution: ConvolutionChoice; readonly kernel: KernelName },
): void {
  const refuse = (what: string, expected: string, got: string): never => {
    throw new RangeError(
      `--features: ${what} must be that of the features: expected ${expected}, got ${got}`,
    );
  };
  if (job.version !== VERSION) refuse('the version of degelo', job.version, VERSION);
  if (job.base.sha256 !== run.baseSha256) {
    refuse('the base', `${job.base.name} with SHA-256 ${job.base.sha256}`, run.baseSha256);
  }
  if (job.convolution !== run.convolution) refuse('--convolution', job.convolution, run.convolution);
  const isFused = run.kernel === 'fma';
  if ((job.kernel === 'fma') !== isFused) refuse('--kernel', job.kernel, isFused ? 'fma' : 'strict');
}
