/**
 * Keras' PolynomialDecay, from the initial rate down to the end one:
 *
 *   s = min(step, decaySteps),   rate = (initialLearningRate − endLearningRate)·(1 − s/decaySteps)^power + endLearningRate
 *
 * With `cycle` the way down begins again, each time from where decaySteps·⌈step/decaySteps⌉ steps would lead: no minimum is taken then, and
 * decaySteps is multiplied so. The power is exp(power·log(…)), by our own exp and log in float64 (tensor/exp.ts); a power of 1 is none.
 */
import { knownOptions, unary } from '../../checks/options.ts';
import { atLeastZero, flag, integerFrom } from '../../checks/values.ts';
import { exp, log } from '../../tensor/exp.ts';
import { schedules } from './registry.ts';
import type { LearningRateSchedule, ScheduleConfig } from './schedule.ts';

/** The course of `polynomialDecay`. */
export interface PolynomialDecayOptions {
  /** At step 0. */
  initialLearningRate: number;
  /** Updates from the initial rate to the end one. */
  decaySteps: number;
  /** The rate at the end, and after it. Default: 0.0001. */
  endLearningRate?: number | undefined;
  /** 1: a straight line; above 1: fast at first. Above 0. Default: 1. */
  power?: number | undefined;
  /** Begin again after decaySteps updates, a little lower each time. Default: false. */
  cycle?: boolean | undefined;
}

class PolynomialDecay implements LearningRateSchedule {
  readonly name = 'polynomialDecay';
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly endLearningRate: number;
  readonly power: number;
  readonly cycle: boolean;

  constructor(options: PolynomialDecayOptions) {
    const given = knownOptions('polynomialDecay', options, [
      'initialLearningRate',
      'decaySteps',
      'endLearningRate',
      'power',
      'cycle',
    ]);
    const { initialLearningRate, decaySteps, endLearningRate = 1e-4, power = 1, cycle = false } = given;
    this.initialLearningRate = atLeastZero('polynomialDecay', 'initialLearningRate', initialLearningRate);
    this.decaySteps = integerFrom('polynomialDecay', 'decaySteps', decaySteps, 1);
    this.endLearningRate = atLeastZero('polynomialDecay', 'endLearningRate', endLearningRate);
    this.power = atLeastZero('polynomialDecay', 'power', power);
    if (this.power === 0) throw new RangeError('polynomialDecay: power must be above 0, got 0');
    this.cycle = flag('polynomialDecay', 'cycle', cycle);
  }

  at(step: number): number {
    const { initialLearningRate: initial, endLearningRate: end, decaySteps, power } = this;
    const way = this.cycle ? decaySteps * Math.max(1, Math.ceil(step / decaySteps)) : decaySteps;
    const left = 1 - Math.min(step, way) / way;
    return (initial - end) * (power === 1 ? left : exp(power * log(left))) + end;
  }

  getConfig(): ScheduleConfig {
    const { name, initialLearningRate, decaySteps, endLearningRate, power, cycle } = this;
    return { name, initialLearningRate, decaySteps, endLearningRate, power, cycle };
  }
}

/**
 * A learning rate that falls along a line, or a power of it, to an end.
 *
 *     adamW({ learningRate: polynomialDecay({ initialLearningRate: 1e-3, decaySteps: 1000, endLearningRate: 0 }) })
 *     polynomialDecay({ initialLearningRate: 0.001, decaySteps: 1000, endLearningRate: 0 }) // at(0) → 0.001, at(500) → 0.0005
 *
 * @throws RangeError or TypeError where an option is missing, unknown or out of bounds.
 */
export const polynomialDecay = unary(
  'polynomialDecay',
  (options: PolynomialDecayOptions): LearningRateSchedule => new PolynomialDecay(options),
);

schedules.own('polynomialDecay', polynomialDecay);
