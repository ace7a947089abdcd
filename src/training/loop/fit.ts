/** The loop of epochs: training, a look at the weights, validation, the history, callbacks. */
import { firstNotFinite } from '../../tensor/finite.ts';
import type { FloatArray } from '../../tensor/tensor.ts';
import type { Figures, History } from '../callbacks/callback.ts';
import type { Compiled } from '../compiled.ts';
import { lacksEpsilon, NonFiniteError } from '../errors.ts';
import type { Engine, Trainee } from './engine.ts';
import { type EpochOptions, trainEpoch } from './epoch.ts';
import { type Measured, measure } from './measure.ts';
import { copyHistory, type FitProgress, lastLogs } from './position.ts';
import { RunningMean } from './running-mean.ts';
import type { BatchSource, Dealing } from './source.ts';

/** What `fit` works on, and how long. */
export interface FitWork extends EpochOptions {
  readonly source: BatchSource;
  /** Measured after every epoch; null: nothing is. */
  readonly test: Measured | null;
  /** Samples at once in validation. */
  readonly batch: number;
  /** Number of the epoch before which training ends. */
  readonly epochs: number;
  readonly between: Dealing['between'];
}

/**
 * Trains from where `progress` is, which moves along.
 * @returns the history of all epochs, those before included.
 * @throws NonFiniteError where the loss, a weight or one of the optimizer's means became NaN or infinite.
 */
export async function trainEpochs(
  model: Trainee,
  engine: Engine,
  compiled: Compiled,
  progress: FitProgress,
  work: FitWork,
): Promise<History> {
  const { source, test, epochs, batch, between, callbacks, signal } = work;
  const { record } = progress;
  let logs: Figures = lastLogs(record);
  model.stopTraining = false;
  await callbacks.call('onTrainBegin');
  while (progress.epoch < epochs && !model.stopTraining) {
    const { epoch } = progress;
    await callbacks.call('onEpochBegin', epoch);
    const { everyBatch } = callbacks;
    const portions = source.portions({ model, engine, compiled, progress, everyBatch, between });
    const figures = await trainEpoch(model, engine, compiled, portions, progress, work);
    if (progress.batch === 0) break; // the source was empty, and said so
    logs = figures;
    checkNumbers(model, compiled, `fit: epoch ${epoch + 1}`);
    if (test) {
      const options = { batch, prefix: 'val_', callbacks, signal };
      logs = { ...logs, ...(await measure(engine, compiled, test, options)) };
    }
    record.epoch.push(epoch);
    for (const [name, value] of Object.entries(logs)) {
      record.history[name] ??= [];
      record.history[name].push(value);
    }
    // Before the callbacks, so that a checkpoint that one of them makes has this epoch behind it.
    Object.assign(progress, { epoch: epoch + 1, batch: 0, mean: new RunningMean(compiled) });
    await callbacks.call('onEpochEnd', epoch, logs);
  }
  await callbacks.call('onTrainEnd', logs);
  return copyHistory(record);
}

/**
 * A weight that isn't finite can hide behind a zero feature, so the loss alone doesn't tell. Nor do weights tell of the optimizer's
 * means: one that is infinite makes every further update zero.
 */
function checkNumbers(model: Trainee, { optimizer, state }: Compiled, when: string): void {
  const expectFinite = (data: FloatArray, what: string): void => {
    const index = firstNotFinite(data);
    if (index < 0) return;
    throw new NonFiniteError(
      `${when}: ${what.replace('#', () => `${index}`)} became ${data[index]}: ${lacksEpsilon(optimizer) ? "raise the optimizer's epsilon, which is 0" : 'lower the learning rate'}`,
    );
  };
  for (const { name, value } of model.parameters()) expectFinite(value.data, `weight # of ${name}`);
  for (const [parameter, slots] of state.entries()) {
    for (const [i, slot] of slots.entries()) {
      expectFinite(slot, `the optimizer's ${optimizer.slots[i]} # of ${parameter}`);
    }
  }
}
