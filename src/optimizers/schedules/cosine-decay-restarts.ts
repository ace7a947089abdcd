/**
 * Down along half a cosine, again and again (I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017,
 * arXiv:1608.03983, equation 5), Keras' CosineDecayRestarts. Period i takes firstDecaySteps·tMul^i updates; with s updates of it done:
 *
 *   rate = initialLearningRate·((1 − alpha)·½·mMul^i·(1 + cos(π·s/(firstDecaySteps·tMul^i))) + alpha)
 */
import { knownOptions, unary } from '../../checks/options.ts';
import { atLeastZero, integerFrom, numberWithin } from '../../checks/values.ts';
import { cosPi } from '../../tensor/cosine.ts';
import { power } from '../power.ts';
import { schedules } from './registry.ts';
import type { LearningRateSchedule, ScheduleConfig } from './schedule.ts';

/** The course of `cosineDecayRestarts`. */
export interface CosineDecayRestartsOptions {
  /** At step 0. */
  initialLearningRate: number;
  /** Updates of the first period. */
  firstDecaySteps: number;
  /** How many times as long each period is as the one before; at least 1. Default: 2. */
  tMul?: number | undefined;
  /** How many times as high each period begins. Default: 1. */
  mMul?: number | undefined;
  /** The lowest rate, as a share of the initial one. Default: 0. */
  alpha?: number | undefined;
}

class CosineDecayRestarts implements LearningRateSchedule {
  readonly name = 'cosineDecayRestarts';
  readonly initialLearningRate: number;
  readonly firstDecaySteps: number;
  readonly tMul: number;
  readonly mMul: number;
  readonly alpha: number;

  constructor(options: CosineDecayRestartsOptions) {
    const { name } = this;
    const names = ['initialLearningRate', 'firstDecaySteps', 'tMul', 'mMul', 'alpha'];
    const {
      initialLearningRate,
      firstDecaySteps,
      tMul = 2,
      mMul = 1,
      alpha = 0,
    } = knownOptions(name, options, names);
    this.initialLearningRate = atLeastZero(name, 'initialLearningRate', initialLearningRate);
    this.firstDecaySteps = integerFrom(name, 'firstDecaySteps', firstDecaySteps, 1);
    this.tMul = numberWithin(name, 'tMul', tMul, 1);
    this.mMul = atLeastZero(name, 'mMul', mMul);
    this.alpha = atLeastZero(name, 'alpha', alpha);
  }

  at(step: number): number {
    const { initialLearningRate, mMul, alpha } = this;
    const { period, done } = this.#periodOf(step);
    const share = (1 - alpha) * (0.5 * power(mMul, period) * (1 + cosPi(done))) + alpha;
    return initialLearningRate * share;
  }

  /** The period of a step, counted from 0, and which share of it is done. */
  #periodOf(step: number): { period: number; done: number } {
    let [period, length, left] = [0, this.firstDecaySteps, step];
    if (this.tMul === 1) {
      period = Math.floor(step / length);
      left = step - period * length;
    }
    for (; left >= length; length *= this.tMul) {
      left -= length;
      period++;
    }
    return { period, done: left / length };
  }

  getConfig(): ScheduleConfig {
    const { name, initialLearningRate, firstDecaySteps, tMul, mMul, alpha } = this;
    return { name, initialLearningRate, firstDecaySteps, tMul, mMul, alpha };
  }
}

/**
 * A learning rate that falls along half a cosine and begins again, in ever longer periods.
 *
 *     sgd({ learningRate: cosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 1000, mMul: 0.9 }) })
 *     cosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 1000, mMul: 0.9 }) // at(0) → 0.1, at(500) → 0.05, at(1000) → 0.09
 *
 * @throws RangeError or TypeError where an option is missing, unknown or out of bounds.
 */
export const cosineDecayRestarts = unary(
  'cosineDecayRestarts',
  (options: CosineDecayRestartsOptions): LearningRateSchedule => new CosineDecayRestarts(options),
);

schedules.own('cosineDecayRestarts', cosineDecayRestarts);
