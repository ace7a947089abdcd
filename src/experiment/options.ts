/** What the experiment and a study take, and their defaults. */
import type { MnistData } from '../data/dataset.ts';
import type { KernelChoice } from '../kernels/index.ts';
import type { ConvolutionChoice } from '../layers/convolution.ts';
import type { Model } from '../training/model.ts';
import type { TransferCheckpoint } from './checkpoint.ts';
import { type ClassOptions, HIGH, LOW } from './classes.ts';
import type { BaseFigures } from './result.ts';

/** A pretrained network in place of the experiment's own feature layers: it stays frozen in both phases. */
export interface PretrainedBase {
  readonly figures: BaseFigures;
  /** Features to classes: what is trained. */
  readonly head: Model;
  /** Photos to classes, with that head: what is saved. */
  readonly whole: Model;
}

export interface TransferOptions extends ClassOptions {
  /** With a base its halves have features. */
  readonly data: MnistData;
  readonly base?: PretrainedBase;
  /** Epochs of each of the two phases. */
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  /** Decides everything random. */
  readonly seed?: number;
  /** Worker threads. Default: one per core, 0: the calling thread. */
  readonly threads?: number;
  readonly kernel?: KernelChoice;
  /** How convolutions are computed. */
  readonly convolution?: ConvolutionChoice;
  /** The most megabytes of frozen features that are kept; 0: none. */
  readonly featureCacheMB?: number;
  /** Ends the run after the current step; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * Goes on where another run was saved, which must have been one of the same data and options (threads and cache
   * aside, which change nothing): the result is that of a run that never stopped.
   */
  readonly resumeFrom?: TransferCheckpoint;
}

/** As in the notebook, except for the learning rate: its string 'adadelta' meant 1.0 then and means 0.001 now. */
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

/** Of a study: as the experiment's, and 10, 100 and 500 samples per digit beside all. */
export const STUDY_DEFAULTS = {
  seeds: 5,
  learningRates: [TRANSFER_DEFAULTS.learningRate],
  directions: ['forward'],
  samples: ['all', 500, 100, 10],
  epochs: TRANSFER_DEFAULTS.epochs,
  batchSize: TRANSFER_DEFAULTS.batchSize,
  kernel: TRANSFER_DEFAULTS.kernel,
} as const;
