/** What a loss is: a number for each sample, and the gradient of their mean. */
import type { FloatArray } from '../tensor/tensor.ts';

/** Targets as the user hands them in: one row per sample, or one class number per sample. */
export type Targets = FloatArray | Int32Array;

/** What a loss works on: views that begin with the first sample of the range. */
export interface LossRun {
  /** Numbers a sample has at the model's end. */
  readonly C: number;
  /** The model's output [N, C]; what is before the last activation where the loss folds that. */
  readonly x: FloatArray;
  /** The model's last activation is left to the loss. */
  readonly folded: boolean;
  /** Where a loss that folds an activation writes its values: [N, C]. */
  readonly probabilities: FloatArray;
  /** The model's predictions [N, C], for the metrics: the probabilities where an activation is folded, else x. */
  readonly y: FloatArray;
  readonly targets: Targets;
  /** One loss per sample, in float64. */
  readonly losses: Float64Array;
  /** Gradient of the batch's mean loss by x; null: not wanted. */
  readonly dx: FloatArray | null;
}

/** An activation at a model's end that a loss may compute itself. */
export type FoldedActivation = 'softmax' | 'sigmoid';

/** What it takes to make a loss again. */
export interface LossConfig {
  readonly name: string;
  readonly fromLogits?: boolean;
  readonly [option: string]: number | string | boolean | undefined;
}

/** What every loss is, and what a loss of your own implements. */
export interface Loss {
  /** Keras' name, or your own. */
  readonly name: string;
  /** `rows`: a row of C numbers per sample; `classes`: one class number per sample. */
  readonly targetKind: 'rows' | 'classes';
  /** The least and the largest number that a target may be, both included. Default: any finite number. */
  readonly targetRange?: readonly [number, number];
  /**
   * The activation that this loss computes itself where it is directly before it, which is simpler and stable. Default: none.
   */
  readonly folds?: FoldedActivation;
  /** Takes logits: that activation may not be before it. Default: false. */
  readonly fromLogits?: boolean;
  /** A sample's numbers belong together as one row, so that an output of several dimensions is refused. Default: whether it folds softmax. */
  readonly isOfRow?: boolean;
  /** The loss has a kink where an output is its target, across which differences say nothing of the gradient. Default: false. */
  readonly hasKinks?: boolean;
  /** `batch`: the number of samples that the mean is taken over, those of other threads included. */
  compute(run: LossRun, N: number, batch: number): void;
  /** For losses with options of their own: all of them. */
  getConfig?(): LossConfig;
}

/** What makes the loss again. */
export function lossConfig(loss: Loss): LossConfig {
  return { ...loss.getConfig?.(), name: loss.name, fromLogits: loss.fromLogits ?? false };
}
