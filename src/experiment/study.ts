/**
 * The cells of a study: a direction, a learning rate, a seed and a number of samples each, and in it the five ways of
 * study-conditions.ts. A cell needs nothing of the others, so thousands can be trained on as many machines as
 * there are; study-merge.ts makes one result of them.
 */
import { defaultThreads } from '#pool';
import { selectClasses } from '../data/split.ts';
import { chooseKernel } from '../kernels/index.ts';
import { engine } from './environment.ts';
import { TRANSFER_DEFAULTS } from './options.ts';
import type { Half, TrainingSettings } from './phase.ts';
import {
  CONDITION_NAMES,
  type ConditionFigures,
  type ConditionName,
  type Diverged,
  fewOfEach,
  learnTarget,
  type SourceFigures,
  type Start,
  stepsOf,
  trainSource,
} from './study-conditions.ts';
import {
  type CellKey,
  cellAt,
  classesOf,
  type Direction,
  makeStudy,
  type Study,
  type StudyChoices,
} from './study-grid.ts';

export interface StudyOptions extends StudyChoices {
  readonly threads?: number;
  readonly featureCacheMB?: number;
  readonly signal?: AbortSignal;
}

/** What a cell found: decided by study and cell only, to the last bit. */
export interface CellFigures {
  /** Target samples in all. */
  readonly samples: number;
  readonly epochs: number;
  readonly steps: number;
  readonly source: SourceFigures | Diverged;
  readonly conditions: Readonly<Record<ConditionName, ConditionFigures | Diverged>>;
}

/** Who computed a cell, and for how long: what differs from run to run, and so is kept apart. */
export interface CellOrigin {
  /** `node 20.20.2 linux x64` */
  readonly engine: string;
  readonly kernel: string;
  readonly threads: number;
  readonly seconds: {
    /** 0 where the cell before had the same source training. */
    readonly source: number;
    readonly conditions: Readonly<Record<ConditionName, number>>;
  };
}

export interface CellRecord {
  readonly study: Study;
  readonly index: number;
  readonly figures: CellFigures;
  readonly origin: CellOrigin;
}

export interface StudyObserver {
  /** Before each training of a cell. */
  onTraining?(what: 'source digits' | ConditionName): void;
}

/** Trains the cells of a study, in any order. */
export class StudyTrainer {
  readonly study: Study;
  readonly #settings: Omit<TrainingSettings, 'learningRate'>;
  readonly #halves: Readonly<Record<Direction, { source: Half; target: Half }>>;
  /** The last source training: neighbours share it. */
  #start: { key: string; start: Start } | null = null;

  /** @throws as makeStudy and selectClasses do. */
  constructor(options: StudyOptions) {
    this.study = makeStudy(options);
    const { threads = defaultThreads(), featureCacheMB = TRANSFER_DEFAULTS.featureCacheMB, signal } = options;
    this.#settings = {
      epochs: this.study.epochs,
      batchSize: this.study.batch_size,
      threads,
      kernel: chooseKernel(options.kernel ?? 'auto'),
      convolution: TRANSFER_DEFAULTS.convolution,
      featureCacheMB,
      ...(signal && { signal }),
    };
    const classes = classesOf(this.study, 'forward');
    const halfOf = (digits: readonly number[]): Half => ({
      digits,
      train: selectClasses(options.data.train, digits, { shared: threads > 0 }),
      test: selectClasses(options.data.test, digits, { shared: threads > 0 }),
    });
    const [source, target] = [classes.source, classes.target].map(halfOf);
    this.#halves = { forward: { source, target }, reverse: { source: target, target: source } };
  }

  /**
   * Trains one cell.
   * @throws RangeError where there is no such cell, and the signal's reason where it is aborted.
   */
  async train(index: number, observer: StudyObserver = {}): Promise<CellRecord> {
    const key = cellAt(this.study, index);
    const { target } = this.#halves[key.direction];
    const settings = { ...this.#settings, learningRate: key.learning_rate };
    const begin = performance.now();
    const start = await this.#startOf(key, settings, observer);
    const source = secondsSince(begin);

    const count = key.samples_per_digit;
    const shared = settings.threads > 0;
    const train = count === 'all' ? target.train : fewOfEach(target.train, count, key.seed, shared);
    const half = { ...target, train };
    const epochs = Math.ceil(stepsOf(target, settings) / stepsOf(half, { ...settings, epochs: 1 }));
    // The loop, which is over all names, fills both.
    const conditions = {} as Record<ConditionName, ConditionFigures | Diverged>;
    const seconds = {} as Record<ConditionName, number>;
    for (const condition of CONDITION_NAMES) {
      observer.onTraining?.(condition);
      const from = performance.now();
      conditions[condition] = await learnTarget(condition, start, key.seed, half, { ...settings, epochs });
      seconds[condition] = secondsSince(from);
    }
    return {
      study: this.study,
      index,
      figures: {
        samples: train.labels.length,
        epochs,
        steps: stepsOf(half, { ...settings, epochs }),
        source: start.figures,
        conditions,
      },
      origin: {
        engine: engine(),
        kernel: settings.kernel,
        threads: settings.threads,
        seconds: { source, conditions: seconds },
      },
    };
  }

  async #startOf(cell: CellKey, settings: TrainingSettings, observer: StudyObserver): Promise<Start> {
    const { direction, learning_rate, seed } = cell;
    const key = JSON.stringify([direction, learning_rate, seed]);
    if (this.#start?.key !== key) {
      observer.onTraining?.('source digits');
      this.#start = { key, start: await trainSource(this.#halves[direction].source, seed, settings) };
    }
    return this.#start.start;
  }
}

const secondsSince = (begin: number): number => (performance.now() - begin) / 1000;
