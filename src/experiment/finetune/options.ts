/** What a fine-tuning takes: options and their defaults. */
import type { KernelChoice } from '../../kernels/index.ts';
import type { ConvolutionChoice } from '../../layers/convolution.ts';
import type { Preprocessing } from '../../model/preprocessing.ts';
import type { Model } from '../../training/model.ts';
import type { FeatureSet } from './feature-set.ts';

export const CLASS_WEIGHTS = ['none', 'balanced'] as const;
export type ClassWeighting = (typeof CLASS_WEIGHTS)[number];

/** What decides the result, beside the base and the photos. */
export interface FinetuneChoices {
  /** The layer of the base that gives the features; null: what its classifier reads. */
  readonly cut: string | null;
  /** The size of photos that the network takes. */
  readonly size: readonly [height: number, width: number];
  readonly preprocessing: Preprocessing;
  /** Share of each class that is for the test, where the folder isn't split already. */
  readonly testSplit: number;
  readonly hidden: number;
  readonly dropout: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly classWeights: ClassWeighting;
  /** How many of the base's last layers are thawed, or the name of the first of them; null: none. */
  readonly thaw: number | string | null;
  readonly thawEpochs: number;
  readonly thawLearningRate: number;
  readonly seed: number;
  readonly convolution: ConvolutionChoice;
}

/** The defaults are those of Keras' guide on transfer learning, where it has one. */
export const FINETUNE_DEFAULTS = {
  testSplit: 0.2,
  hidden: 0,
  dropout: 0.2,
  // Of few photos accuracy still rises after 20, and a head's epoch takes a fraction of a second.
  epochs: 60,
  batchSize: 32,
  learningRate: 0.001,
  classWeights: 'none',
  thawEpochs: 10,
  thawLearningRate: 0.00001,
  seed: 0,
  kernel: 'auto',
  convolution: 'auto',
  featureCacheMB: 256,
} as const;

/** Which photos: a folder of them, or features that were computed before, and perhaps the folder that these are of. */
export type ChosenPhotos =
  | {
      /** Folder of photos, one folder per class; `train` and `test` in it, or one that is split by the seed. */
      readonly images: string;
      readonly features?: never;
    }
  | {
      readonly images?: string;
      /** The features of all photos, and what messages call the place where they were. */
      readonly features: { readonly set: FeatureSet; readonly source: string };
    };

export type FinetuneOptions = CommonOptions & ChosenPhotos;

export interface CommonOptions
  extends Partial<Omit<FinetuneChoices, 'cut' | 'size' | 'preprocessing' | 'thaw'>> {
  readonly base: { readonly model: Model; readonly source: string };
  readonly cut?: string | null;
  /** Unless given, as the base takes them. */
  readonly size?: readonly [height: number, width: number];
  /** Unless given, as the base says. */
  readonly preprocessing?: Preprocessing;
  readonly thaw?: number | string | null;
  /** Leave out files that are no photos. */
  readonly skipBad?: boolean;
  readonly threads?: number;
  readonly kernel?: KernelChoice;
  /** The most megabytes of activations that are kept while layers are thawed; 0: none. */
  readonly featureCacheMB?: number;
  readonly signal?: AbortSignal;
}
