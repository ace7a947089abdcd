/** Types of run.mjs, which stays JavaScript so that every engine can run it. */
import type { KernelChoice, WorkerMaker } from '../../src/index.ts';

export interface GoldenOptions {
  readonly kernel: KernelChoice;
  /** Default: as compile's. */
  readonly threads?: number;
  readonly worker?: WorkerMaker;
  /** Keep the frozen features between epochs; true unless told. */
  readonly featureCache?: boolean;
}

/** One phase: its history, one value an epoch, and the weights behind it. */
export interface GoldenPhase {
  readonly loss: readonly number[];
  readonly accuracy: readonly number[];
  readonly val_loss: readonly number[];
  readonly val_accuracy: readonly number[];
  readonly weights_sha256: string;
}

export interface Golden {
  readonly source: GoldenPhase;
  readonly target: GoldenPhase;
}

export const IMAGES_PER_DIGIT: number;
export function goldenRun(digits: readonly Uint8Array[], options: GoldenOptions): Promise<Golden>;
