/** What all our optimizers have in common: a learning rate, or a schedule that gives it, and bounds for gradients. */
import { describe } from '../checks/describe.ts';
import { isBag, knownOptions } from '../checks/options.ts';
import { closeClass } from '../checks/properties.ts';
import { advice } from '../checks/suggest.ts';
import { atLeastZero } from '../checks/values.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { CLIPPING_OPTIONS, type Clipping, type ClippingOptions, clippingOf } from './clipping.ts';
import type { Optimizer, OptimizerConfig } from './optimizer.ts';
import { isSchedule, scheduleFromConfig, schedules } from './schedules/registry.ts';
import type { LearningRateSchedule, ScheduleConfig } from './schedules/schedule.ts';

/** Options of every optimizer. */
export interface OptimizerOptions extends ClippingOptions {
  /** Factor of every update: a number, or a schedule such as `cosineDecay({ … })`. */
  learningRate?: number | LearningRateSchedule | undefined;
}

/** The names of these options, for knownOptions. */
const COMMON = ['learningRate', ...CLIPPING_OPTIONS];

export abstract class BaseOptimizer implements Optimizer {
  static {
    closeClass(BaseOptimizer.prototype, 'optimizer', { lr: 'learningRate' });
  }

  readonly name: string;
  abstract readonly slots: readonly string[];
  /** Gives the learning rate of every step; null: it is what `learningRate` says. */
  readonly schedule: LearningRateSchedule | null;
  readonly clipping: Clipping | null;
  #rate: number;

  /**
   * @param name the optimizer's, which messages use too
   * @param defaultRate Keras' learning rate
   * @throws TypeError or RangeError where a value is none of those that are meant.
   */
  constructor(name: string, options: OptimizerOptions, defaultRate: number) {
    this.name = name;
    this.clipping = clippingOf(name, options);
    this.schedule = scheduleOf(name, options.learningRate);
    this.#rate = this.schedule
      ? this.schedule.at(0)
      : atLeastZero(name, 'learningRate', options.learningRate ?? defaultRate);
  }

  /** Of the next step; where a schedule gives it, of step 0. May be changed between steps, by a callback for instance. */
  get learningRate(): number {
    return this.#rate;
  }

  /** @throws RangeError where it isn't a number ≥ 0, TypeError where a schedule gives the learning rate. */
  set learningRate(value: number) {
    if (this.schedule) {
      throw new TypeError(
        `${this.name}: learningRate comes from ${this.schedule.name} and can't be set: give the optimizer a number instead`,
      );
    }
    this.#rate = atLeastZero(this.name, 'learningRate', value);
  }

  abstract update(
    kernels: Kernels,
    from: number,
    to: number,
    w: FloatArray,
    g: FloatArray,
    slots: readonly FloatArray[],
    learningRate: number,
    iteration: number,
  ): void;

  /** Adds an optimizer's own hyperparameters to these. */
  getConfig(): OptimizerConfig {
    const { name, clipping } = this;
    const learningRate = this.schedule?.getConfig() ?? this.#rate;
    return { name, learningRate, ...(clipping && { [clipping.kind]: clipping.limit }) };
  }
}

/** The options of an optimizer of ours that were given; see checks/options.ts. */
export function optimizerOptions<T extends OptimizerOptions>(
  where: string,
  options: T | undefined,
  own: readonly string[],
): T {
  return knownOptions(where, options, [COMMON[0], ...own, ...COMMON.slice(1)]);
}

/** @throws TypeError for an object that is no schedule of ours, which worker threads couldn't make again. */
function scheduleOf(where: string, learningRate: unknown): LearningRateSchedule | null {
  const isObject = typeof learningRate === 'object' && learningRate !== null;
  // A text may be the name of a schedule.
  if (!isObject && !/g|c/.test(typeof learningRate)) return null;
  if (isSchedule(learningRate)) return learningRate;
  // Saved models and worker threads' descriptions hold the configuration.
  if (isBag(learningRate) && 'name' in learningRate && !('at' in learningRate)) {
    return scheduleFromConfig(where, learningRate as ScheduleConfig); // which checks the rest
  }
  const right = typeof learningRate === 'function' ? hintOf(learningRate.name) : '';
  throw new TypeError(
    `${where}: learningRate must be a number ≥ 0 or a schedule such as cosineDecay({ … }), got ${describe(learningRate)}${right}`,
  );
}

/** What a function may have been meant as: one of ours that wasn't called, or Keras' way to change the rate in each epoch. */
function hintOf(name: string): string {
  if (schedules.names.includes(name)) return `: call it: ${name}({ … })`;
  return advice('learningRate function');
}
