/**
 * Keras' PiecewiseConstantDecay: values[i] for boundaries[i − 1] < step ≤ boundaries[i]; the last value after the last
 * boundary.
 */
import { describe } from '../../checks/describe.ts';
import { knownOptions, unary } from '../../checks/options.ts';
import { atLeastZero } from '../../checks/values.ts';
import { schedules } from './registry.ts';
import type { LearningRateSchedule, ScheduleConfig } from './schedule.ts';

/** The course of `piecewiseConstantDecay`. */
export interface PiecewiseConstantDecayOptions {
  /** The last update of each piece but the last, counted from 0, ascending. */
  boundaries: readonly number[];
  /** The learning rate of each piece: one more than there are boundaries. */
  values: readonly number[];
}

class PiecewiseConstantDecay implements LearningRateSchedule {
  readonly name = 'piecewiseConstantDecay';
  readonly boundaries: readonly number[];
  readonly values: readonly number[];

  constructor(options: PiecewiseConstantDecayOptions) {
    const given = knownOptions('piecewiseConstantDecay', options, ['boundaries', 'values']);
    const { boundaries, values } = given;
    if (
      !Array.isArray(boundaries) ||
      !boundaries.every((b, i) => Number.isInteger(b) && b >= 0 && !(b <= boundaries[i - 1]))
    ) {
      throw new RangeError(
        `piecewiseConstantDecay: boundaries must be ascending integers ≥ 0, got ${describe(boundaries)}`,
      );
    }
    if (!Array.isArray(values) || values.length !== boundaries.length + 1) {
      throw new RangeError(
        `piecewiseConstantDecay: values must be one more than boundaries: expected ${boundaries.length + 1}, got ${describe(values)}`,
      );
    }
    this.boundaries = [...boundaries];
    this.values = values.map((value) => atLeastZero('piecewiseConstantDecay', 'values', value));
  }

  at(step: number): number {
    const piece = this.boundaries.findIndex((boundary) => step <= boundary);
    return this.values[piece < 0 ? this.values.length - 1 : piece];
  }

  getConfig(): ScheduleConfig {
    const { name, boundaries, values } = this;
    return { name, boundaries, values };
  }
}

/**
 * A learning rate that changes at given updates.
 *
 *     sgd({ learningRate: piecewiseConstantDecay({ boundaries: [1000, 2000], values: [0.1, 0.01, 0.001] }) })
 *     piecewiseConstantDecay({ boundaries: [1000, 2000], values: [0.1, 0.01, 0.001] }) // at(1000) → 0.1, at(1001) → 0.01, at(2001) → 0.001
 *
 * @throws RangeError where an option is missing, unknown or out of bounds.
 */
export const piecewiseConstantDecay = unary(
  'piecewiseConstantDecay',
  (options: PiecewiseConstantDecayOptions): LearningRateSchedule => new PiecewiseConstantDecay(options),
);

schedules.own('piecewiseConstantDecay', piecewiseConstantDecay);
