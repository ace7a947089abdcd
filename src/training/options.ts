/** What users may ask of compile, fit, evaluate and predict: the options, the list of their names, and the checks of their values. */
import { describe } from '../checks/describe.ts';
import { knownOptions } from '../checks/options.ts';
import { flag, integerFrom, numberWithin, zeroOrMore } from '../checks/values.ts';
import type { FitPosition } from '../formats/checkpoint.ts';
import type { KernelChoice } from '../kernels/index.ts';
import type { ConvolutionChoice } from '../layers/convolution.ts';
import type { Loss } from '../losses/loss.ts';
import type { LossName } from '../losses/registry.ts';
import type { MetricChoice } from '../metrics/registry.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { OptimizerName } from '../optimizers/registry.ts';
import type { Callback } from './callbacks/callback.ts';
import { checkCallbacks } from './callbacks/check.ts';
import type { Verbose } from './callbacks/progress-line.ts';
import type { Samples, TargetValues } from './inputs.ts';
import type { WorkerMaker } from './session/pool.ts';
import { type BatchStream, isStream } from './stream.ts';
import { type ClassWeights, refuseBothWeights, type SampleWeights } from './weights.ts';

/** How a model is trained: its optimizer, loss and metrics, and what computes them. */
export interface CompileOptions {
  /**
   * How weights are updated: an optimizer such as `adadelta({ learningRate: 1 })`, or the name of one, which then has Keras'
   * defaults. `'adadelta'` has a learning rate of 0.001.
   */
  optimizer: OptimizerName | Optimizer;
  /**
   * What training makes small: a name such as `'sparseCategoricalCrossentropy'` (targets are class numbers),
   * `'categoricalCrossentropy'` (targets are one-hot rows) or `'meanSquaredError'`, or a loss made by a function.
   */
  loss: LossName | Loss;
  /**
   * Figures beside the loss, such as `['accuracy', precision({ thresholds: 0.7 })]`; losses too, by name or made by a function. Training doesn't use
   * them. Default: none.
   */
  metrics?: readonly (MetricChoice | Loss)[] | undefined;
  /**
   * Worker threads. Default: one per core, or as many as a container's quota fills; none where threads can't share memory, as in most
   * pages, or the system gives none (`model.threadsReason` says why). 0: all work is done on the calling thread.
   */
  threads?: number | undefined;
  /**
   * In browsers: what starts a worker thread, where a bundler or a content policy keeps degelo from it. The URL is that of
   * `degelo/worker`, a file of its own. Default: the program beside the library.
   * @example `worker: () => new Worker('/degelo-worker.js', { type: 'module' })`
   */
  worker?: WorkerMaker | undefined;
  /** `auto`, the default, is the fastest that gives the same bits everywhere. */
  kernel?: KernelChoice | undefined;
  /**
   * How convolutions are computed, forward and back. `winograd`: by Winograd's algorithm where that is faster, judged by shape and by whether
   * max-pooling follows (forward F(2×2, 3×3), gradients in tiles of 4×4); `direct`: nowhere; they differ in the last bits. `auto`, the default, is what serves best: today `winograd`, and
   * in `predict` F(4×4, 3×3) where that is faster, so that predictions aren't, to the last bit, what `evaluate` measures.
   */
  convolution?: ConvolutionChoice | undefined;
}

/** What validates: samples and targets, and how much each counts; or batches that can be read once an epoch. */
export type ValidationData =
  | readonly [x: Samples, y: TargetValues]
  | readonly [x: Samples, y: TargetValues, sampleWeight: SampleWeights]
  | BatchStream;

/** How predictions are made. */
export interface PredictOptions {
  /** Samples at once. Default: 32. */
  batchSize?: number | undefined;
  /**
   * What is called as the work continues, in this order. Each is an object with methods.
   * @example `callbacks: [{ onEpochEnd: (epoch, logs) => console.log(epoch, logs.loss) }]`
   */
  callbacks?: readonly Callback[] | undefined;
  /** Ends the work after the current batch, or where it waits for one; the promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Shows how far it is, on stderr or the console: 1 (or true, or `auto`): a line that moves on a terminal; 2: a line per epoch;
   * 0 (or false), the default: nothing.
   */
  verbose?: Verbose | undefined;
}

