/** One call of `fit`: what it was given, checked, and its samples as the loop of epochs takes them. */
import type { Compiled } from './compiled.ts';
import type { Samples, TargetValues } from './inputs.ts';
import type { Measured } from './loop/measure.ts';
import { copyHistory, type FitProgress } from './loop/position.ts';
import { RunningMean } from './loop/running-mean.ts';
import type { Dealing } from './loop/source.ts';
import { type FitOptions, readFitOptions, streamOptions } from './options.ts';
import { type Preparing, prepareTraining, prepareValidation, refuseForStream } from './prepare.ts';
import { cacheFeatures } from './session/feature-cache.ts';
import type { DataSet } from './session/job.ts';
import { type BatchStream, isOneShot, isStream } from './stream.ts';
import { expectTargets } from './targets.ts';

export interface FitCall {
  /** Samples and targets; null: they come in batches. */
  readonly arrays: readonly [x: Samples, y: TargetValues] | null;
  /** Batches, one by one; null: there are arrays. */
  readonly stream: BatchStream | null;
  readonly given: FitOptions;
  /** Number of the first epoch, from 0, and of the one before which training ends. */
  readonly initialEpoch: number;
  readonly epochs: number;
  readonly batch: number;
  /** Batches of an epoch; null: all that there are. */
  readonly steps: number | null;
}

/** @throws TypeError or RangeError for arguments and options that don't fit one another. */
export function readFitCall(
  x: Samples | BatchStream,
  y: TargetValues | FitOptions | undefined,
  options: FitOptions | undefined,
): FitCall {
  const stream = isStream(x) ? x : null;
  if (!stream) expectTargets('fit', x, y);
  const given = stream
    ? readFitOptions(streamOptions('fit', x, y, options), 'fit(batches, …)')
    : readFitOptions(options, 'fit(x, y, …)');
  if (stream) refuseForStream('fit', given);
  const { resumeFrom = null, stepsPerEpoch: steps = null } = given;
  if (stream && steps === null && isOneShot(stream)) {
    throw new RangeError(
      'fit: x can be read once: give stepsPerEpoch, or a function that returns a new generator for each epoch',
    );
  }
  const initialEpoch = given.initialEpoch ?? resumeFrom?.epoch ?? 0;
  if (resumeFrom && initialEpoch !== resumeFrom.epoch) {
    throw new RangeError(
      `fit: initialEpoch must be resumeFrom's epoch: expected ${resumeFrom.epoch}, got ${initialEpoch}`,
    );
  }
  // What isn't a stream comes with y: expectTargets has looked.
  const arrays = stream ? null : ([x as Samples, y as TargetValues] as const);
  return {
    arrays,
    stream,
    given,
    initialEpoch,
    epochs: given.epochs ?? 1,
    batch: given.batchSize ?? 32,
    steps,
  };
}

/** Data to train on (null: they come in batches) and to validate with, with room for the features of frozen layers. */
export function prepareFit(
  to: Preparing,
  { arrays, given, initialEpoch, epochs }: FitCall,
  between: Dealing['between'],
): { train: DataSet | null; test: Measured | null } {
  const { plan, threads } = to.compiled;
  const validation = prepareValidation(to, given, between);
  const [train, split] = arrays ? prepareTraining(to, ...arrays, given) : [null, null];
  const validationSet = split ?? (typeof validation === 'function' ? null : validation);
  const [cachedTrain, cachedTest] = cacheFeatures(plan, [train, validationSet], {
    megabytes: given.featureCacheMB ?? 1024,
    // What is looked at once doesn't have to be kept.
    worthwhile: epochs - initialEpoch > 1,
    shared: threads > 0,
  });
  return { train: cachedTrain, test: cachedTest ?? validation };
}

/** Where the call begins: at its first epoch, or where the `fit` that it resumes was. */
export function beginProgress({ given, initialEpoch }: FitCall, compiled: Compiled): FitProgress {
  const { resumeFrom } = given;
  return {
    epoch: initialEpoch,
    batch: resumeFrom?.batch ?? 0,
    mean: new RunningMean(compiled, resumeFrom?.sums),
    record: copyHistory(resumeFrom?.history ?? { epoch: [], history: {} }),
  };
}
