/** A callback that sets each epoch's learning rate, after Keras 3's LearningRateScheduler. */
import { describe } from '../../checks/describe.ts';
import { unary } from '../../checks/options.ts';
import { callable } from '../../checks/values.ts';
import type { Callback, TrainingModel } from './callback.ts';
import { nextModel } from './one-model.ts';

class LearningRateScheduler implements Callback {
  readonly #schedule: (epoch: number, learningRate: number) => number;
  #model: TrainingModel | null = null;

  constructor(schedule: (epoch: number, learningRate: number) => number) {
    if (typeof schedule !== 'function') {
      throw new TypeError(
        `learningRateScheduler: expected a function (epoch, learningRate) => learningRate, got ${describe(schedule)}`,
      );
    }
    callable('learningRateScheduler', 'schedule', schedule);
    this.#schedule = schedule;
  }

  setModel(model: TrainingModel): void {
    this.#model = nextModel('learningRateScheduler', this.#model, model);
  }

  onEpochBegin(epoch: number): void {
    const optimizer = this.#model?.compiled?.optimizer;
    if (optimizer) optimizer.learningRate = this.#schedule(epoch, optimizer.learningRate);
  }
}

/**
 * Sets the learning rate at the begin of every epoch.
 *
 *     callbacks: [learningRateScheduler((epoch, rate) => (epoch < 10 ? rate : rate * 0.9))]
 *
 * The schedule is given the epoch's number, counted from 0, and the learning rate so far. It gives the new learning rate.
 * @throws TypeError where it isn't a function; `fit` throws what the optimizer says to a rate that is none.
 */
export const learningRateScheduler = unary(
  'learningRateScheduler',
  (schedule: (epoch: number, learningRate: number) => number): Callback =>
    new LearningRateScheduler(schedule),
);
