/** What a loss is: a number for each sample, and the gradient of their mean. */
import { type FloatArray, type Shape, sizeOf } from '../tensor/tensor.ts';

/** Targets as the user hands them in: rows, or a class number for each row. */
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
  readonly [option: string]: number | string | boolean | readonly number[] | undefined;
}

/** What every loss is, and what a loss of your own implements. */
export interface Loss {
  /** Keras' name, or your own. */
  readonly name: string;
  /** `rows`: a target for each output; `classes`: a class number for each row. */
  readonly targetKind: 'rows' | 'classes';
  /** The least and the largest number that a target may be, both included. Default: any finite number. */
  readonly targetRange?: readonly [number, number];
  /**
   * The activation that this loss computes itself where it is directly before it, which is simpler and stable. Default: none.
   */
  readonly folds?: FoldedActivation;
  /** Takes logits: that activation may not be before it. Default: false. */
  readonly fromLogits?: boolean;
  /**
   * It is of a row, along the output's last dimension: of an image of classes, each pixel is one. `compute` is then given all rows of the
   * samples, and a sample's loss is their mean. Default: whether it folds softmax. Otherwise all numbers of a sample are one row.
   */
  readonly isOfRow?: boolean;
  /** The loss has a kink where an output is its target: differences across it say nothing about the gradient. Default: false. */
  readonly hasKinks?: boolean;
  /** Looks at the size of a row when the model is compiled. @throws RangeError where it can't work on rows of C numbers. */
  expectSize?(C: number): void;
  /** `batch`: the number of samples that the mean is taken over, those of other threads included. */
  compute(run: LossRun, N: number, batch: number): void;
  /** For losses with options of their own: all of them. */
  getConfig?(): LossConfig;
}

/** What makes the loss again. */
export function lossConfig(loss: Loss): LossConfig {
  return { ...loss.getConfig?.(), name: loss.name, fromLogits: loss.fromLogits ?? false };
}

/** How many numbers of a sample are one row for the loss. */
export function rowSize({ isOfRow, folds }: Loss, outputShape: Shape): number {
  return ((isOfRow ?? folds === 'softmax') && outputShape.at(-1)) || sizeOf(outputShape);
}

/** How many targets a sample has. */
export function targetSize(loss: Loss, outputShape: Shape): number {
  const size = sizeOf(outputShape);
  return loss.targetKind === 'classes' ? size / rowSize(loss, outputShape) : size;
}

/**
 * Computes a loss of N samples, of a batch: of their rows, of which each sample has the mean, rows ascending in float64.
 *
 *     loss[n] = (Σ_r loss[n, r]) / R,   ∂(mean loss)/∂x = that of N·R rows of a batch of batch·R
 */
export function computeLoss(loss: Loss, outputShape: Shape, run: LossRun, N: number, batch: number): void {
  const C = rowSize(loss, outputShape);
  const R = run.C / C;
  if (R === 1) {
    loss.compute(run, N, batch); // a sample is a row
    return;
  }
  const losses = new Float64Array(N * R);
  loss.compute({ ...run, C, losses }, N * R, batch * R);
  for (let n = 0; n < N; n++) {
    let sum = 0;
    for (let r = n * R; r < (n + 1) * R; r++) sum += losses[r];
    run.losses[n] = sum / R;
  }
}
