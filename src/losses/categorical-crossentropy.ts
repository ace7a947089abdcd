/**
 * Cross-entropy between a target distribution and the model's softmax.
 *
 *   loss[n] = −Σ_c t[n, c]·log softmax(x[n])[c],   ∂(mean loss)/∂x[n, c] = (softmax(x[n])[c]·Σ_j t[n, j] − t[n, c]) / batch
 *
 * (Of a distribution, as of a one-hot row, Σ t is 1.)
 *
 * Softmax and logarithm are one stable function (log-sum-exp with the maximum taken out), computed in
 * float64 and rounded once. Two ways to say the targets, one arithmetic.
 */
import { knownOptions, unary } from '../checks/options.ts';
import { flag } from '../checks/values.ts';
import { softmaxCrossEntropy, sparseSoftmaxCrossEntropy } from '../kernels/softmax.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import type { Loss, LossRun } from './loss.ts';

/** What cross-entropy takes its predictions for. */
export interface CrossentropyOptions {
  /** The model ends in logits, without softmax; predictions are then logits too. */
  fromLogits?: boolean;
}

/** Whether the predictions are logits. @throws TypeError or RangeError where an option is unknown or of another kind. */
export function readFromLogits(loss: string, options: CrossentropyOptions | undefined): boolean {
  const { fromLogits = false } = knownOptions(loss, options, ['fromLogits']);
  return flag(loss, 'fromLogits', fromLogits);
}

class CategoricalCrossentropy implements Loss {
  readonly name = 'categoricalCrossentropy';
  readonly targetKind = 'rows';
  /** A share of a class is at least 0; a row may add up to more than 1. */
  readonly targetRange = [0, Number.POSITIVE_INFINITY] as const;
  readonly folds = 'softmax';
  readonly fromLogits: boolean;

  constructor(options?: CrossentropyOptions) {
    this.fromLogits = readFromLogits('categoricalCrossentropy', options);
  }

  compute({ C, x, probabilities, targets, losses, dx }: LossRun, N: number, batch: number): void {
    // compile() checked that these are rows.
    softmaxCrossEntropy(N, C, x, targets as FloatArray, batch, losses, probabilities, dx);
  }
}

class SparseCategoricalCrossentropy implements Loss {
  readonly name = 'sparseCategoricalCrossentropy';
  readonly targetKind = 'classes';
  readonly folds = 'softmax';
  readonly fromLogits: boolean;

  constructor(options?: CrossentropyOptions) {
    this.fromLogits = readFromLogits('sparseCategoricalCrossentropy', options);
  }

  compute({ C, x, probabilities, targets, losses, dx }: LossRun, N: number, batch: number): void {
    // compile() checked that these are class numbers.
    sparseSoftmaxCrossEntropy(N, C, x, targets as Int32Array, batch, losses, probabilities, dx);
  }
}

/** For one-hot targets, any distribution, or any weights of classes (as for mixed or weighted labels): rows [N, C]. */
export const categoricalCrossentropy = unary(
  'categoricalCrossentropy',
  (options?: CrossentropyOptions): Loss => new CategoricalCrossentropy(options),
);

/** For class numbers: [N]. */
export const sparseCategoricalCrossentropy = unary(
  'sparseCategoricalCrossentropy',
  (options?: CrossentropyOptions): Loss => new SparseCategoricalCrossentropy(options),
);
