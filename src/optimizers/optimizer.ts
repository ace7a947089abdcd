/** What an optimizer is: a rule that turns a parameter and its gradient into the next parameter. */
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import type { Clipping } from './clipping.ts';
import type { LearningRateSchedule, ScheduleConfig } from './schedules/schedule.ts';

/** What it takes to make an optimizer again. */
export interface OptimizerConfig {
  readonly name: string;
  readonly [hyperparameter: string]: number | string | boolean | ScheduleConfig;
}

/** What every optimizer is, and what an optimizer of your own implements. */
export interface Optimizer {
  /** Keras' name. */
  readonly name: string;
  /** May be changed between steps, by a callback for instance. */
  learningRate: number;
  /** Gives the learning rate of every step, in place of `learningRate`. Default: none. */
  readonly schedule?: LearningRateSchedule | null;
  /** How gradients are bounded before `update`. Default: not at all. */
  readonly clipping?: Clipping | null;
  /** Names of the arrays that it keeps for each parameter, of the parameter's size, zero at the start. */
  readonly slots: readonly string[];
  /**
   * Updates elements from ≤ i < to of a parameter `w` from its gradient `g`, in place, `slots` too.
   * `iteration` is the update's number since compile, counted from 1.
   */
  update(
    kernels: Kernels,
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    slots: readonly FloatArray[],
    learningRate: number,
    iteration: number,
  ): void;
  getConfig(): OptimizerConfig;
}
