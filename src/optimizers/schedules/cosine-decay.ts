/**
 * Down along half a cosine (I. Loshchilov and F. Hutter, "SGDR", ICLR 2017, arXiv:1608.03983, equation 5, one period), after a
 * straight warm-up where one is asked for. Keras' CosineDecay:
 *
 *   warm-up, step < warmupSteps:   initialLearningRate + (warmupTarget − initialLearningRate)·step/warmupSteps
 *   then, with s = min(step − warmupSteps, decaySteps):
 *                                  start·((1 − alpha)·½·(1 + cos(π·s/decaySteps)) + alpha)
 *
 * where start is warmupTarget, or initialLearningRate without a warm-up.
 */
import { knownOptions, unary } from '../../checks/options.ts';
import { atLeastZero, integerFrom } from '../../checks/values.ts';
import { cosPi } from '../../tensor/cosine.ts';
import { schedules } from './registry.ts';
import type { LearningRateSchedule, ScheduleConfig } from './schedule.ts';

/** The course of `cosineDecay`. */
export interface CosineDecayOptions {
  /** At step 0. */
  initialLearningRate: number;
  /** Updates from the highest rate down to the lowest. */
  decaySteps: number;
  /** The lowest rate, as a share of the highest. Default: 0. */
  alpha?: number | undefined;
  /** The highest rate, where a warm-up leads. Default: no warm-up. */
  warmupTarget?: number | undefined;
  /** Updates of the warm-up. Default: 0. */
  warmupSteps?: number | undefined;
}

class CosineDecay implements LearningRateSchedule {
  readonly name = 'cosineDecay';
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly alpha: number;
  readonly warmupTarget: number | null;
  readonly warmupSteps: number;

  constructor(options: CosineDecayOptions) {
    const given = knownOptions('cosineDecay', options, [
      'initialLearningRate',
      'decaySteps',
      'alpha',
      'warmupTarget',
      'warmupSteps',
    ]);
    const { initialLearningRate, decaySteps, alpha = 0, warmupTarget, warmupSteps = 0 } = given;
    this.initialLearningRate = atLeastZero('cosineDecay', 'initialLearningRate', initialLearningRate);
    this.decaySteps = integerFrom('cosineDecay', 'decaySteps', decaySteps, 1);
    this.alpha = atLeastZero('cosineDecay', 'alpha', alpha);
    this.warmupTarget =
      warmupTarget === undefined ? null : atLeastZero('cosineDecay', 'warmupTarget', warmupTarget);
    this.warmupSteps = integerFrom('cosineDecay', 'warmupSteps', warmupSteps, 0);
    if (this.warmupTarget === null && warmupSteps > 0) {
      throw new RangeError(
        `cosineDecay: warmupSteps needs a warmupTarget, got ${warmupSteps} steps and no target`,
      );
    }
  }

  at(step: number): number {
    const { initialLearningRate: initial, warmupTarget, warmupSteps, decaySteps, alpha } = this;
    if (warmupTarget !== null && step < warmupSteps) {
      return initial + (warmupTarget - initial) * (step / warmupSteps);
    }
    const done = Math.min(step - (warmupTarget === null ? 0 : warmupSteps), decaySteps) / decaySteps;
    const share = (1 - alpha) * (0.5 * (1 + cosPi(done))) + alpha;
    return (warmupTarget ?? initial) * share;
  }

  getConfig(): ScheduleConfig {
    const { name, initialLearningRate, decaySteps, alpha, warmupTarget, warmupSteps } = this;
    const warmup = warmupTarget === null ? {} : { warmupTarget, warmupSteps };
    return { name, initialLearningRate, decaySteps, alpha, ...warmup };
  }
}

/**
 * A learning rate that falls along half a cosine, after a warm-up where one is asked for.
 *
 *     adam({ learningRate: cosineDecay({ initialLearningRate: 0, warmupTarget: 1e-3, warmupSteps: 100, decaySteps: 900 }) })
 *     cosineDecay({ initialLearningRate: 0.1, decaySteps: 100 }) // at(0) → 0.1, at(50) → 0.05, at(100) → 0
 *
 * @throws RangeError where an option is missing, unknown or out of bounds.
 */
export const cosineDecay = unary(
  'cosineDecay',
  (options: CosineDecayOptions): LearningRateSchedule => new CosineDecay(options),
);

schedules.own('cosineDecay', cosineDecay);
