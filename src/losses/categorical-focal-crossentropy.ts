/**
 * Categorical cross-entropy that looks at what is wrong (T.-Y. Lin et al. 2017, "Focal loss for dense object detection", arXiv:1708.02002, equation 5),
 * Keras' CategoricalFocalCrossentropy. With p = softmax(x), which it folds in:
 *
 *   loss[n] = −Σ_c α[c]·(1 − p)^γ·t·log p
 *   h[c] = α[c]·t·(γ·(1 − p)^(γ − 1)·p·log p − (1 − p)^γ),   ∂(mean loss)/∂x[n, c] = (h[c] − p·Σ_j h[j])/batch
 *
 * log p is the log-softmax of kernels/softmax.ts, so nothing has to be kept from 0. Computed in float64, c ascending from +0; the gradient is rounded once,
 * when it is stored.
 */
import { describe } from '../checks/describe.ts';
import { knownOptions, unary } from '../checks/options.ts';
import { atLeastZero, flag } from '../checks/values.ts';
import { logSoftmaxForward } from '../kernels/softmax.ts';
import { exp } from '../tensor/exp.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { type FocalOptions, focus } from './focus.ts';
import { LabelSmoothing } from './label-smoothing.ts';
import type { Loss, LossConfig, LossRun } from './loss.ts';
import { losses } from './registry.ts';

/** What `categoricalFocalCrossentropy` looks at. */
export interface CategoricalFocalCrossentropyOptions extends FocalOptions {
  /** α, how much each class counts: one number for all, or one per class. Default: 0.25. */
  alpha?: number | readonly number[] | undefined;
}

const NAME = 'categoricalFocalCrossentropy';

class CategoricalFocalCrossentropy implements Loss {
  readonly name = NAME;
  readonly targetKind = 'rows';
  readonly targetRange = [0, 1] as const;
  readonly folds = 'softmax';
  readonly fromLogits: boolean;
  readonly gamma: number;
  readonly alpha: number | readonly number[];
  readonly #smoothing: LabelSmoothing;

  constructor(options?: CategoricalFocalCrossentropyOptions) {
    const given = knownOptions(NAME, options, ['gamma', 'alpha', 'fromLogits', 'labelSmoothing']);
    this.fromLogits = flag(NAME, 'fromLogits', given.fromLogits ?? false);
    this.gamma = atLeastZero(NAME, 'gamma', given.gamma ?? 2);
    const { alpha = 0.25 } = given;
    this.alpha = Array.isArray(alpha)
      ? Object.freeze(alpha.map((each) => atLeastZero(NAME, 'alpha', each)))
      : atLeastZero(NAME, 'alpha', alpha);
    this.#smoothing = new LabelSmoothing(NAME, given.labelSmoothing);
  }

  expectSize(C: number): void {
    const { alpha } = this;
    if (typeof alpha === 'number' || alpha.length === C) return;
    throw new RangeError(
      `compile: ${NAME}: alpha must be one number, or one per class: expected ${C}, got ${describe(alpha)}`,
    );
  }

  compute({ C, x, probabilities, targets, losses, dx }: LossRun, N: number, batch: number): void {
    // compile() checked that these are rows. A share s of each goes to all C classes alike: t·(1 − s) + s/C.
    const t = this.#smoothing.apply(targets as FloatArray, N * C, 1 / C);
    const { gamma } = this;
    const alphas = typeof this.alpha === 'number' ? new Array<number>(C).fill(this.alpha) : this.alpha;
    const logs = new Float64Array(N * C);
    logSoftmaxForward(N, C, x, logs);
    const h = new Float64Array(C);
    for (let n = 0; n < N; n++) {
      const row = n * C;
      let loss = 0;
      let sum = 0;
      for (let c = 0; c < C; c++) {
        const logP = logs[row + c];
        const p = exp(logP);
        const wrong = 1 - p;
        const factor = focus(wrong, gamma);
        const weight = alphas[c] * t[row + c];
        if (weight !== 0) loss -= weight * factor * logP;
        // Where nothing is wrong, log p is 0 too.
        const ofFocus = weight !== 0 && wrong > 0 ? (gamma * factor * p * logP) / wrong : 0;
        h[c] = weight * (ofFocus - factor);
        sum += h[c];
      }
      losses[n] = loss;
      for (let c = 0; c < C; c++) {
        const p = exp(logs[row + c]);
        probabilities[row + c] = p;
        if (dx) dx[row + c] = (h[c] - p * sum) / batch;
      }
    }
  }

  getConfig(): LossConfig {
    const { name, gamma, alpha } = this;
    return { name, gamma, alpha, ...this.#smoothing.getConfig() };
  }
}

/**
 * For one-hot rows, where most samples are easily right or some classes are rare: rows [n, classes], behind a softmax.
 *
 *     model.compile({ optimizer: 'adam', loss: categoricalFocalCrossentropy({ gamma: 2, alpha: [0.25, 0.5, 0.25] }) });
 *     categoricalFocalCrossentropy({ gamma: 2, fromLogits: true }) // outputs [[2, 1, 0]], targets [[1, 0, 0]] → 0.0114
 *
 * @throws TypeError or RangeError where an option is unknown or out of bounds.
 */
export const categoricalFocalCrossentropy = unary(
  NAME,
  (options?: CategoricalFocalCrossentropyOptions): Loss => new CategoricalFocalCrossentropy(options),
);

losses.own('categoricalFocalCrossentropy', categoricalFocalCrossentropy);
