/** Where the batches of an epoch come from: arrays (array-source.ts), or an iterable that gives them (stream-source.ts). */
import type { FitPosition } from '../../formats/checkpoint.ts';
import type { Compiled } from '../compiled.ts';
import type { DataSet, Results } from '../session/job.ts';
import type { Engine, Trainee } from './engine.ts';
import type { FitProgress } from './position.ts';

/** One job's worth of an epoch: steps over positions from ≤ p < to of `order`, `batch` samples per step. */
export interface Portion {
  readonly data: DataSet;
  readonly order: Int32Array;
  readonly from: number;
  readonly to: number;
  readonly batch: number;
  /** The most samples that a step of the source has, for the memory that it takes. */
  readonly size: number;
  /** Room for the figures of each position. */
  readonly results: Results;
  /** Samples of this epoch that are done after this portion, and the epoch's samples; null: not known yet. */
  readonly seen: number;
  readonly samples: number | null;
}

/** What a source must know to make portions. */
export interface Dealing {
  readonly model: Trainee;
  readonly engine: Engine;
  readonly compiled: Compiled;
  readonly progress: FitProgress;
  /** Whether a callback wants to be called after every batch: then a portion is one batch. */
  readonly everyBatch: boolean;
  /** Runs a user's code at a moment at which it may use the model. */
  readonly between: (work: () => Promise<void>) => Promise<void>;
}

export interface BatchSource {
  /** The rest of the current epoch, from `progress` on. */
  portions(dealing: Dealing): AsyncIterable<Portion> | Iterable<Portion>;
  /** Goes on to where another `fit` was. @throws RangeError where these samples have no such place. */
  seek(position: FitPosition, dealing: Dealing): Promise<void>;
  /** Ends the reading. */
  close(): Promise<void>;
}
