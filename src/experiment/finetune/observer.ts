/** What a fine-tuning tells while it runs. */
import type { Model } from '../../training/model.ts';
import type { AnyPhase, RunObserver } from '../observer.ts';
import type { Twins } from './halves.ts';
import type { FinetuneNetwork } from './network.ts';
import type { BadPhoto } from './photos.ts';
import type { FinetunePhaseResult } from './result.ts';

export interface FinetunePhase extends AnyPhase {
  readonly name: 'head' | 'thawed';
  /** The base's layers that are trained too. */
  readonly layers: readonly string[];
  /** Photos whose activations are kept, of those that are trained on and tested with; null in the first phase. */
  readonly kept: { readonly photos: number; readonly of: number } | null;
}

export interface FolderSummary {
  readonly classes: readonly string[];
  readonly train: number;
  readonly test: number;
  /** What thawed layers are trained without, which their file asks for. */
  readonly without: readonly string[];
}

export interface FinetuneObserver extends RunObserver<FinetunePhase, FinetunePhaseResult> {
  /** The network is put together, and the folder has been looked through. */
  onBegin?(network: FinetuneNetwork, data: FolderSummary): void;
  /** Features of so many files are there. */
  onFeatures?(done: number, files: number): void | Promise<void>;
  /** All are. */
  onFeaturesEnd?(photos: number, stored: number, seconds: number): void;
  /** Which photos are there twice, once all are known. */
  onTwins?(twins: Twins, tested: number): void;
  /** A file that is no photo is left out. */
  onSkip?(bad: BadPhoto): void;
  /** The whole model as a phase left it. */
  onModel?(phase: 'head' | 'thawed', full: Model): Promise<void>;
}
