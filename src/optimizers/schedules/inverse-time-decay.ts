/**
 * Keras' InverseTimeDecay: rate = initialLearningRate/(1 + decayRate·step/decaySteps), where step/decaySteps is rounded down to an integer for
 * a staircase.
 */
import { unary } from '../../checks/options.ts';
import { schedules } from './registry.ts';
import type { LearningRateSchedule } from './schedule.ts';
import { StaircaseDecay, type StaircaseOptions } from './staircase-decay.ts';

/** The course of `inverseTimeDecay`. */
export interface InverseTimeDecayOptions extends StaircaseOptions {
  /** Updates in which decayRate is added to the divisor once. */
  decaySteps: number;
  /** What is added to the divisor in decaySteps updates: with 1 the rate is half after them, a third after twice as many. */
  decayRate: number;
}

class InverseTimeDecay extends StaircaseDecay {
  constructor(options: InverseTimeDecayOptions) {
    super('inverseTimeDecay', options);
  }

  protected after(times: number): number {
    return this.initialLearningRate / (1 + this.decayRate * times);
  }
}

/**
 * A learning rate that falls as 1/t: fast at first, and ever slower.
 *
 *     adam({ learningRate: inverseTimeDecay({ initialLearningRate: 0.001, decaySteps: 1000, decayRate: 1 }) })
 *     inverseTimeDecay({ initialLearningRate: 0.001, decaySteps: 1000, decayRate: 1 }) // at(0) → 0.001, at(1000) → 0.0005
 *
 * @throws RangeError or TypeError where an option is missing, unknown or out of bounds.
 */
export const inverseTimeDecay = unary(
  'inverseTimeDecay',
  (options: InverseTimeDecayOptions): LearningRateSchedule => new InverseTimeDecay(options),
);

schedules.own('inverseTimeDecay', inverseTimeDecay);
