/** A callback that ends `fit` when a figure no longer gets better, after Keras 3's EarlyStopping: same options, same rules. */
import { knownOptions, unary } from '../../checks/options.ts';
import { finite, flag, integerFrom, nameText, numeric } from '../../checks/values.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Callback, Figures, TrainingModel } from './callback.ts';
import { directionOf, type MonitorMode } from './monitor.ts';
import { nextModel } from './one-model.ts';

/** What `earlyStopping` watches, and how long it waits. */
export interface EarlyStoppingOptions {
  /** The figure that is watched. Default: `val_loss`. */
  monitor?: string | undefined;
  /** It counts as better only if it changes by more than this. Default: 0. */
  minDelta?: number | undefined;
  /** Training ends after so many epochs in a row without a better figure. Default: 0. */
  patience?: number | undefined;
  /** Whether small (`min`) or large (`max`) is better. `auto` decides by the figure's name. Default: `auto`. */
  mode?: MonitorMode | undefined;
  /** Until the figure is better than this, epochs count as without a better figure. Default: none. */
  baseline?: number | null | undefined;
  /** At the end of training, put back the weights of the best epoch. Default: false: those of the last one stay. */
  restoreBestWeights?: boolean | undefined;
  /** Epochs at the start that aren't looked at. Default: 0. */
  startFromEpoch?: number | undefined;
}

/**
 * A callback that ends `fit` when a figure has stopped getting better.
 *
 * Where `fit` resumes, it goes through the history that it resumes from first, so that it stops where an
 * uninterrupted `fit` would have. It can put back only weights of later epochs.
 * @throws RangeError or TypeError for an option that makes no sense.
 * @example
 * ```js
 * await model.fit(x, y, { epochs: 100, validationData: [vx, vy], callbacks: [earlyStopping({ patience: 3 })] });
 * ```
 */
export const earlyStopping = unary(
  'earlyStopping',
  (options?: EarlyStoppingOptions): EarlyStopping => new EarlyStopping(options),
);

const OPTIONS = [
  'monitor',
  'minDelta',
  'patience',
  'mode',
  'baseline',
  'restoreBestWeights',
  'startFromEpoch',
] as const satisfies readonly (keyof EarlyStoppingOptions)[];

/** The callback that `earlyStopping` makes. */
export class EarlyStopping implements Callback {
  readonly #monitor: string;
  readonly #isBetter: (value: number, than: number) => boolean;
  readonly #patience: number;
  readonly #baseline: number | null;
  readonly #restoreBestWeights: boolean;
  readonly #startFromEpoch: number;
  #model: TrainingModel | null = null;
  #wait = 0;
  #best: number | null = null;
  #bestEpoch = 0;
  #bestWeights: readonly Tensor[] | null = null;
  #stoppedEpoch: number | null = null;

  constructor(options?: EarlyStoppingOptions) {
    const where = 'earlyStopping';
    const given = knownOptions(where, options, OPTIONS, { nullable: ['baseline'] });
    const { minDelta = 0, mode = 'auto', baseline = null } = given;
    const monitor = nameText(where, 'monitor', given.monitor ?? 'val_loss');
    if (baseline !== null && Number.isNaN(numeric(where, 'baseline', baseline, 'a number or null'))) {
      throw new RangeError(`${where}: baseline must be a number or null, got ${baseline}`);
    }
    const delta = Math.abs(finite(where, 'minDelta', minDelta));
    const wantsMax = directionOf(where, monitor, mode) === 'max';
    this.#monitor = monitor;
    this.#isBetter = wantsMax ? (value, than) => value - delta > than : (value, than) => value + delta < than;
    this.#patience = integerFrom(where, 'patience', given.patience ?? 0, 0);
    this.#startFromEpoch = integerFrom(where, 'startFromEpoch', given.startFromEpoch ?? 0, 0);
    this.#baseline = baseline;
    this.#restoreBestWeights = flag(where, 'restoreBestWeights', given.restoreBestWeights ?? false);
  }

  /** Number of the epoch after which it ended the training, counted from 0; null: it didn't. */
  get stoppedEpoch(): number | null {
    return this.#stoppedEpoch;
  }

  /** The best figure so far, and the number of its epoch; null before the first. */
  get best(): { readonly value: number; readonly epoch: number } | null {
    return this.#best === null ? null : { value: this.#best, epoch: this.#bestEpoch };
  }

  setModel(model: TrainingModel): void {
    this.#model = nextModel('earlyStopping', this.#model, model);
  }

  onTrainBegin(): void {
    this.#wait = 0;
    this.#best = null;
    this.#bestEpoch = 0;
    this.#bestWeights = null;
    this.#stoppedEpoch = null;
    const past = this.#model?.fitPosition?.history;
    if (!past || !Object.hasOwn(past.history, this.#monitor)) return;
    for (const [i, epoch] of past.epoch.entries()) this.#look(epoch, past.history[this.#monitor][i]);
    this.#bestWeights = null; // those of that epoch are gone
  }

  onEpochEnd(epoch: number, logs: Figures): void {
    if (!Object.hasOwn(logs, this.#monitor)) {
      const known = Object.keys(logs).join(', ');
      console.warn(`earlyStopping: needs ${this.#monitor}, which doesn't exist: expected one of ${known}`);
      return;
    }
    this.#look(epoch, logs[this.#monitor]);
  }

  onTrainEnd(): void {
    if (this.#bestWeights) this.#model?.setWeights(this.#bestWeights);
  }

  /** One epoch's figure. */
  #look(epoch: number, current: number): void {
    if (epoch < this.#startFromEpoch) return;
    // Weights that were never set are the best so far.
    if (this.#bestWeights === null) this.#keepWeights();
    this.#wait++;
    if (this.#best === null || this.#isBetter(current, this.#best)) {
      this.#best = current;
      this.#bestEpoch = epoch;
      this.#keepWeights();
      // The wait begins again only where the baseline is beaten too.
      if (this.#baseline === null || this.#isBetter(current, this.#baseline)) this.#wait = 0;
    } else if (this.#wait >= this.#patience && epoch > 0) {
      this.#stoppedEpoch = epoch;
      if (this.#model) this.#model.stopTraining = true;
    }
  }

  #keepWeights(): void {
    if (this.#restoreBestWeights) this.#bestWeights = this.#model?.getWeights() ?? null;
  }
}
