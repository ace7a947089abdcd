/** What a loss is: a number for each sample, and the gradient of their mean. */
import type { FloatArray } from '../tensor/tensor.ts';

/** Targets as the user hands them in: one row a sample, or one class number a sample. */
export type Targets = FloatArray | Int32Array;

/** What a loss works on: views that begin with the first sample of the range. */
export interface LossRun {
  /** Numbers a sample has at the model's end. */
  readonly C: number;
  /** The model's output [N, C]; logits where softmax is folded into the loss. */
  readonly x: FloatArray;
  /** Where a loss that folds softmax writes it: [N, C]. */
  readonly probabilities: FloatArray;
  /** The model's predictions [N, C], for the metrics: the probabilities where softmax is folded, else x. */
  readonly y: FloatArray;
  readonly targets: Targets;
  /** One loss a sample, in float64. */
  readonly losses: Float64Array;
  /** Gradient of the batch's mean loss by x; null: not wanted. */
  readonly dx: FloatArray | null;
}

export interface Loss {
  /** Keras' name. */
  readonly name: string;
  /** `rows`: a row of C numbers a sample; `classes`: one class number a sample. */
  readonly targetKind: 'rows' | 'classes';
  /** Softmax directly before this loss is computed by it, which is simpler and stable. */
  readonly foldsSoftmax: boolean;
  /** Takes logits: no softmax may stand before it. */
  readonly fromLogits: boolean;
  /** `batch`: the number of samples that the mean is taken over, those of other threads included. */
  compute(run: LossRun, N: number, batch: number): void;
}
