/** Data for `fit`, `evaluate` and `trainOnBatch`: checked, and with the weight of each sample. */
import { advice } from '../checks/suggest.ts';
import { rowSize } from '../losses/loss.ts';
import type { Network } from '../model/network.ts';
import { BatchRoom, type BatchRooms } from './batch-room.ts';
import type { Compiled } from './compiled.ts';
import { toDataSet } from './data-set.ts';
import type { Samples, TargetValues } from './inputs.ts';
import type { Measured } from './loop/measure.ts';
import type { Dealing } from './loop/source.ts';
import { splitData } from './loop/split.ts';
import type { FitOptions } from './options.ts';
import type { DataSet } from './session/job.ts';
import { type BatchStream, isOneShot, isStream, partsOf, startStream } from './stream.ts';
import {
  type ClassWeights,
  refuseBothWeights,
  type SampleWeights,
  toClassWeights,
  toSampleWeights,
  type Weights,
} from './weights.ts';

/** The call that needs the data. */
export interface Preparing {
  readonly operation: string;
  readonly model: Network;
  readonly compiled: Compiled;
  /** The memory for the batches of a stream. */
  readonly rooms?: BatchRooms;
}

/** The same for a stream: its batches use the same memory, one after the other. */
export function forStream(preparing: Preparing): Preparing {
  return { ...preparing, rooms: { x: new BatchRoom(), y: new BatchRoom() } };
}

/** Samples with targets, at least one, and with weights where such are given. Throws as toDataSet does. */
export function prepareData(
  preparing: Preparing,
  x: Samples,
  y: TargetValues,
  sampleWeight?: SampleWeights,
): DataSet {
  const { operation, model, compiled, rooms } = preparing;
  const { loss, threads } = compiled;
  const shapes = { input: model.inputShape, output: model.outputShape };
  const data = toDataSet(operation, x, y, shapes, loss, threads > 0, rooms);
  if (data.samples === 0) throw new RangeError(`${operation}: x must hold at least one sample, got none`);
  if (sampleWeight === undefined) return data;
  return { ...data, weights: toSampleWeights(operation, sampleWeight, data.samples, threads > 0) };
}

/** The same data with each sample's weight by its class. */
export function weighByClass(
  { operation, model, compiled }: Preparing,
  data: DataSet,
  classWeight: ClassWeights | undefined,
): DataSet {
  if (classWeight === undefined || !data.targets) return data;
  const { loss, threads } = compiled;
  const weights = toClassWeights(operation, classWeight, data.targets, model.outputShape, loss, threads > 0);
  return { ...data, weights };
}

/** fit's arrays: what trains, weighed, and what validationSplit keeps from it; null: nothing. */
export function prepareTraining(
  preparing: Preparing,
  x: Samples,
  y: TargetValues,
  { sampleWeight, classWeight, validationSplit: split = 0 }: FitOptions,
): [train: DataSet, test: DataSet | null] {
  const { loss, plan } = preparing.compiled;
  const data = prepareData(preparing, x, y, sampleWeight);
  const [train, test] =
    split > 0 ? splitData(data, split, rowSize(loss, plan.outputShape), loss) : [data, null];
  return [weighByClass(preparing, train, classWeight), test];
}

/** One batch of a stream. */
export function prepareBatch(
  preparing: Preparing,
  batch: unknown,
  number: number,
  weights: Weights,
): DataSet {
  const { x, y, sampleWeight } = partsOf(preparing.operation, batch, number);
  const own = { ...preparing, operation: `${preparing.operation}: batch ${number}` };
  refuseBothWeights(own.operation, { ...weights, sampleWeight });
  return weighByClass(own, prepareData(own, x, y, sampleWeight), weights.classWeight);
}

/** What fit's `validationData` holds; null: none was given. */
export function prepareValidation(
  { operation, ...others }: Preparing,
  { validationData: given, signal }: FitOptions,
  between: Dealing['between'],
): Measured | null {
  if (given === undefined) return null;
  const preparing = { ...others, operation: `${operation}: validationData` };
  if (!isStream(given)) {
    const [x, y, sampleWeight] = given as readonly [Samples, TargetValues, SampleWeights?];
    return prepareData(preparing, x, y, sampleWeight);
  }
  if (isOneShot(given)) {
    throw new RangeError(
      'fit: validationData is read once per epoch: expected a function that returns it, got a generator or stream',
    );
  }
  return prepareStream(preparing, given, between, signal);
}

/** The batches of a stream, one by one, each time from its beginning. */
export function prepareStream(
  preparing: Preparing,
  stream: BatchStream,
  between: Dealing['between'],
  signal: AbortSignal | undefined,
): () => AsyncIterable<DataSet> {
  return async function* () {
    const streaming = forStream(preparing);
    const reader = startStream(preparing.operation, stream, 0, signal);
    try {
      for (let number = 1; ; number++) {
        let next: IteratorResult<unknown> | null = null;
        await between(async () => {
          next = await reader.next();
        });
        const { done, value } = next as unknown as IteratorResult<unknown>; // `between` has called it
        if (done) return;
        yield prepareBatch(streaming, value, number, {});
      }
    } finally {
      await reader.return();
    }
  };
}

/** @throws RangeError for an option that makes no sense where x gives batches. */
export function refuseForStream(
  operation: string,
  given: { readonly [name in keyof FitOptions]?: unknown },
): void {
  const refused = ['batchSize', 'shuffle', 'validationSplit', 'sampleWeight', 'featureCacheMB'] as const;
  for (const option of refused) {
    // What turns off what is off anyway does no harm.
    if (given[option] === undefined || given[option] === false || given[option] === 0) continue;
    throw new RangeError(
      `${operation}: ${option} can't be used where x gives batches${advice(`batches ${option}`)}`,
    );
  }
}