/** How a model is tested. */
export interface EvaluateOptions extends PredictOptions {
  /**
   * How much each sample counts in the loss: one number per sample. The mean is taken over the number of samples, as in Keras 3;
   * metrics aren't weighted.
   */
  sampleWeight?: SampleWeights | undefined;
}

/** What one step may weigh. */
export interface TrainOnBatchOptions {
  /** How much each sample counts, as in `fit`. */
  sampleWeight?: SampleWeights | undefined;
  /** How much each class counts, as in `fit`. */
  classWeight?: ClassWeights | undefined;
}

/** How long and on what a model is trained. */
export interface FitOptions extends EvaluateOptions {
  /** How often training goes through all samples. Default: 1. */
  epochs?: number | undefined;
  /** Number of the first epoch, to continue with a training that was interrupted. Default: 0. */
  initialEpoch?: number | undefined;
  /**
   * Goes on from a moment of another `fit`, of this model or the one it was saved from, on the same samples with
   * the same options: weights and history become, to the last bit, what they would have become without the break.
   * null: from the beginning. See `loadCheckpoint`.
   */
  resumeFrom?: FitPosition | null | undefined;
  /** A new order of the samples every epoch. Default: true. */
  shuffle?: boolean | undefined;
  /** Evaluated after every epoch: `[x, y]`, `[x, y, sampleWeight]`, or batches. */
  validationData?: ValidationData | undefined;
  /**
   * In place of `validationData`: the share of the samples that is kept to validate, from 0 to 1. As in Keras, these are the
   * last ones as they came, before any shuffling; where a class is in one part only, a warning says so.
   */
  validationSplit?: number | undefined;
  /** How much each class counts in the loss, by its number: `{ 0: 1, 1: 5 }`. Classes that aren't named count 1. Validation isn't weighted. */
  classWeight?: ClassWeights | undefined;
  /**
   * Batches of an epoch. Default: as many as it takes to have each sample once. With fewer, the next epoch continues with the samples
   * that are left.
   */
  stepsPerEpoch?: number | undefined;
  /** The most megabytes that a frozen network's features may take, which are kept without their zeros. Default: 1024, 0: none are kept. */
  featureCacheMB?: number | undefined;
}

const COMPILE = [
  'optimizer',
  'loss',
  'metrics',
  'threads',
  'worker',
  'kernel',
  'convolution',
] as const satisfies readonly (keyof CompileOptions)[];

const VERBOSE: readonly Verbose[] = [0, 1, 2, 'auto', false, true];

const PREDICT = [
  'batchSize',
  'callbacks',
  'signal',
  'verbose',
] as const satisfies readonly (keyof PredictOptions)[];

const EVALUATE = [...PREDICT, 'sampleWeight'] as const satisfies readonly (keyof EvaluateOptions)[];

const TRAIN_ON_BATCH = [
  'sampleWeight',
  'classWeight',
] as const satisfies readonly (keyof TrainOnBatchOptions)[];

