/**
 * How little the outputs cover of their targets: losses of segmentation, where a sample is an image of yes and no. Sums are over all numbers of
 * a sample; ε = 1e-7.
 *
 *   dice      loss[n] = 1 − 2·Σ t·p/(Σ t + Σ p + ε)
 *   tversky   loss[n] = 1 − Σ t·p/(Σ t·p + α·Σ t·(1 − p) + β·Σ p·(1 − t) + ε)
 *
 * With N and D for what is above and below the line: ∂(mean loss)/∂p[n, c] = −(N′·D − N·D′)/D²/batch. Computed in float64, c ascending from
 * +0; the gradient is rounded once, when it is stored.
 *
 * Dice: F. Milletari et al. 2016, "V-Net", arXiv:1606.04797, without its squares. Tversky: S. Salehi et al. 2017, arXiv:1706.05721. Both as
 * Keras computes them with `axis` over all of a sample's dimensions. Keras' default is one sum over the whole batch: then a sample's loss would depend on
 * which others are beside it, and what `evaluate` says on the batches.
 */
import { knownOptions, unary } from '../checks/options.ts';
import { atLeastZero } from '../checks/values.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import type { Loss, LossConfig, LossRun } from './loss.ts';
import { losses } from './registry.ts';

const EPSILON = 1e-7;

/** What an output p and its target t add above and below the line. Both are linear in p. */
interface OverlapRule {
  above(t: number, p: number): number;
  aboveSlope(t: number): number;
  below(t: number, p: number): number;
  belowSlope(t: number): number;
}

class Overlap implements Loss {
  readonly name: string;
  readonly targetKind = 'rows';
  readonly targetRange = [0, 1] as const;
  readonly #rule: OverlapRule;
  readonly #options: Readonly<Record<string, number>>;

  constructor(name: string, rule: OverlapRule, options: Readonly<Record<string, number>> = {}) {
    this.name = name;
    this.#rule = rule;
    this.#options = options;
  }

  /** Of one output alone a sample without a yes would have no gradient, and only outputs of 1 would be learnt. */
  expectSize(C: number): void {
    if (C > 1) return;
    throw new RangeError(
      `compile: ${this.name} compares the outputs of a sample with one another: expected more than one, got 1: use 'binaryCrossentropy' or 'binaryFocalCrossentropy'`,
    );
  }

  compute({ C, x, targets, losses, dx }: LossRun, N: number, batch: number): void {
    const { above, aboveSlope, below, belowSlope } = this.#rule;
    const t = targets as FloatArray; // compile() checked that these are rows
    for (let n = 0; n < N; n++) {
      const [row, end] = [n * C, (n + 1) * C];
      let top = 0;
      let bottom = 0;
      for (let i = row; i < end; i++) {
        top += above(t[i], x[i]);
        bottom += below(t[i], x[i]);
      }
      bottom += EPSILON;
      losses[n] = 1 - top / bottom;
      if (!dx) continue;
      for (let i = row; i < end; i++) {
        const slope = (aboveSlope(t[i]) * bottom - top * belowSlope(t[i])) / (bottom * bottom);
        dx[i] = -slope / batch;
      }
    }
  }

  getConfig(): LossConfig {
    return { name: this.name, ...this.#options };
  }
}

/**
 * For maps of yes and no, as of a segmentation that ends in a sigmoid or softmax: rows of the model's output shape. Small where most of what should be
 * covered is, however few pixels that are.
 *
 *     model.compile({ optimizer: 'adam', loss: 'dice', metrics: ['precision', 'recall'] });
 *     dice() // outputs [[1, 1, 0, 0]], targets [[1, 0, 1, 0]] → 0.5
 *
 * Each sample is summed by itself, as Keras does with `axis=[1, 2, 3]` for images.
 */
export const dice: () => Loss = unary('dice', (options?: object): Loss => {
  knownOptions('dice', options, []);
  return new Overlap('dice', {
    above: (t, p) => 2 * t * p,
    aboveSlope: (t) => 2 * t,
    below: (t, p) => t + p,
    belowSlope: () => 1,
  });
});

/** Which mistakes cost more. */
export interface TverskyOptions {
  /** α, what an output costs that says no and should say yes (Keras' code; its text has it the other way round). Default: 0.5. */
  alpha?: number | undefined;
  /** β, what one costs that says yes and shouldn't. Default: 0.5. */
  beta?: number | undefined;
}

/**
 * As dice, with the two kinds of mistakes weighed: `loss: tversky({ alpha: 0.7, beta: 0.3 })` rather says yes too often.
 *
 *     tversky({ alpha: 0.7, beta: 0.3 }) // outputs [[1, 0, 0, 0]], targets [[1, 0, 1, 0]] → 0.4118
 *
 * @throws TypeError or RangeError where an option is unknown or out of bounds.
 */
export const tversky = unary('tversky', (options?: TverskyOptions): Loss => {
  const given = knownOptions('tversky', options, ['alpha', 'beta']);
  const alpha = atLeastZero('tversky', 'alpha', given.alpha ?? 0.5);
  const beta = atLeastZero('tversky', 'beta', given.beta ?? 0.5);
  const rule: OverlapRule = {
    above: (t, p) => t * p,
    aboveSlope: (t) => t,
    below: (t, p) => t * p + alpha * t * (1 - p) + beta * p * (1 - t),
    belowSlope: (t) => t - alpha * t + beta * (1 - t),
  };
  return new Overlap('tversky', rule, { alpha, beta });
});

losses.own('dice', dice);
losses.own('tversky', tversky);
