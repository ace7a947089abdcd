/**
 * Keras' ExponentialDecay: rate = initialLearningRate·decayRate^(step/decaySteps), the exponent rounded down to an integer for a
 * staircase. The power is exp(p·log(decayRate)), by our own exp and log in float64 (tensor/exp.ts).
 */
import { knownOptions, unary } from '../../checks/options.ts';
import { atLeastZero, flag, integerFrom } from '../../checks/values.ts';
import { exp, log } from '../../tensor/exp.ts';
import { schedules } from './registry.ts';
import type { LearningRateSchedule, ScheduleConfig } from './schedule.ts';

/** The course of `exponentialDecay`. */
export interface ExponentialDecayOptions {
  /** At step 0. */
  initialLearningRate: number;
  /** Updates in which the rate is multiplied by decayRate once. */
  decaySteps: number;
  /** Factor in decaySteps updates; above 0. */
  decayRate: number;
  /** All at once after decaySteps updates, instead of a little each time. Default: false. */
  staircase?: boolean;
}

class ExponentialDecay implements LearningRateSchedule {
  readonly name = 'exponentialDecay';
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly decayRate: number;
  readonly staircase: boolean;

  constructor(options: ExponentialDecayOptions) {
    const given = knownOptions('exponentialDecay', options, [
      'initialLearningRate',
      'decaySteps',
      'decayRate',
      'staircase',
    ]);
    const { initialLearningRate, decaySteps, decayRate, staircase = false } = given;
    this.initialLearningRate = atLeastZero('exponentialDecay', 'initialLearningRate', initialLearningRate);
    this.decaySteps = integerFrom('exponentialDecay', 'decaySteps', decaySteps, 1);
    this.decayRate = atLeastZero('exponentialDecay', 'decayRate', decayRate);
    if (this.decayRate === 0) throw new RangeError('exponentialDecay: decayRate must be above 0, got 0');
    this.staircase = flag('exponentialDecay', 'staircase', staircase);
  }

  at(step: number): number {
    const p = step / this.decaySteps;
    return this.initialLearningRate * exp((this.staircase ? Math.floor(p) : p) * log(this.decayRate));
  }

  getConfig(): ScheduleConfig {
    const { name, initialLearningRate, decaySteps, decayRate, staircase } = this;
    return { name, initialLearningRate, decaySteps, decayRate, staircase };
  }
}

/**
 * A learning rate that falls by the same factor in every decaySteps updates.
 *
 *   sgd({ learningRate: exponentialDecay({ initialLearningRate: 0.1, decaySteps: 1000, decayRate: 0.96 }) })
 *
 * @throws RangeError or TypeError where an option is missing, unknown or out of bounds.
 */
export const exponentialDecay = unary(
  'exponentialDecay',
  (options: ExponentialDecayOptions): LearningRateSchedule => new ExponentialDecay(options),
);

schedules.own('exponentialDecay', exponentialDecay);
