/** Callbacks: what a user of `fit` can hook in, with Keras' names. Any method may be left out. */
import type { CheckpointModel } from '../../formats/checkpoint.ts';
import type { Optimizer } from '../../optimizers/optimizer.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Samples, TargetValues } from '../inputs.ts';

/** Figures by name: loss, accuracy, val_loss, val_accuracy; none where nothing is measured. */
export type Figures = Readonly<Record<string, number>>;

/** Figures by name, of which the loss is always there. */
export interface Logs extends Figures {
  readonly loss: number;
}

/** The model as callbacks meet it: what they may read, and how they stop it. Every model that trains is one. */
export interface TrainingModel extends CheckpointModel {
  /** true ends `fit` after the current epoch; in `onBatchEnd` the epoch ends with this batch. */
  stopTraining: boolean;
  /** The compiled optimizer, whose `learningRate` may be changed between steps. */
  readonly optimizer: Optimizer;
  /** Within a callback: with the weights of that moment; the training isn't disturbed. */
  evaluate(x: Samples, y: TargetValues): Promise<Logs>;
  /** Likewise. */
  predict(x: Samples): Promise<Tensor>;
  save(folder: string): Promise<void>;
}

/** How far an epoch has come. */
export interface BatchInfo {
  /** Samples of this epoch that are done, this batch included. */
  readonly seen: number;
  /** Samples of the epoch; null where they come batch by batch, so that their number isn't known yet. */
  readonly samples: number | null;
}

/** How far the current work has come. */
export interface ProgressInfo extends BatchInfo {
  /** Training; validation or other evaluation; prediction. */
  readonly mode: 'train' | 'test' | 'predict';
}

/** Names of all that a callback may have to be called. */
export const HOOKS = [
  'setModel',
  'onTrainBegin',
  'onTrainEnd',
  'onEpochBegin',
  'onEpochEnd',
  'onBatchEnd',
  'onTestBatchEnd',
  'onProgress',
] as const satisfies readonly (keyof Callback)[];

/** What is called while a model trains, with Keras' names; all of it is optional. */
export interface Callback {
  /** Called before anything else; keep the model to read or stop it: `model.stopTraining = true`. */
  setModel?(model: TrainingModel): void;
  onTrainBegin?(): void | Promise<void>;
  /** `logs`: those of the last epoch; none where no epoch was trained. */
  onTrainEnd?(logs: Figures): void | Promise<void>;
  onEpochBegin?(epoch: number): void | Promise<void>;
  /** `logs`: running figures of the epoch so far and, after validation, its own. */
  onEpochEnd?(epoch: number, logs: Logs): void | Promise<void>;
  /**
   * After every batch of training; `logs`: running figures of the epoch so far. Workers then stop after each
   * batch, which costs a tenth of a millisecond or more: to show progress, `onProgress` does.
   */
  onBatchEnd?(batch: number, logs: Logs, info: BatchInfo): void | Promise<void>;
  /** After every batch of validation and other evaluation; it costs as much. */
  onTestBatchEnd?(info: BatchInfo): void | Promise<void>;
  /**
   * After one or more batches of training, validation, evaluation or prediction, some ten times per second.
   * `logs`: running figures so far; none in prediction.
   */
  onProgress?(info: ProgressInfo, logs: Figures): void | Promise<void>;
}

/** What fit returns, as in Keras: one value per epoch under each key. */
export interface History {
  /** Numbers of the epochs that were trained. */
  readonly epoch: number[];
  readonly history: Record<string, number[]>;
}
