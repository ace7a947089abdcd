/** One epoch of training: batches as the source deals them, one step per batch. */
import { atLeastZero } from '../../checks/values.ts';
import type { Logs } from '../callbacks/callback.ts';
import type { CallbackList } from '../callbacks/callback-list.ts';
import type { Compiled } from '../compiled.ts';
import { lacksEpsilon, NonFiniteError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import { blocks } from './batches.ts';
import type { Engine, Trainee } from './engine.ts';
import type { FitProgress } from './position.ts';
import type { Portion } from './source.ts';

/** What is the same for all epochs of a `fit`. */
export interface EpochOptions {
  readonly callbacks: CallbackList;
  readonly signal: AbortSignal | undefined;
}

/**
 * Trains on all portions, from `progress.batch` on, or until a callback stops the training.
 * @returns the epoch's running loss and metrics.
 * @throws NonFiniteError where a batch's loss is NaN or infinite.
 */
export async function trainEpoch(
  model: Trainee,
  engine: Engine,
  compiled: Compiled,
  portions: AsyncIterable<Portion> | Iterable<Portion>,
  progress: FitProgress,
  { callbacks, signal }: EpochOptions,
): Promise<Logs> {
  const { mean } = progress;
  learningRateOf(compiled); // a worker would fail on it as its session begins
  let session: Session | null = null;
  for await (const { size, seen, samples, results, ...job } of portions) {
    signal?.throwIfAborted();
    // A callback may have made another session, which has the weights now.
    if (!session || session.description.batch < size || !engine.isCurrent(session)) {
      session = engine.session(compiled, size, 'train');
    }
    const learningRate = learningRateOf(compiled);
    const { step } = model;
    const iteration = compiled.state.iterations + 1;
    await engine.run(session, { kind: 'train', ...job, step, iteration, learningRate, results }, compiled);
    for (const { from, to } of blocks(job.from, job.to, job.batch)) {
      model.step++;
      compiled.state.iterations++;
      progress.batch++;
      const loss = mean.add(results, from, to);
      if (!Number.isFinite(loss)) {
        throw new NonFiniteError(
          `fit: the loss became ${loss} in step ${model.step} (batch ${progress.batch} of the epoch): ` +
            `check that the data is finite, or ${lacksEpsilon(compiled.optimizer) ? "raise the optimizer's epsilon, which is 0" : `lower the learning rate (${learningRate})`}`,
        );
      }
    }
    const info = { seen, samples };
    await callbacks.call('onBatchEnd', progress.batch - 1, mean.logs(), info);
    await callbacks.call('onProgress', { mode: 'train', ...info }, mean.logs());
    if (model.stopTraining) break; // as in Keras: the epoch ends here
  }
  return mean.logs();
}

/** The learning rate as it is now: callbacks may change it between steps. @throws TypeError or RangeError where it is none. */
function learningRateOf({ optimizer }: Compiled): number {
  return atLeastZero('fit', 'optimizer.learningRate', optimizer.learningRate);
}
