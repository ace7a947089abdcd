/** What the experiment gives: its result, as JSON holds it. */
import type { KernelName } from '../kernels/kernels.ts';
import type { ConvolutionChoice } from '../layers/convolution.ts';
import type { Preprocessing } from '../model/preprocessing.ts';

/** One value per epoch. */
export interface PhaseHistory {
  readonly loss: number[];
  readonly accuracy: number[];
  readonly val_loss: number[];
  readonly val_accuracy: number[];
  /** Duration of each epoch, validation included. */
  readonly seconds: number[];
}

/** The result of a phase. */
export interface PhaseFigures {
  readonly samples: { readonly train: number; readonly test: number };
  readonly params: { readonly total: number; readonly trainable: number; readonly non_trainable: number };
  readonly history: PhaseHistory;
  /** On the test samples, after the last epoch. */
  readonly test: { readonly loss: number; readonly accuracy: number };
  /** The notebook's training time: all of `fit`. */
  readonly seconds: number;
}

/** One of the two phases: training on the source digits, fine-tuning on the target digits. */
export interface PhaseResult extends PhaseFigures {
  readonly digits: readonly number[];
}

/** A pretrained network, whose features took the place of those that the experiment trains. */
export interface BaseFigures {
  readonly source: string;
  readonly format: string;
  /** A SHA-256 of its layers and weights up to the cut. */
  readonly sha256: string;
  readonly cut: string;
  /** Numbers of a photo's features. */
  readonly width: number;
  readonly size: readonly number[];
  readonly preprocessing: Preprocessing;
  /** That it took to compute the features; those that were there from before took none. */
  readonly seconds: number;
}

/** A whole run. Times and `engine` aside, the options decide every field. */
export interface TransferResult {
  readonly version: string;
  /** `node 20.20.2 linux x64` */
  readonly engine: string;
  readonly data: { readonly source: string; readonly sha256: string };
  /** Missing where the experiment trained features of its own. */
  readonly base?: BaseFigures;
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
