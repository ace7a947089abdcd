/**
 * A callback that saves checkpoints during `fit`, after Keras 3's ModelCheckpoint: same options, same rules.
 */
import { writeFileAtomic } from '#files';
import { brief, describe } from '../../checks/describe.ts';
import { knownOptions, unary } from '../../checks/options.ts';
import { flag, nameText, numeric } from '../../checks/values.ts';
import { encodeCheckpoint } from '../../formats/checkpoint.ts';
import { CheckpointFolder } from '../../formats/checkpoint-folder.ts';
import { expectJson, type JsonObject } from '../../formats/json.ts';
import { foreignFormat, type Place, pathOf } from '../../formats/places.ts';
import type { Callback, Figures, TrainingModel } from './callback.ts';
import { directionOf, type MonitorMode } from './monitor.ts';
import { nextModel } from './one-model.ts';

/** What `modelCheckpoint` saves, and when. */
export interface ModelCheckpointOptions {
  /** Folder for numbered checkpoints. The last two are kept: enough to continue after a crash. */
  folder?: Place | undefined;
  /**
   * In place of `folder`: one file, replaced each time, or a pattern with figures in it:
   * `run/{epoch:02d}-{val_loss:.2f}.safetensors`. Epochs and batches count from 1 there.
   */
  path?: Place | undefined;
  /** The figure that says which checkpoint is best. Default: `val_loss`. */
  monitor?: string | undefined;
  /** Save only if `monitor` is better than ever before. Default: false. */
  saveBestOnly?: boolean | undefined;
  /** Whether small (`min`) or large (`max`) is better. `auto` decides by the figure's name. Default: `auto`. */
  mode?: MonitorMode | undefined;
  /** After every epoch, or after so many batches (`monitor` is then a running figure). Default: `epoch`. */
  saveFreq?: 'epoch' | number | undefined;
  /** With `saveBestOnly`: what the first one has to be better than. */
  initialValueThreshold?: number | undefined;
  /** Saved with every checkpoint. */
  metadata?: JsonObject | undefined;
}

/**
 * A callback that saves checkpoints: all that `fit` needs to continue after a stop or a crash.
 *
 * Where `fit` resumes, the best figure so far is that of the history it resumes from.
 * @throws RangeError or TypeError for an option that makes no sense.
 * @example
 * ```js
 * await model.fit(x, y, { epochs: 10, callbacks: [modelCheckpoint({ folder: 'run' })] });
 * ```
 */
export const modelCheckpoint = unary(
  'modelCheckpoint',
  (options: ModelCheckpointOptions): Callback =>
    new ModelCheckpoint(knownOptions('modelCheckpoint', options, OPTIONS)),
);

const OPTIONS = [
  'folder',
  'path',
  'monitor',
  'saveBestOnly',
  'mode',
  'saveFreq',
  'initialValueThreshold',
  'metadata',
] as const satisfies readonly (keyof ModelCheckpointOptions)[];

class ModelCheckpoint implements Callback {
  readonly #options: ModelCheckpointOptions;
  readonly #folder: CheckpointFolder | null;
  /** In its place. */
  readonly #path: string;
  readonly #monitor: string;
  readonly #isBetter: (a: number, b: number) => boolean;
  #best: number;
  #model: TrainingModel | null = null;
  /** The memory of the last checkpoint, which the next one uses again. */
  #memory: ArrayBuffer | null = null;
  #epoch = 0;
  #batchesSinceSaved = 0;

