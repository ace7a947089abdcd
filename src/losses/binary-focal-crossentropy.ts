/**
 * Binary cross-entropy that looks at what is wrong (T.-Y. Lin et al. 2017, "Focal loss for dense object detection", arXiv:1708.02002, equations 4
 * and 5), Keras' BinaryFocalCrossentropy. With p for the output, q = 1 − p, and H for its binary cross-entropy (binary-crossentropy.ts):
 *
 *   wrong = t·q + (1 − t)·p              how far off the output is
 *   loss[n] = (Σ_c w·wrong^γ·H) / C      w = 1, or t·α + (1 − t)·(1 − α) with applyClassBalancing
 *
 *   ∂(mean loss)/∂x[n, c] = w·wrong^γ·((p − t) − γ·(2·t − 1)·p·q·H/wrong)/(C·batch)                behind a sigmoid, or of logits
 *   ∂(mean loss)/∂p[n, c] = w·wrong^γ·((1 − t)/q − t/p − γ·(2·t − 1)·H/wrong)/(C·batch)            of other probabilities
 *
 * As binary cross-entropy it folds in the sigmoid before it; other probabilities are kept within [1e-7, 1 − 1e-7], and have no gradient outside of it.
 * Computed in float64, c ascending from +0; the gradient is rounded once, when it is stored.
 */
import { knownOptions, unary } from '../checks/options.ts';
import { atLeastZero, flag, zeroToOne } from '../checks/values.ts';
import { exp, log } from '../tensor/exp.ts';
import { logOnePlus, sigmoid } from '../tensor/sigmoid.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { type FocalOptions, focus } from './focus.ts';
import { LabelSmoothing } from './label-smoothing.ts';
import type { Loss, LossConfig, LossRun } from './loss.ts';
import { losses } from './registry.ts';

/** Probabilities come no nearer to 0 or 1; keras.config.epsilon(). */
const NEAREST = 1e-7;

/** What `binaryFocalCrossentropy` looks at. */
export interface BinaryFocalCrossentropyOptions extends FocalOptions {
  /** Weigh yes by α and no by 1 − α. Default: false. */
  applyClassBalancing?: boolean | undefined;
  /** α, from 0 to 1; used with applyClassBalancing alone. Default: 0.25. */
  alpha?: number | undefined;
}

const NAME = 'binaryFocalCrossentropy';

class BinaryFocalCrossentropy implements Loss {
  readonly name = NAME;
  readonly targetKind = 'rows';
  readonly targetRange = [0, 1] as const;
  readonly folds = 'sigmoid';
  readonly fromLogits: boolean;
  readonly gamma: number;
  readonly alpha: number;
  readonly applyClassBalancing: boolean;
  readonly #smoothing: LabelSmoothing;

  constructor(options?: BinaryFocalCrossentropyOptions) {
    const names = ['gamma', 'alpha', 'applyClassBalancing', 'fromLogits', 'labelSmoothing'];
    const given = knownOptions(NAME, options, names);
    this.fromLogits = flag(NAME, 'fromLogits', given.fromLogits ?? false);
    this.gamma = atLeastZero(NAME, 'gamma', given.gamma ?? 2);
    this.alpha = zeroToOne(NAME, 'alpha', given.alpha ?? 0.25);
    this.applyClassBalancing = flag(NAME, 'applyClassBalancing', given.applyClassBalancing ?? false);
    this.#smoothing = new LabelSmoothing(NAME, given.labelSmoothing);
  }

  compute(run: LossRun, N: number, batch: number): void {
    const { C, x, folded, probabilities, targets, losses, dx } = run;
    // compile() checked that these are rows. A share s of each is undecided: t·(1 − s) + s/2.
    const smoothed = this.#smoothing.apply(targets as FloatArray, N * C, 0.5);
    const { gamma, alpha, applyClassBalancing } = this;
    const isLogit = folded || this.fromLogits;
    for (let n = 0; n < N; n++) {
      let sum = 0;
      for (let i = n * C; i < (n + 1) * C; i++) {
        const t = smoothed[i];
        const { p, q, H, slope, change } = isLogit ? ofLogit(x[i], t) : ofProbability(x[i], t);
        const wrong = t * q + (1 - t) * p;
        const factor = (applyClassBalancing ? t * alpha + (1 - t) * (1 - alpha) : 1) * focus(wrong, gamma);
        sum += factor * H;
        if (isLogit) probabilities[i] = p;
        if (!dx) continue;
        // Where nothing is wrong, H is 0 too.
        const ofFocus = wrong > 0 ? (gamma * (2 * t - 1) * change * H) / wrong : 0;
        dx[i] = (factor * (slope - ofFocus)) / (C * batch);
      }
      losses[n] = sum / C;
    }
  }

  getConfig(): LossConfig {
    const { name, gamma, alpha, applyClassBalancing } = this;
    return { name, gamma, alpha, applyClassBalancing, ...this.#smoothing.getConfig() };
  }
}

/** One output: its probability p and 1 − p, its cross-entropy and how that changes, and how p does. */
interface Output {
  readonly p: number;
  readonly q: number;
  readonly H: number;
  /** ∂H/∂x. */
  readonly slope: number;
  /** ∂p/∂x. */
  readonly change: number;
}

function ofLogit(x: number, t: number): Output {
  const [p, q] = [sigmoid(x), sigmoid(-x)];
  return { p, q, H: Math.max(x, 0) - t * x + logOnePlus(exp(-Math.abs(x))), slope: p - t, change: p * q };
}

function ofProbability(given: number, t: number): Output {
  const p = Math.min(Math.max(given, NEAREST), 1 - NEAREST);
  const q = 1 - p;
  const inside = p === given;
  const H = -(t * log(p) + (1 - t) * log(q));
  return { p, q, H, slope: inside ? (1 - t) / q - t / p : 0, change: inside ? 1 : 0 };
}

/**
 * For outputs that each say yes or no, where most are easily right, as pixels of a background are: rows of 0, 1 or a probability, of the model's output
 * shape.
 *
 *     model.compile({ optimizer: 'adam', loss: binaryFocalCrossentropy({ gamma: 2, applyClassBalancing: true }) });
 *     binaryFocalCrossentropy({ gamma: 2 }) // outputs [[0.8, 0.4]], targets [[1, 0]] → 0.0453
 *
 * @throws TypeError or RangeError where an option is unknown or out of bounds.
 */
export const binaryFocalCrossentropy = unary(
  NAME,
  (options?: BinaryFocalCrossentropyOptions): Loss => new BinaryFocalCrossentropy(options),
);

losses.own('binaryFocalCrossentropy', binaryFocalCrossentropy);
