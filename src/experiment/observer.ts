/** What a run tells whoever watches: the experiment itself prints nothing. */
import type { JsonObject } from '../formats/json.ts';
import type { Shape } from '../tensor/tensor.ts';
import type { Logs } from '../training/callbacks/callback.ts';
import type { Sequential } from '../training/sequential.ts';
import type { PhaseResult } from './result.ts';

export interface Phase {
  readonly name: 'source' | 'target';
  readonly digits: readonly number[];
  /** The feature layers are frozen, and only the classification layers are trained. */
  readonly frozen: boolean;
  readonly epochs: number;
  /** x_train's: [samples, height, width, 1]. */
  readonly trainShape: Shape;
  readonly samples: { readonly train: number; readonly test: number };
}

/** How far the work at hand has come. */
export interface Progress {
  readonly phase: Phase;
  /** Counted from 0; that of the last epoch while the finished model is tested. */
  readonly epoch: number;
  readonly activity: 'training' | 'validation' | 'test';
  readonly seen: number;
  readonly samples: number;
  /** Running loss and accuracy while training, else nothing. */
  readonly logs: Logs;
}

/** A moment at which the run can be saved, to go on from there later. */
export interface SafePoint {
  readonly phase: Phase['name'];
  /** The phase begins; one or more batches were trained or tested; an epoch ended. */
  readonly kind: 'begin' | 'batch' | 'epoch';
  /** Training steps so far, in both phases. */
  readonly step: number;
  /**
   * The bytes of a checkpoint, for parseTransferCheckpoint. To be called before the observer's method returns.
   * @param notes come back with it
   * @param memory of an earlier one, to be used again
   */
  encode(notes?: JsonObject, memory?: ArrayBuffer | null): Promise<Uint8Array<ArrayBuffer>>;
}

/** Methods are called in the order in which they stand here; the run waits for each. */
export interface TransferObserver {
  /** Be told of every single batch; else of several at once where they are quick, which saves a little time. */
  readonly everyBatch?: boolean;
  /** The model is compiled for this phase and not yet trained in it. */
  onPhaseBegin?(phase: Phase, model: Sequential): void | Promise<void>;
  /** At the beginning of every epoch (`seen` 0) and after every batch, or after several. */
  onProgress?(progress: Progress): void | Promise<void>;
  /** At the beginning of a phase that isn't resumed, whenever there was progress, and after every epoch. */
  onSafePoint?(point: SafePoint): void | Promise<void>;
  /** `logs`: loss, accuracy, val_loss, val_accuracy. */
  onEpochEnd?(phase: Phase, epoch: number, logs: Logs, seconds: number): void | Promise<void>;
  /** The model as the phase left it, to save or to look at. */
  onPhaseEnd?(phase: Phase, result: PhaseResult, model: Sequential): void | Promise<void>;
}
