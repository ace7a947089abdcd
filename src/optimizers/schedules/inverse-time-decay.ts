/**
 * Keras' InverseTimeDecay: rate = initialLearningRate/(1 + decayRate·step/decaySteps), where step/decaySteps is rounded down to an integer for
 * a staircase.
 */
import { knownOptions, unary } from '../../checks/options.ts';
import { atLeastZero, flag, integerFrom } from '../../checks/values.ts';
import { schedules } from './registry.ts';
import type { LearningRateSchedule, ScheduleConfig } from './schedule.ts';

/** The course of `inverseTimeDecay`. */
export interface InverseTimeDecayOptions {
  /** At step 0. */
  initialLearningRate: number;
  /** Updates in which decayRate is added to the divisor once. */
  decaySteps: number;
  /** What is added to the divisor in decaySteps updates: with 1 the rate is half after them, a third after twice as many. */
  decayRate: number;
  /** All at once after decaySteps updates, instead of a little each time. Default: false. */
  staircase?: boolean;
}

class InverseTimeDecay implements LearningRateSchedule {
  readonly name = 'inverseTimeDecay';
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly decayRate: number;
  readonly staircase: boolean;

  constructor(options: InverseTimeDecayOptions) {
    const given = knownOptions('inverseTimeDecay', options, [
      'initialLearningRate',
      'decaySteps',
      'decayRate',
      'staircase',
    ]);
    const { initialLearningRate, decaySteps, decayRate, staircase = false } = given;
    this.initialLearningRate = atLeastZero('inverseTimeDecay', 'initialLearningRate', initialLearningRate);
    this.decaySteps = integerFrom('inverseTimeDecay', 'decaySteps', decaySteps, 1);
    this.decayRate = atLeastZero('inverseTimeDecay', 'decayRate', decayRate);
    this.staircase = flag('inverseTimeDecay', 'staircase', staircase);
  }

  at(step: number): number {
    const p = step / this.decaySteps;
    return this.initialLearningRate / (1 + this.decayRate * (this.staircase ? Math.floor(p) : p));
  }

  getConfig(): ScheduleConfig {
    const { name, initialLearningRate, decaySteps, decayRate, staircase } = this;
    return { name, initialLearningRate, decaySteps, decayRate, staircase };
  }
}

/**
 * A learning rate that falls as 1/t: fast at first, and ever slower.
 *
 *   adam({ learningRate: inverseTimeDecay({ initialLearningRate: 0.001, decaySteps: 1000, decayRate: 1 }) })
 *
 * @throws RangeError or TypeError where an option is missing, unknown or out of bounds.
 */
export const inverseTimeDecay = unary(
  'inverseTimeDecay',
  (options: InverseTimeDecayOptions): LearningRateSchedule => new InverseTimeDecay(options),
);

schedules.own('inverseTimeDecay', inverseTimeDecay);
