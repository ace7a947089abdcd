/** What a fine-tuning gives, as JSON holds it. */
import type { KernelName } from '../../kernels/kernels.ts';
import type { ConvolutionChoice } from '../../layers/convolution.ts';
import type { Preprocessing } from '../../model/preprocessing.ts';
import type { PhaseFigures } from '../result.ts';
import type { ClassWeighting } from './options.ts';
import type { BadPhoto } from './photos.ts';

/** A phase of a fine-tuning: the head on features, or the head and the top of the base. */
export interface FinetunePhaseResult extends PhaseFigures {
  /** The base's layers that were trained. */
  readonly layers: readonly string[];
}

export interface FinetuneResult {
  readonly version: string;
  readonly engine: string;
  readonly command: 'finetune';
  readonly base: { readonly source: string; readonly format: string; readonly sha256: string };
  readonly data: {
    readonly source: string;
    /** A SHA-256 of the classes, the halves and the bytes of all photos. */
    readonly sha256: string;
    readonly skipped: number;
  };
  readonly classes: readonly string[];
  readonly samples: { readonly train: number; readonly test: number };
  /** The number of photos of each class. */
  readonly samples_by_class: { readonly train: readonly number[]; readonly test: readonly number[] };
  readonly features: {
    readonly cut: string;
    readonly width: number;
    readonly size: readonly number[];
    readonly preprocessing: Preprocessing;
    /** Seconds that it took to compute them. Features that were there before took no time. */
    readonly seconds: number;
  };
  readonly options: {
    readonly hidden: number;
    readonly dropout: number;
    readonly epochs: number;
    readonly batch_size: number;
    readonly learning_rate: number;
    readonly class_weights: ClassWeighting;
    readonly test_split: number;
    readonly thaw: number | string | null;
    readonly thaw_epochs: number;
    readonly thaw_learning_rate: number;
  };
  readonly feature_cache_mb: number;
  readonly seed: number;
  readonly threads: number;
  readonly kernel: KernelName;
  readonly convolution: ConvolutionChoice;
  readonly head: FinetunePhaseResult;
  /** null: nothing was thawed. */
  readonly thawed: FinetunePhaseResult | null;
  /** Over all weights of the model that is saved. */
  readonly weights_sha256: string;
}

/** What a look at the result shows beside it. */
export interface FinetuneLook {
  /** confusion[label][predicted] of the test photos, after each phase. */
  readonly confusion: { readonly head: readonly number[][]; readonly thawed: readonly number[][] | null };
  /** The mistakes of the last phase. */
  readonly mistakes: readonly PhotoMistake[];
  readonly skipped: readonly BadPhoto[];
  /** Whether the photos are at hand. */
  readonly hasPhotos: boolean;
}

/** A test photo that was taken for another class. */
export interface PhotoMistake {
  readonly file: string;
  /** Places in the classes. */
  readonly label: number;
  readonly predicted: number;
  readonly probabilities: readonly number[];
}
