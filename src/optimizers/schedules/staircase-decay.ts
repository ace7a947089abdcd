/**
 * What Keras' ExponentialDecay and InverseTimeDecay share: their rates follow from step/decaySteps, rounded down to an integer for a
 * staircase.
 */
import { knownOptions } from '../../checks/options.ts';
import { atLeastZero, flag, integerFrom } from '../../checks/values.ts';
import type { LearningRateSchedule, ScheduleConfig } from './schedule.ts';

/** What `exponentialDecay` and `inverseTimeDecay` both take. */
export interface StaircaseOptions {
  /** At step 0. */
  initialLearningRate: number;
  /** Updates in which decayRate counts once. */
  decaySteps: number;
  /** How far the rate falls in decaySteps updates; each of the two says how. */
  decayRate: number;
  /** All at once after decaySteps updates, instead of a little each time. Default: false. */
  staircase?: boolean | undefined;
}

/** A course of either kind. */
export abstract class StaircaseDecay implements LearningRateSchedule {
  readonly name: string;
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly decayRate: number;
  readonly staircase: boolean;

  constructor(name: string, options: StaircaseOptions) {
    const given = knownOptions(name, options, [
      'initialLearningRate',
      'decaySteps',
      'decayRate',
      'staircase',
    ]);
    const { initialLearningRate, decaySteps, decayRate, staircase = false } = given;
    this.name = name;
    this.initialLearningRate = atLeastZero(name, 'initialLearningRate', initialLearningRate);
    this.decaySteps = integerFrom(name, 'decaySteps', decaySteps, 1);
    this.decayRate = atLeastZero(name, 'decayRate', decayRate);
    this.staircase = flag(name, 'staircase', staircase);
  }

  /** The rate when decayRate has counted so many times. */
  protected abstract after(times: number): number;

  at(step: number): number {
    const times = step / this.decaySteps;
    return this.after(this.staircase ? Math.floor(times) : times);
  }

  getConfig(): ScheduleConfig {
    const { name, initialLearningRate, decaySteps, decayRate, staircase } = this;
    return { name, initialLearningRate, decaySteps, decayRate, staircase };
  }
}