  constructor(options: ModelCheckpointOptions) {
    const where = 'modelCheckpoint';
    const { folder, path, monitor = 'val_loss', mode = 'auto', saveFreq = 'epoch' } = options;
    if ((folder === undefined) === (path === undefined)) {
      throw new TypeError(`${where}: either folder or path must be given, and not both`);
    }
    refuseForeignFile(where, path ?? folder ?? '');
    if (folder !== undefined && /[{}]/.test(pathOf(where, folder))) {
      throw new RangeError(
        `${where}: figures such as {epoch} go into path; files in a folder are numbered: got ${folder}`,
      );
    }
    nameText(where, 'monitor', monitor);
    expectJson(where, 'metadata', options.metadata ?? {});
    flag(where, 'saveBestOnly', options.saveBestOnly ?? false);
    const threshold = numeric(where, 'initialValueThreshold', options.initialValueThreshold ?? 0);
    // Nothing is better than NaN: nothing would be saved.
    if (Number.isNaN(threshold)) throw new RangeError(`${where}: initialValueThreshold must not be NaN`);
    if (saveFreq !== 'epoch' && !(Number.isInteger(saveFreq) && saveFreq >= 1)) {
      throw new RangeError(`${where}: saveFreq must be 'epoch' or an integer ≥ 1, got ${describe(saveFreq)}`);
    }
    const wantsMax = directionOf(where, monitor, mode) === 'max';
    this.#options = options;
    this.#folder = folder === undefined ? null : new CheckpointFolder(pathOf('modelCheckpoint', folder));
    this.#path = path === undefined ? '' : pathOf('modelCheckpoint', path);
    this.#monitor = monitor;
    this.#isBetter = wantsMax ? (a, b) => a > b : (a, b) => a < b;
    this.#best = options.initialValueThreshold ?? (wantsMax ? -Infinity : Infinity);
    if (saveFreq !== 'epoch') this.onBatchEnd = (batch, logs) => this.#countBatch(saveFreq, batch, logs);
  }

  setModel(model: TrainingModel): void {
    this.#model = nextModel('modelCheckpoint', this.#model, model);
  }

  onTrainBegin(): void {
    const past = this.#model?.fitPosition?.history.history ?? {};
    if (!Object.hasOwn(past, this.#monitor)) return;
    for (const value of past[this.#monitor]) if (this.#isBetter(value, this.#best)) this.#best = value;
  }

  onEpochBegin(epoch: number): void {
    this.#epoch = epoch;
  }

  /** Only where it is to save within epochs. */
  readonly onBatchEnd?: NonNullable<Callback['onBatchEnd']>;

  async #countBatch(saveFreq: number, batch: number, logs: Figures): Promise<void> {
    if (++this.#batchesSinceSaved < saveFreq) return;
    this.#batchesSinceSaved = 0;
    await this.#save({ ...logs, epoch: this.#epoch + 1, batch: batch + 1 });
  }

  async onEpochEnd(epoch: number, logs: Figures): Promise<void> {
    if ((this.#options.saveFreq ?? 'epoch') === 'epoch') await this.#save({ ...logs, epoch: epoch + 1 });
  }

  async #save(figures: Figures): Promise<void> {
    if (this.#options.saveBestOnly && !this.#improves(figures)) return;
    const model = this.#model as TrainingModel; // fit calls setModel before all else
    const bytes = await encodeCheckpoint(model, this.#options.metadata, this.#memory);
    this.#memory = bytes.buffer;
    if (this.#folder) await this.#folder.write(bytes);
    else await writeFileAtomic(fillIn(this.#path, figures), bytes);
  }

  #improves(figures: Figures): boolean {
    if (!Object.hasOwn(figures, this.#monitor)) {
      // As in Keras: rather a checkpoint too many than none.
      console.warn(`modelCheckpoint: saveBestOnly needs ${this.#monitor}, which doesn't exist: saved anyway`);
      return true;
    }
    const current = figures[this.#monitor];
    if (!this.#isBetter(current, this.#best)) return false;
    this.#best = current;
    return true;
  }
}

/** @throws RangeError for the name of a file that would be read as another format than a checkpoint's. */
function refuseForeignFile(where: string, path: Place): void {
  const foreign = foreignFormat(pathOf(where, path));
  if (foreign === null) return;
  throw new RangeError(
    `${where}: a checkpoint is a file of safetensors, and ${foreign} can't be one: got ${path}: to keep only the model, call model.save in onEpochEnd`,
  );
}

/** `{epoch:02d}-{val_loss:.2f}` with its figures: width (with zeros in front) and decimals as in Python. */
function fillIn(pattern: string, figures: Figures): string {
  return pattern.replace(
    /\{(\w+)(?::(0?)(\d*)(?:\.(\d+))?[df]?)?\}/g,
    (_field, name: string, zero = '', width = '', decimals?: string) => {
      if (!Object.hasOwn(figures, name)) {
        const known = Object.keys(figures).join(', ');
        throw new RangeError(
          `modelCheckpoint: path must hold figures that are there: expected ${known}, got ${brief(name)}`,
        );
      }
      const text = decimals === undefined ? String(figures[name]) : figures[name].toFixed(Number(decimals));
      return text.padStart(Number(width), zero || ' ');
    },
  );
}
