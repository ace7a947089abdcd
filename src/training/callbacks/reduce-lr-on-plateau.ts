/** A callback that lowers the learning rate when a figure no longer gets better, after Keras 3's ReduceLROnPlateau: same rules. */
import { describe } from '../../checks/describe.ts';
import { knownOptions, unary } from '../../checks/options.ts';
import { atLeastZero, finite, integerAtLeastZero, nameText } from '../../checks/values.ts';
import type { Callback, Figures, TrainingModel } from './callback.ts';
import { directionOf, type MonitorMode } from './monitor.ts';
import { nextModel } from './one-model.ts';

/** What `reduceLROnPlateau` watches, and what it does then. */
export interface ReduceLROnPlateauOptions {
  /** The figure that is watched. Default: `val_loss`. */
  monitor?: string | undefined;
  /** The new learning rate is the old one times this; above 0 and below 1. Default: 0.1. */
  factor?: number | undefined;
  /** The rate is lowered after so many epochs in a row without a better figure. Default: 10. */
  patience?: number | undefined;
  /** Whether small (`min`) or large (`max`) is better. `auto` decides by the figure's name. Default: `auto`. */
  mode?: MonitorMode | undefined;
  /**
   * It counts as better only if it changes by more than this; below 0, as in Keras, also if it gets worse by less than that. Default: 0.0001.
   */
  minDelta?: number | undefined;
  /** Epochs after a reduction that aren't counted. Default: 0. */
  cooldown?: number | undefined;
  /** The rate is never lowered below this. Default: 0. */
  minLearningRate?: number | undefined;
}

const NAME = 'reduceLROnPlateau';
const OPTIONS = ['monitor', 'factor', 'patience', 'mode', 'minDelta', 'cooldown', 'minLearningRate'];

class ReduceLROnPlateau implements Callback {
  readonly #monitor: string;
  readonly #factor: number;
  readonly #patience: number;
  readonly #cooldown: number;
  readonly #minLearningRate: number;
  readonly #isBetter: (value: number, than: number) => boolean;
  #model: TrainingModel | null = null;
  #best: number | null = null;
  #wait = 0;
  #resting = 0;

  constructor(options: ReduceLROnPlateauOptions) {
    const given = knownOptions(NAME, options, OPTIONS);
    const { monitor = 'val_loss', factor = 0.1, mode = 'auto', minDelta = 1e-4, minLearningRate = 0 } = given;
    if (typeof factor !== 'number' || !(factor > 0 && factor < 1)) {
      throw new RangeError(`${NAME}: factor must be above 0 and below 1, got ${describe(factor)}`);
    }
    this.#monitor = nameText(NAME, 'monitor', monitor);
    this.#factor = factor;
    this.#patience = integerAtLeastZero(NAME, 'patience', given.patience ?? 10);
    this.#cooldown = integerAtLeastZero(NAME, 'cooldown', given.cooldown ?? 0);
    this.#minLearningRate = atLeastZero(NAME, 'minLearningRate', minLearningRate);
    const delta = finite(NAME, 'minDelta', minDelta);
    const wantsMax = directionOf(NAME, monitor, mode) === 'max';
    this.#isBetter = wantsMax ? (value, than) => value > than + delta : (value, than) => value < than - delta;
  }

  setModel(model: TrainingModel): void {
    this.#model = nextModel('reduceLROnPlateau', this.#model, model);
  }

  /** A training that continues goes through its history first: the rate was lowered then, and waiting continues. */
  onTrainBegin(): void {
    this.#best = null;
    this.#wait = 0;
    this.#resting = 0;
    for (const value of this.#model?.fitPosition?.history.history[this.#monitor] ?? []) this.#isTime(value);
  }

  onEpochEnd(_epoch: number, logs: Figures): void {
    if (!Object.hasOwn(logs, this.#monitor)) {
      const known = Object.keys(logs).join(', ');
      console.warn(
        `reduceLROnPlateau: needs ${this.#monitor}, which doesn't exist: expected one of ${known}`,
      );
      return;
    }
    const optimizer = this.#model?.compiled?.optimizer;
    if (!this.#isTime(logs[this.#monitor]) || !optimizer) return;
    optimizer.learningRate = Math.max(
      Math.min(optimizer.learningRate, this.#minLearningRate),
      optimizer.learningRate * this.#factor,
    );
  }

  /** One epoch's figure. @returns whether the rate is to be lowered now. */
  #isTime(value: number): boolean {
    if (this.#resting > 0) {
      this.#resting--;
      this.#wait = 0;
    }
    if (this.#best === null || this.#isBetter(value, this.#best)) {
      this.#best = value;
      this.#wait = 0;
      return false;
    }
    if (this.#resting > 0 || ++this.#wait < this.#patience) return false;
    this.#resting = this.#cooldown;
    this.#wait = 0;
    return true;
  }
}

/**
 * Lowers the optimizer's learning rate when a figure no longer gets better.
 *
 *     await model.fit(x, y, { validationData, callbacks: [reduceLROnPlateau({ factor: 0.2, patience: 3 })] });
 *
 * The optimizer's learning rate must be a number: a schedule can't be lowered.
 * @throws RangeError or TypeError for an option that is unknown or makes no sense.
 */
export const reduceLROnPlateau = unary(
  NAME,
  (options: ReduceLROnPlateauOptions = {}): Callback => new ReduceLROnPlateau(options),
);
