/**
 * Keras' ExponentialDecay: rate = initialLearningRate·decayRate^(step/decaySteps), the exponent rounded down to an integer for a
 * staircase. The power is exp(p·log(decayRate)), by our own exp and log in float64 (tensor/exp.ts).
 */
import { unary } from '../../checks/options.ts';
import { exp, log } from '../../tensor/exp.ts';
import { schedules } from './registry.ts';
import type { LearningRateSchedule } from './schedule.ts';
import { StaircaseDecay, type StaircaseOptions } from './staircase-decay.ts';

/** The course of `exponentialDecay`. */
export interface ExponentialDecayOptions extends StaircaseOptions {
  /** Updates in which the rate is multiplied by decayRate once. */
  decaySteps: number;
  /** Factor in decaySteps updates; above 0. */
  decayRate: number;
}

class ExponentialDecay extends StaircaseDecay {
  constructor(options: ExponentialDecayOptions) {
    super('exponentialDecay', options);
    if (this.decayRate === 0) throw new RangeError('exponentialDecay: decayRate must be above 0, got 0');
  }

  protected after(times: number): number {
    return this.initialLearningRate * exp(times * log(this.decayRate));
  }
}

/**
 * A learning rate that falls by the same factor in every decaySteps updates.
 *
 *     sgd({ learningRate: exponentialDecay({ initialLearningRate: 0.1, decaySteps: 1000, decayRate: 0.96 }) })
 *     exponentialDecay({ initialLearningRate: 0.1, decaySteps: 1000, decayRate: 0.96 }) // at(0) → 0.1, at(1000) → 0.096
 *
 * @throws RangeError or TypeError where an option is missing, unknown or out of bounds.
 */
export const exponentialDecay = unary(
  'exponentialDecay',
  (options: ExponentialDecayOptions): LearningRateSchedule => new ExponentialDecay(options),
);

schedules.own('exponentialDecay', exponentialDecay);
