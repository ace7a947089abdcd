/** What users may ask of compile, fit, evaluate and predict, and the checks that these share. */
import type { FitPosition } from '../formats/checkpoint.ts';
import type { KernelChoice } from '../kernels/index.ts';
import type { ConvolutionChoice } from '../layers/convolution.ts';
import type { Loss } from '../losses/loss.ts';
import type { LossName } from '../losses/registry.ts';
import type { MetricName } from '../metrics/registry.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { OptimizerName } from '../optimizers/registry.ts';
import type { Callback } from './callbacks/callback.ts';
import type { Samples, TargetValues } from './inputs.ts';

/** How a model is trained: its optimizer, loss and metrics, and what computes them. */
export interface CompileOptions {
  /** A name (with Keras' defaults) or an optimizer: `adadelta({ learningRate: 1 })`. */
  optimizer: OptimizerName | Optimizer;
  loss: LossName | Loss;
  metrics?: readonly MetricName[];
  /** Worker threads; one a core unless told. 0: all work is done on the calling thread. */
  threads?: number;
  /** `auto`, the default, is the fastest that gives the same bits everywhere. */
  kernel?: KernelChoice;
  /**
   * How convolutions are computed forward. `winograd`: by F(2×2, 3×3) where that is faster, judged by shape alone; `direct`:
   * nowhere; they differ in the last bits. `auto`, the default, is what serves best: today `winograd`.
   */
  convolution?: ConvolutionChoice;
}

/** How a model is tested. */
export interface EvaluateOptions {
  /** Samples at once; 32 unless told. */
  batchSize?: number;
  callbacks?: readonly Callback[];
  /** Ends the work after the batch at hand; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** How long and on what a model is trained. */
export interface FitOptions extends EvaluateOptions {
  /** 1 unless told. */
  epochs?: number;
  /** Number of the first epoch, to go on with a training that was interrupted; 0 unless told. */
  initialEpoch?: number;
  /**
   * Goes on from a moment of another `fit`, of this model or the one it was saved from, on the same samples with
   * the same options: weights and history become, to the last bit, what they would have become without the break.
   * null: from the beginning. See `loadCheckpoint`.
   */
  resumeFrom?: FitPosition | null;
  /** A new order of the samples every epoch; true unless told. */
  shuffle?: boolean;
  /** Evaluated after every epoch. */
  validationData?: readonly [Samples, TargetValues];
  /** The most megabytes that a frozen network's features may take; 1024 unless told, 0: none are kept. */
  featureCacheMB?: number;
}

/** @throws RangeError where the value isn't an integer ≥ `min`. */
export function checkCount(operation: string, option: string, value: number, min: number): number {
  if (!Number.isInteger(value) || value < min) {
    throw new RangeError(`${operation}: ${option} must be an integer ≥ ${min}, got ${value}`);
  }
  return value;
}

/** @throws RangeError where the value isn't a number ≥ 0. */
export function checkMegabytes(value: number): number {
  if (typeof value !== 'number' || !(value >= 0)) {
    throw new RangeError(`fit: featureCacheMB must be a number ≥ 0, got ${value}`);
  }
  return value;
}
