/**
 * Binary cross-entropy: each output is the probability of a yes, each target 0, 1 or a probability in between. Keras'
 * BinaryCrossentropy.
 *
 *   loss[n] = (Σ_c −t·log p − (1 − t)·log(1 − p)) / C                       p, t = p[n, c], t[n, c]
 *
 * Behind a sigmoid, which the loss folds in, and from logits it is computed from the logit x, p = sigmoid(x):
 *
 *   loss[n] = (Σ_c max(x, 0) − t·x + log(1 + e^−|x|)) / C,   ∂(mean loss)/∂x[n, c] = (p − t) / (C·batch)
 *
 * which is the same and overflows nowhere. Behind anything else p is kept within [1e-7, 1 − 1e-7], and has no gradient
 * outside of it:
 *
 *   ∂(mean loss)/∂p[n, c] = ((1 − t)/(1 − p) − t/p) / (C·batch)
 *
 * Computed in float64, c ascending from +0; the gradient is rounded once, when it is stored.
 */
import { knownOptions, unary } from '../checks/options.ts';
import { flag } from '../checks/values.ts';
import { exp, log } from '../tensor/exp.ts';
import { logOnePlus, sigmoid } from '../tensor/sigmoid.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import type { SmoothedCrossentropyOptions } from './categorical-crossentropy.ts';
import { LabelSmoothing } from './label-smoothing.ts';
import type { Loss, LossConfig, LossRun } from './loss.ts';
import { losses } from './registry.ts';

/** Probabilities come no nearer to 0 or 1; keras.config.epsilon(). */
const NEAREST = 1e-7;

class BinaryCrossentropy implements Loss {
  readonly name = 'binaryCrossentropy';
  readonly targetKind = 'rows';
  readonly targetRange = [0, 1] as const;
  readonly folds = 'sigmoid';
  readonly fromLogits: boolean;
  readonly #smoothing: LabelSmoothing;

  constructor(options?: SmoothedCrossentropyOptions) {
    const given = knownOptions('binaryCrossentropy', options, ['fromLogits', 'labelSmoothing']);
    this.fromLogits = flag('binaryCrossentropy', 'fromLogits', given.fromLogits ?? false);
    this.#smoothing = new LabelSmoothing('binaryCrossentropy', given.labelSmoothing);
  }

  compute({ C, x, folded, probabilities, targets, losses, dx }: LossRun, N: number, batch: number): void {
    // compile() checked that these are rows. A share s of each is undecided: t·(1 − s) + s/2.
    const t = this.#smoothing.apply(targets as FloatArray, N * C, 0.5);
    if (folded || this.fromLogits) logitCrossEntropy(N, C, x, t, batch, losses, probabilities, dx);
    else probabilityCrossEntropy(N, C, x, t, batch, losses, dx);
  }

  getConfig(): LossConfig {
    return { name: this.name, ...this.#smoothing.getConfig() };
  }
}

/** x, targets [N, C] → losses [N], probabilities [N, C], dx [N, C] unless null; overwritten. */
function logitCrossEntropy(
  N: number,
  C: number,
  x: FloatArray,
  targets: FloatArray,
  batch: number,
  losses: Float64Array,
  probabilities: FloatArray,
  dx: FloatArray | null,
): void {
  for (let n = 0; n < N; n++) {
    let sum = 0;
    for (let i = n * C; i < (n + 1) * C; i++) {
      const t = targets[i];
      const p = sigmoid(x[i]);
      sum += Math.max(x[i], 0) - t * x[i] + logOnePlus(exp(-Math.abs(x[i])));
      probabilities[i] = p;
      if (dx) dx[i] = (p - t) / (C * batch);
    }
    losses[n] = sum / C;
  }
}

/** p, targets [N, C] → losses [N], dp [N, C] unless null; overwritten. */
function probabilityCrossEntropy(
  N: number,
  C: number,
  p: FloatArray,
  targets: FloatArray,
  batch: number,
  losses: Float64Array,
  dp: FloatArray | null,
): void {
  for (let n = 0; n < N; n++) {
    let sum = 0;
    for (let i = n * C; i < (n + 1) * C; i++) {
      const t = targets[i];
      const kept = Math.min(Math.max(p[i], NEAREST), 1 - NEAREST);
      sum -= t * log(kept) + (1 - t) * log(1 - kept);
      if (dp) dp[i] = kept === p[i] ? ((1 - t) / (1 - kept) - t / kept) / (C * batch) : 0;
    }
    losses[n] = sum / C;
  }
}

/**
 * For outputs that each say yes or no: rows of 0, 1 or a probability, of the model's output shape.
 *
 *     binaryCrossentropy() // outputs [[0.8, 0.4]], targets [[1, 0]] → 0.367
 */
export const binaryCrossentropy = unary(
  'binaryCrossentropy',
  (options?: SmoothedCrossentropyOptions): Loss => new BinaryCrossentropy(options),
);

losses.own('binaryCrossentropy', binaryCrossentropy);
