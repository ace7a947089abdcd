/** What a run tells while it runs: the experiment itself prints nothing. */
import type { JsonObject } from '../formats/json.ts';
import type { Shape } from '../tensor/tensor.ts';
import type { Figures } from '../training/callbacks/callback.ts';
import type { Model } from '../training/model.ts';
import type { PhaseFigures, PhaseResult } from './result.ts';

/** A part of a run, in which a model is trained and then tested. */
export interface AnyPhase {
  readonly name: string;
  /** The first epoch computes features of frozen layers, which later ones use. */
  readonly frozen: boolean;
  readonly epochs: number;
  readonly samples: { readonly train: number; readonly test: number };
}

export interface Phase extends AnyPhase {
  readonly name: 'source' | 'target';
  readonly digits: readonly number[];
  /** The feature layers are frozen, and only the classification layers are trained. */
  readonly frozen: boolean;
  /** x_train's: [samples, height, width, 1]. */
  readonly trainShape: Shape;
}

/** How far the current work has come. */
export interface Progress<P extends AnyPhase = AnyPhase> {
  readonly phase: P;
  /** Counted from 0. */
  readonly epoch: number;
  readonly activity: 'training' | 'validation';
  readonly seen: number;
  readonly samples: number;
  /** Running loss and accuracy while training, else nothing. */
  readonly logs: Figures;
}

/** A moment at which the run can be saved, to continue from there later. */
export interface SafePoint {
  readonly phase: string;
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

/** Methods are called in the order in which they are here; the run waits for each. */
export interface RunObserver<P extends AnyPhase, R extends PhaseFigures = PhaseFigures> {
  /** Be told of every single batch; else of several at once where they are quick, which saves a little time. */
  readonly everyBatch?: boolean;
  /** The model is compiled for this phase and not yet trained in it. */
  onPhaseBegin?(phase: P, model: Model): void | Promise<void>;
  /** At the beginning of every epoch (`seen` 0) and after every batch, or after several. */
  onProgress?(progress: Progress<P>): void | Promise<void>;
  /** At the beginning of a phase that isn't resumed, whenever there was progress, and after every epoch. */
  onSafePoint?(point: SafePoint): void | Promise<void>;
  /** `logs`: loss, accuracy, val_loss, val_accuracy. */
  onEpochEnd?(phase: P, epoch: number, logs: Figures, seconds: number): void | Promise<void>;
  /** The model as the phase left it, to save or to look at. */
  onPhaseEnd?(phase: P, result: R, model: Model): void | Promise<void>;
}

/** What is called while the experiment runs. */
export type TransferObserver = RunObserver<Phase, PhaseResult>;
