/** One epoch of training: every sample once, in batches, one step a batch. */
import { atLeastZero } from '../../checks/values.ts';
import type { Logs } from '../callbacks/callback.ts';
import type { CallbackList } from '../callbacks/callback-list.ts';
import type { Compiled } from '../compiled.ts';
import { NonFiniteError } from '../errors.ts';
import type { DataSet } from '../session/job.ts';
import { blocks, jobs } from './batches.ts';
import { type Engine, makeResults, type Trainee } from './engine.ts';
import type { FitProgress } from './position.ts';

/** What is the same for all epochs of a `fit`. */
export interface EpochOptions {
  /** Samples of a step. */
  readonly batch: number;
  readonly callbacks: CallbackList;
  readonly signal: AbortSignal | undefined;
}

/**
 * Trains from `progress.batch` on to the epoch's end.
 * @param order sample numbers in the epoch's order
 * @returns the epoch's running loss and metrics.
 * @throws NonFiniteError where a batch's loss is NaN or infinite.
 */
export async function trainEpoch(
  model: Trainee,
  engine: Engine,
  compiled: Compiled,
  data: DataSet,
  order: Int32Array,
  progress: FitProgress,
  { batch, callbacks, signal }: EpochOptions,
): Promise<Logs> {
  const { samples } = data;
  const { mean } = progress;
  const size = Math.min(batch, samples);
  learningRateOf(compiled); // a worker would fail on it as its session begins
  let session = engine.session(compiled, size);
  const results = makeResults(compiled, samples);
  const { everyBatch } = callbacks;
  const begin = progress.batch * batch;
  for (const job of jobs(begin, samples, { batch, pace: session.paces.train, everyBatch })) {
    signal?.throwIfAborted();
    if (!engine.isCurrent(session)) session = engine.session(compiled, size);
    const learningRate = learningRateOf(compiled);
    const { step } = model;
    const iteration = compiled.state.iterations + 1;
    await session.run({
      ...{ kind: 'train', data, order, ...job, batch },
      ...{ step, iteration, learningRate, results },
    });
    for (const { from, to } of blocks(job.from, job.to, batch)) {
      model.step++;
      compiled.state.iterations++;
      progress.batch++;
      const loss = mean.add(results, from, to);
      if (!Number.isFinite(loss)) {
        throw new NonFiniteError(
          `fit: the loss became ${loss} in step ${model.step} (batch ${progress.batch} of the epoch): ` +
            `check that the data is finite, or lower the learning rate (${learningRate})`,
        );
      }
    }
    const info = { seen: job.to, samples };
    await callbacks.call('onBatchEnd', progress.batch - 1, mean.logs(), info);
    await callbacks.call('onProgress', { mode: 'train', ...info }, mean.logs());
  }
  return mean.logs();
}

/** The learning rate as it is now: callbacks may change it between steps. @throws TypeError or RangeError where it is none. */
function learningRateOf({ optimizer }: Compiled): number {
  return atLeastZero('fit', 'optimizer.learningRate', optimizer.learningRate);
}