const FIT = [
  'epochs',
  'batchSize',
  'validationData',
  'validationSplit',
  'sampleWeight',
  'classWeight',
  'stepsPerEpoch',
  'shuffle',
  'verbose',
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
 * `predict`'s options, checked.
 * @throws TypeError or RangeError for an unknown name, or a value that makes no sense.
 */
export function readPredictOptions(options: PredictOptions | undefined): PredictOptions {
  const given = knownOptions('predict', options, PREDICT, { call: 'predict(x, …)' });
  checkShared('predict', given);
  return given;
}

/** `evaluate`'s options, checked. @param call how it is called. Throws as readPredictOptions does. */
export function readEvaluateOptions(options: EvaluateOptions | undefined, call: string): EvaluateOptions {
  const given = knownOptions('evaluate', options, EVALUATE, { call });
  checkShared('evaluate', given);
  return given;
}

/** `trainOnBatch`'s options, checked. Throws as readPredictOptions does. */
export function readTrainOnBatchOptions(options: TrainOnBatchOptions | undefined): TrainOnBatchOptions {
  const given = knownOptions('trainOnBatch', options, TRAIN_ON_BATCH, { call: 'trainOnBatch(x, y, …)' });
  refuseBothWeights('trainOnBatch', given);
  return given;
}

/** `fit`'s options, checked. @param call how it is called. Throws as readPredictOptions does. */
export function readFitOptions(options: FitOptions | undefined, call: string): FitOptions {
  const given = knownOptions('fit', options, FIT, { nullable: ['resumeFrom'], call });
  checkShared('fit', given);
  const { epochs, initialEpoch, shuffle, featureCacheMB, resumeFrom, stepsPerEpoch } = given;
  if (epochs !== undefined) integerFrom('fit', 'epochs', epochs, 0);
  if (initialEpoch !== undefined) integerFrom('fit', 'initialEpoch', initialEpoch, 0);
  if (shuffle !== undefined) flag('fit', 'shuffle', shuffle);
  if (featureCacheMB !== undefined) zeroOrMore('fit', 'featureCacheMB', featureCacheMB); // Infinity: no limit
  if (stepsPerEpoch !== undefined) integerFrom('fit', 'stepsPerEpoch', stepsPerEpoch, 1);
  checkValidation(given);
  refuseBothWeights('fit', given);
  if (resumeFrom !== undefined && resumeFrom !== null) checkResumeFrom(resumeFrom);
  warnOfNoEpochs(given);
  return given;
}

/** What fit, evaluate and predict have in common. */
function checkShared(operation: string, { batchSize, callbacks, signal, verbose }: PredictOptions): void {
  if (verbose !== undefined && !VERBOSE.includes(verbose)) {
    throw new RangeError(`${operation}: verbose must be one of 0, 1, 2, 'auto', got ${describe(verbose)}`);
  }
  if (batchSize !== undefined) integerFrom(operation, 'batchSize', batchSize, 1);
  if (callbacks !== undefined) checkCallbacks(operation, callbacks);
  if (signal !== undefined && typeof signal.throwIfAborted !== 'function') {
    const right = 'new AbortController().signal';
    throw new TypeError(`${operation}: signal must be an AbortSignal, got ${describe(signal)}: ${right}`);
  }
}

function checkValidation({ validationData, validationSplit }: FitOptions): void {
  if (validationSplit !== undefined) {
    numberWithin('fit', 'validationSplit', validationSplit, 0, 1);
    if (validationData !== undefined) {
      throw new RangeError("fit: validationSplit and validationData can't both be given");
    }
  }
  if (validationData === undefined || isStream(validationData)) return;
  if (Array.isArray(validationData) && [2, 3].includes(validationData.length)) return;
  throw new TypeError(
    `fit: validationData must be an array [x, y] or [x, y, sampleWeight], got ${describe(validationData)}`,
  );
}

/** Keras' epochs are the number of the last one, not how many more: a slip that would train nothing. */
function warnOfNoEpochs({ epochs = 1, initialEpoch = 0 }: FitOptions): void {
  if (initialEpoch === 0 || initialEpoch < epochs) return;
  console.warn(
    `fit: nothing is trained: initialEpoch ${initialEpoch} isn't below epochs ${epochs}, which counts from the first epoch on`,
  );
}

function checkResumeFrom(value: unknown): void {
  for (const part of ['epoch', 'batch', 'sums', 'history']) {
    if (typeof value === 'object' && value !== null && part in value) continue;
    const right = 'the position that loadCheckpoint gave, or model.fitPosition';
    throw new TypeError(`fit: resumeFrom must be ${right}, got ${describe(value)}`);
  }
}

/** Where x gives batches, the options are in the place of y. */
export function streamOptions<T>(
  operation: string,
  x: unknown,
  y: unknown,
  options: T | undefined,
): T | undefined {
  if (y === undefined || y === null) return options;
  const isOptions = typeof y === 'object' && !Array.isArray(y) && !ArrayBuffer.isView(y) && !('shape' in y);
  if (isOptions && options === undefined) return y as T; // for the check of options to judge
  throw new TypeError(
    `${operation}: y must be left out where x gives batches, as ${describe(x)} does: ${operation}(batches, { … })`,
  );
}
