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
import { LabelSmoothing } from './label-smoothing.ts';
import type { Loss, LossConfig, LossRun } from './loss.ts';
import { losses } from './registry.ts';

/** What cross-entropy takes its predictions for. */
export interface CrossentropyOptions {
  /** The model ends in logits, without softmax; predictions are then logits too. */
  fromLogits?: boolean | undefined;
}

/** The same, and what may be done to rows of targets. */
export interface SmoothedCrossentropyOptions extends CrossentropyOptions {
  /**
   * Share of every target, at least 0 and below 1, that is dealt out evenly among all classes, so that the model isn't driven to be
   * certain (Szegedy et al. 2016, arXiv:1512.00567, section 7). Default: 0.
   */
  labelSmoothing?: number | undefined;
}

/** Whether the predictions are logits. @throws TypeError or RangeError where an option is unknown or of another kind. */
function readFromLogits(loss: string, options: CrossentropyOptions | undefined): boolean {
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
  readonly #smoothing: LabelSmoothing;

  constructor(options?: SmoothedCrossentropyOptions) {
    const given = knownOptions('categoricalCrossentropy', options, ['fromLogits', 'labelSmoothing']);
    this.fromLogits = flag('categoricalCrossentropy', 'fromLogits', given.fromLogits ?? false);
    this.#smoothing = new LabelSmoothing('categoricalCrossentropy', given.labelSmoothing);
  }

  compute({ C, x, probabilities, targets, losses, dx }: LossRun, N: number, batch: number): void {
    // compile() checked that these are rows. A share s of each goes to all C classes alike: t·(1 − s) + s/C.
    const t = this.#smoothing.apply(targets as FloatArray, N * C, 1 / C);
    softmaxCrossEntropy(N, C, x, t, batch, losses, probabilities, dx);
  }

  getConfig(): LossConfig {
    return { name: this.name, ...this.#smoothing.getConfig() };
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

/**
 * For one-hot targets, any distribution, or any weights of classes (as for mixed or weighted labels): rows [N, C].
 *
 *     categoricalCrossentropy({ fromLogits: true }) // outputs [[2, 1, 0]], targets [[1, 0, 0]] → 0.4076
 */
export const categoricalCrossentropy = unary(
  'categoricalCrossentropy',
  (options?: SmoothedCrossentropyOptions): Loss => new CategoricalCrossentropy(options),
);

/**
 * For class numbers: [N].
 *
 *     sparseCategoricalCrossentropy({ fromLogits: true }) // outputs [[2, 1, 0]], targets [0] → 0.4076
 */
export const sparseCategoricalCrossentropy = unary(
  'sparseCategoricalCrossentropy',
  (options?: CrossentropyOptions): Loss => new SparseCategoricalCrossentropy(options),
);

losses.own('categoricalCrossentropy', categoricalCrossentropy);
losses.own('sparseCategoricalCrossentropy', sparseCategoricalCrossentropy);
