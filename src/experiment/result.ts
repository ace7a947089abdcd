/** What the experiment takes and what it gives: options and their defaults, and the result as JSON holds it. */
import type { MnistData } from '../data/dataset.ts';
import type { KernelChoice } from '../kernels/index.ts';
import type { KernelName } from '../kernels/kernels.ts';
import type { ConvolutionChoice } from '../layers/convolution.ts';
import type { TransferCheckpoint } from './checkpoint.ts';
import { type ClassOptions, HIGH, LOW } from './classes.ts';

export interface TransferOptions extends ClassOptions {
  readonly data: MnistData;
  /** In each of the two phases. */
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  /** Decides everything random. */
  readonly seed?: number;
  /** Worker threads. Default: one a core, 0: the calling thread. */
  readonly threads?: number;
  readonly kernel?: KernelChoice;
  /** How convolutions are computed forward. */
  readonly convolution?: ConvolutionChoice;
  /** The most megabytes of frozen features that are kept; 0: none. */
  readonly featureCacheMB?: number;
  /** Ends the run after the step at hand; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * Goes on where another run was saved, which must have been one of the same data and options (threads and cache
   * aside, which change nothing): the result is that of a run that never stopped.
   */
  readonly resumeFrom?: TransferCheckpoint;
}

/** As in the notebook, but for the learning rate: its string 'adadelta' meant 1.0 then and means 0.001 now. */
export const TRANSFER_DEFAULTS = {
  reverse: false,
  sourceClasses: HIGH,
  targetClasses: LOW,
  epochs: 5,
  batchSize: 128,
  learningRate: 1,
  seed: 0,
  kernel: 'auto',
  convolution: 'auto',
  featureCacheMB: 1024,
} as const;

/** Of a study: as the experiment's, and 10, 100 and 500 samples a digit beside all. */
export const STUDY_DEFAULTS = {
  seeds: 5,
  learningRates: [TRANSFER_DEFAULTS.learningRate],
  directions: ['forward'],
  samples: ['all', 500, 100, 10],
  epochs: TRANSFER_DEFAULTS.epochs,
  batchSize: TRANSFER_DEFAULTS.batchSize,
  kernel: TRANSFER_DEFAULTS.kernel,
} as const;

/** One value an epoch. */
export interface PhaseHistory {
  readonly loss: number[];
  readonly accuracy: number[];
  readonly val_loss: number[];
  readonly val_accuracy: number[];
  /** Duration of each epoch, validation included. */
  readonly seconds: number[];
}

/** One of the two phases: training on the source digits, fine-tuning on the target digits. */
export interface PhaseResult {
  readonly digits: readonly number[];
  readonly samples: { readonly train: number; readonly test: number };
  readonly params: { readonly total: number; readonly trainable: number; readonly non_trainable: number };
  readonly history: PhaseHistory;
  /** On the half's test samples, after the last epoch. */
  readonly test: { readonly loss: number; readonly accuracy: number };
  /** The notebook's training time: all of `fit`. */
  readonly seconds: number;
}

/** A whole run. Times and `engine` aside, the options decide every field. */
export interface TransferResult {
  readonly version: string;
  /** `node 20.20.2 linux x64` */
  readonly engine: string;
  readonly data: { readonly source: string; readonly sha256: string };
  readonly reverse: boolean;
  readonly feature_cache_mb: number;
  readonly seed: number;
  readonly threads: number;
  readonly kernel: KernelName;
  readonly convolution: ConvolutionChoice;
  readonly learning_rate: number;
  readonly batch_size: number;
  readonly epochs: number;
  readonly source: PhaseResult;
  readonly target: PhaseResult;
  /** Over all weights after the second phase, float32 little-endian, in layer order. */
  readonly weights_sha256: string;
}
