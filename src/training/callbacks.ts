/** Callbacks: what a user of `fit` can hook in, with Keras' names. Any method may be left out. */
import type { Sequential } from './sequential.ts';

/** Figures by name: loss, accuracy, val_loss, val_accuracy. */
export type Logs = Readonly<Record<string, number>>;

export interface BatchInfo {
  /** Samples of this epoch that are done, this batch included, and all there are. */
  readonly seen: number;
  readonly samples: number;
}

export interface Callback {
  /** Called before anything else; keep the model to read or stop it: `model.stopTraining = true`. */
  setModel?(model: Sequential): void;
  onTrainBegin?(): void | Promise<void>;
  onTrainEnd?(logs: Logs): void | Promise<void>;
  onEpochBegin?(epoch: number): void | Promise<void>;
  /** `logs`: running figures of the epoch so far and, after validation, its own. */
  onEpochEnd?(epoch: number, logs: Logs): void | Promise<void>;
  /** `logs`: running figures of the epoch so far. */
  onBatchEnd?(batch: number, logs: Logs, info: BatchInfo): void | Promise<void>;
  /** While validation and other evaluation goes on. */
  onTestBatchEnd?(info: BatchInfo): void | Promise<void>;
}

/** What fit returns, as in Keras: one value an epoch under each key. */
export interface History {
  /** Numbers of the epochs that were trained. */
  readonly epoch: number[];
  readonly history: Record<string, number[]>;
}
