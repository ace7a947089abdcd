/** What users may ask of compile, fit, evaluate and predict: the options, the list of their names, and the checks of their values. */
import { describe } from '../checks/describe.ts';
import { knownOptions } from '../checks/options.ts';
import { flag, integerFrom, numeric } from '../checks/values.ts';
import type { FitPosition } from '../formats/checkpoint.ts';
import type { KernelChoice } from '../kernels/index.ts';
import type { ConvolutionChoice } from '../layers/convolution.ts';
import type { Loss } from '../losses/loss.ts';
import type { LossName } from '../losses/registry.ts';
import type { MetricName } from '../metrics/registry.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { OptimizerName } from '../optimizers/registry.ts';
import type { Callback } from './callbacks/callback.ts';
import { checkCallbacks } from './callbacks/check.ts';
import type { Samples, TargetValues } from './inputs.ts';

/** How a model is trained: its optimizer, loss and metrics, and what computes them. */
export interface CompileOptions {
  /** A name (with Keras' defaults) or an optimizer: `adadelta({ learningRate: 1 })`. */
  optimizer: OptimizerName | Optimizer;
  loss: LossName | Loss;
  metrics?: readonly MetricName[];
  /** Worker threads; one a core unless told, or as many as a container's quota fills. 0: all work is done on the calling thread. */
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

const COMPILE = [
  'optimizer',
  'loss',
  'metrics',
  'threads',
  'kernel',
  'convolution',
] as const satisfies readonly (keyof CompileOptions)[];

const EVALUATE = ['batchSize', 'callbacks', 'signal'] as const satisfies readonly (keyof EvaluateOptions)[];

const FIT = [
  'epochs',
  'batchSize',
  'validationData',
  'shuffle',
  'callbacks',
  'initialEpoch',
  'resumeFrom',
  'featureCacheMB',
  'signal',
] as const satisfies readonly (keyof FitOptions)[];

/** `compile`'s options, all names known; values are for compile to judge. Throws as knownOptions does. */
export function readCompileOptions(options: CompileOptions): CompileOptions {
  return knownOptions('compile', options, COMPILE);
}

/**
 * Options of evaluate and predict, checked.
 * @param call how the operation is called: `predict(x, …)`
 * @throws TypeError or RangeError for an unknown name, or a value that makes no sense.
 */
export function readEvaluateOptions(
  operation: string,
  options: EvaluateOptions | undefined,
  call: string,
): EvaluateOptions {
  const given = knownOptions(operation, options, EVALUATE, { call });
  checkShared(operation, given);
  return given;
}

/** `fit`'s options, checked. Throws as readEvaluateOptions does. */
export function readFitOptions(options: FitOptions | undefined): FitOptions {
  const given = knownOptions('fit', options, FIT, { nullable: ['resumeFrom'], call: 'fit(x, y, …)' });
  checkShared('fit', given);
  const { epochs, initialEpoch, shuffle, featureCacheMB, validationData, resumeFrom } = given;
  if (epochs !== undefined) integerFrom('fit', 'epochs', epochs, 0);
  if (initialEpoch !== undefined) integerFrom('fit', 'initialEpoch', initialEpoch, 0);
  if (shuffle !== undefined) flag('fit', 'shuffle', shuffle);
  if (featureCacheMB !== undefined) checkMegabytes(featureCacheMB);
  if (validationData !== undefined) checkValidationData(validationData);
  if (resumeFrom) checkResumeFrom(resumeFrom);
  return given;
}

/** What fit, evaluate and predict have in common. */
function checkShared(operation: string, { batchSize, callbacks, signal }: EvaluateOptions): void {
  if (batchSize !== undefined) integerFrom(operation, 'batchSize', batchSize, 1);
  if (callbacks !== undefined) checkCallbacks(operation, callbacks);
  if (signal !== undefined && typeof signal.throwIfAborted !== 'function') {
    const right = 'new AbortController().signal';
    throw new TypeError(`${operation}: signal must be an AbortSignal, got ${describe(signal)}: ${right}`);
  }
}

function checkMegabytes(value: unknown): void {
  // Infinity is a limit too: none.
  if (!(numeric('fit', 'featureCacheMB', value) >= 0)) {
    throw new RangeError(`fit: featureCacheMB must be a number ≥ 0, got ${value}`);
  }
}

function checkValidationData(value: unknown): void {
  if (Array.isArray(value) && value.length === 2) return;
  const more = Array.isArray(value) && value.length > 2 ? ' (samples have no weights here)' : '';
  throw new TypeError(`fit: validationData must be an array [x, y], got ${describe(value)}${more}`);
}

function checkResumeFrom(value: object): void {
  for (const part of ['epoch', 'batch', 'sums', 'history']) {
    if (part in value) continue;
    const right = 'the position that loadCheckpoint gave, or model.fitPosition';
    throw new TypeError(`fit: resumeFrom must be ${right}, got ${describe(value)}`);
  }
}
