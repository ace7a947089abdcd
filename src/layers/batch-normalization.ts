/**
 * Batch normalisation (Ioffe and Szegedy 2015, arXiv:1502.03167): each channel c, over all samples and positions of the batch.
 *
 *   training:   m = mean of x, v = mean of (x − m)²     y = γ·(x − m)/√(v + ε) + β
 *               moving mean ← moving mean·momentum + m·(1 − momentum), moving variance likewise with v
 *   inference:  the same with the moving mean and variance
 *   backward, in training, over the M numbers of a channel, x̂ = (x − m)/√(v + ε):
 *               dβ = Σ dy,  dγ = Σ dy·x̂,  dx = γ/√(v + ε)·(dy − dβ/M − x̂·dγ/M)
 *
 * Frozen, or applied with `training: false`, it works as in inference, and its averages stay: the trap of transfer learning.
 * The moving averages are weights that no optimizer changes.
 *
 * The mean and variance of the whole batch: each shard's own, in float64, merged by Chan's formula, shards ascending
 * (docs/order-of-sums.md). Source of the layer's rules: Keras 3's BatchNormalization, whose moving variance is the biased one.
 */

import { normalizationGroup } from '../kernels/groups/normalization.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { type FloatArray, type Shape, sizeOf } from '../tensor/tensor.ts';
import { atLeastZero, flag, numberWithin, numeric, unary } from './checks.ts';
import { doublesIn, doublesSize } from './doubles.ts';
import {
  type BatchSumsSize,
  type Fold,
  Layer,
  type LayerConfig,
  type LayerOptions,
  layerOptions,
  type ParameterSpec,
  type Run,
  type Stage,
} from './layer.ts';
import { rectifyGradient, takeRelu } from './rectifier.ts';
import { ownLayer } from './registry.ts';
import { checkRegularizer, type Regularizer, type RegularizerConfig } from './regularizer.ts';

/** How batches are normalised. */
export interface BatchNormalizationOptions extends LayerOptions {
  /** The dimension of the channels: the last one, −1, and no other. */
  axis?: number | undefined;
  /** Share of the moving averages that a step keeps: 0 ≤ momentum ≤ 1. Default: 0.99. */
  momentum?: number | undefined;
  /** Added to the variance. Default: 0.001. */
  epsilon?: number | undefined;
  /** Whether there is a β. Default: true. */
  center?: boolean | undefined;
  /** Whether there is a γ. Default: true. */
  scale?: boolean | undefined;
  /** What a large γ costs: `'l2'`, `l2({ l2: 1e-4 })`, `{ l1, l2 }`. Default: nothing. */
  gammaRegularizer?: Regularizer | undefined;
  /** The same of β. */
  betaRegularizer?: Regularizer | undefined;
}

/** The layer that `batchNormalization` makes. */
export class BatchNormalization extends Layer {
  readonly className: string = 'BatchNormalization';
  override readonly frozenIsInference = true;
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly gammaRegularizer: RegularizerConfig | null;
  readonly betaRegularizer: RegularizerConfig | null;

  constructor(options?: BatchNormalizationOptions) {
    const regularizers = ['gammaRegularizer', 'betaRegularizer'];
    const own = ['axis', 'momentum', 'epsilon', 'center', 'scale', ...regularizers];
    const given = layerOptions('batchNormalization', options, arguments, own);
    super(given, 'batchNormalization');
    const { axis = -1, momentum = 0.99, epsilon = 1e-3, center = true, scale = true } = given;
    numeric('batchNormalization', 'axis', axis, '−1, the last dimension');
    if (!Number.isInteger(axis)) {
      throw new RangeError(`batchNormalization: axis must be −1, the last dimension, got ${axis}`);
    }
    this.axis = axis;
    numeric('batchNormalization', 'momentum', momentum);
    if (momentum > 1) throw new RangeError(`batchNormalization: momentum must be at most 1, got ${momentum}`);
    this.momentum = numberWithin('batchNormalization', 'momentum', momentum, 0);
    this.epsilon = atLeastZero('batchNormalization', 'epsilon', epsilon);
    this.center = flag('batchNormalization', 'center', center);
    this.scale = flag('batchNormalization', 'scale', scale);
    const check = (name: 'gammaRegularizer' | 'betaRegularizer') =>
      checkRegularizer(`batchNormalization: ${name}`, given[name]);
    this.gammaRegularizer = check('gammaRegularizer');
    this.betaRegularizer = check('betaRegularizer');
  }

  override computeOutputShape(inputShape: Shape): Shape {
    if (this.axis !== -1 && this.axis !== inputShape.length) {
      throw new RangeError(
        `batchNormalization: axis must be −1, the last dimension, where the channels are (permute brings another there): got ${this.axis} for [${inputShape}]`,
      );
    }
    if (inputShape.length === 0)
      throw new RangeError('batchNormalization: a sample must have channels, got []');
    return inputShape;
  }

  /** In Keras' order: γ, β, moving mean, moving variance. */
  protected override describeParameters(inputShape: Shape): ParameterSpec[] {
    const shape = inputShape.slice(-1);
    return [
      ...(this.scale
        ? [{ name: 'gamma', shape, initializer: 'ones' as const, regularizer: this.gammaRegularizer }]
        : []),
      ...(this.center
        ? [{ name: 'beta', shape, initializer: 'zeros' as const, regularizer: this.betaRegularizer }]
        : []),
      { name: 'moving_mean', shape, initializer: 'zeros', role: 'moved' },
      { name: 'moving_variance', shape, initializer: 'ones', role: 'moved' },
    ];
  }

  /** A part is a shard's mean and sum of squared differences from it; the result is the batch's mean and variance. */
  override batchSums({ inputShape }: Stage): BatchSumsSize {
    const C = channelsOf(inputShape);
    return { forward: { part: 2 * C, result: 2 * C }, backward: { part: 2 * C, result: 2 * C } };
  }

  override sumForward({ kernels, stage, x }: Run, N: number, part: Float64Array): void {
    const { rows, C } = dimensions(stage, N);
    kernels.channelMoments(rows, C, x, part);
  }

  /** Chan, Golub, LeVeque 1979: moments of a and b together, with δ = mean_b − mean_a: mean_a + δ·n_b/n, M_a + M_b + δ²·n_a·n_b/n. */
  override mergeForward(
    stage: Stage,
    parts: readonly Float64Array[],
    samples: readonly number[],
    result: Float64Array,
  ): void {
    const C = channelsOf(stage.inputShape);
    const P = sizeOf(stage.inputShape) / C;
    result.fill(0);
    let count = 0;
    for (const [s, part] of parts.entries()) {
      const added = samples[s] * P;
      const all = count + added;
      for (let c = 0; c < C; c++) {
        const delta = part[c] - result[c];
        result[c] += delta * (added / all);
        result[C + c] += part[C + c] + delta * delta * ((count * added) / all);
      }
      count = all;
    }
    for (let c = 0; c < C; c++) result[C + c] /= count;
  }

  forward(run: Run, N: number): void {
    const { kernels, stage, x, y } = run;
    const { rows, C } = dimensions(stage, N);
    const { mean, scale, shift } = this.#coefficients(run, C);
    kernels.normalizeForward(rows, C, x, mean, scale, shift, stage.relu, y);
  }

  /** Σ dy and Σ dy·(x − m) of a shard; ReLU's own gradient first, in place. */
  override sumBackward(run: Run, N: number, part: Float64Array): void {
    const { kernels, stage, x, dy } = run;
    const { rows, C } = dimensions(stage, N);
    rectifyGradient(run, rows * C);
    kernels.channelSums(rows, C, x, dy, this.#coefficients(run, C).mean, part);
  }

  /** The batch's means of both. */
  override mergeBackward(
    stage: Stage,
    parts: readonly Float64Array[],
    samples: readonly number[],
    result: Float64Array,
  ): void {
    super.mergeBackward(stage, parts, samples, result);
    const C = channelsOf(stage.inputShape);
    const count = samples.reduce((sum, n) => sum + n, 0) * (sizeOf(stage.inputShape) / C);
    for (let i = 0; i < result.length; i++) result[i] /= count;
  }

  backward(run: Run, N: number): void {
    const { kernels, stage, x, dy, dx, gradients, sums } = run;
    const { rows, C } = dimensions(stage, N);
    const { mean, scale, a, b, inverse, room } = this.#coefficients(run, C);
    // With sums over the batch, sumBackward has done both.
    if (!sums) rectifyGradient(run, rows * C);
    if (gradients) {
      const partial = sums?.part ?? room;
      if (!sums) kernels.channelSums(rows, C, x, dy, mean, partial);
      let p = 0;
      if (this.scale) {
        const dgamma = gradients[p++];
        for (let c = 0; c < C; c++) dgamma[c] = partial[C + c] * inverse[c];
      }
      if (this.center) {
        const dbeta = gradients[p];
        for (let c = 0; c < C; c++) dbeta[c] = partial[c];
      }
    }
    if (dx) {
      for (let c = 0; c < C; c++) {
        a[c] = sums ? sums.backward[c] : 0;
        b[c] = sums ? sums.backward[C + c] * inverse[c] * inverse[c] : 0;
      }
      kernels.normalizeBackward(rows, C, x, dy, mean, scale, a, b, dx);
    }
  }

  override move({ sums, parameters, stage }: Run, parameter: number, from: number, to: number): void {
    if (!sums) return;
    const C = channelsOf(stage.inputShape);
    const isMean = parameter === parameters.length - 2;
    const moving = parameters[parameter];
    for (let c = from; c < to; c++) {
      const batch = sums.forward[isMean ? c : C + c];
      moving[c] = moving[c] * this.momentum + batch * (1 - this.momentum);
    }
  }

  /**
   * What each channel is computed with, in float64 and rounded once: m, γ/√(v + ε), β; and room for the backward pass.
   * It is in the scratch memory.
   */
  #coefficients({ parameters, sums, scratch, training }: Run, C: number): Coefficients {
    const own = coefficientsIn(scratch, C);
    const movingMean = parameters[parameters.length - 2];
    const movingVariance = parameters[parameters.length - 1];
    const gamma = this.scale ? parameters[0] : null;
    const beta = this.center ? parameters[this.scale ? 1 : 0] : null;
    const isBatch = training && sums !== null;
    for (let c = 0; c < C; c++) {
      const variance = isBatch ? sums.forward[C + c] : movingVariance[c];
      const inverse = 1 / Math.sqrt(variance + this.epsilon);
      own.inverse[c] = inverse;
      own.mean[c] = isBatch ? sums.forward[c] : movingMean[c];
      own.scale[c] = (gamma ? gamma[c] : 1) * inverse;
      own.shift[c] = beta ? beta[c] : 0;
    }
    return own;
  }

  override differsInTraining(): boolean {
    return true;
  }

  /** Only a frozen one is asked: it works as in inference. */
  override mayBeCached(): boolean {
    return false;
  }

  /** In inference it is a factor and a summand a channel, which the weights before it can hold. */
  override foldsAs(): Fold {
    return {
      kind: 'scale',
      into: (own, w, b, folded) => {
        const gamma = this.scale ? own[0] : null;
        const beta = this.center ? own[this.scale ? 1 : 0] : null;
        const mean = own[own.length - 2];
        const variance = own[own.length - 1];
        const C = mean.length;
        const factors = new Float64Array(C);
        for (let c = 0; c < C; c++) {
          factors[c] = (gamma ? gamma[c] : 1) / Math.sqrt(variance[c] + this.epsilon);
          folded.b[c] = ((b ? b[c] : 0) - mean[c]) * factors[c] + (beta ? beta[c] : 0);
        }
        for (let i = 0; i < w.length; i += C) {
          for (let c = 0; c < C; c++) folded.w[i + c] = w[i + c] * factors[c];
        }
      },
    };
  }

  override takesOver(fold: Fold, stage: Stage): Partial<Stage> | null {
    return takeRelu(fold, stage);
  }

  override backwardReads({ relu }: Stage): { inputs: boolean; output: boolean } {
    return { inputs: true, output: relu !== false };
  }

  override scratchSize({ inputShape }: Stage, kernels: Kernels): number {
    const C = channelsOf(inputShape);
    return SINGLES * C + doublesSize(DOUBLES * C, kernels);
  }

  override work({ training }: Stage): string {
    return training ? 'normalisation by the batch' : 'normalisation';
  }

  override getConfig(): LayerConfig {
    const { axis, momentum, epsilon, center, scale, gammaRegularizer, betaRegularizer } = this;
    return {
      ...{ ...this.baseConfig(), axis, momentum, epsilon, center, scale },
      ...(gammaRegularizer && { gammaRegularizer }),
      ...(betaRegularizer && { betaRegularizer }),
    };
  }
}

/** Arrays of C numbers that a pass computes with. */
interface Coefficients {
  readonly mean: FloatArray;
  readonly scale: FloatArray;
  readonly shift: FloatArray;
  readonly a: FloatArray;
  readonly b: FloatArray;
  /** 1/√(v + ε) */
  readonly inverse: Float64Array;
  /** Room for two sums per channel. */
  readonly room: Float64Array;
}

const SINGLES = 5;
const DOUBLES = 3;

function coefficientsIn(scratch: FloatArray, C: number): Coefficients {
  const part = (i: number): FloatArray => scratch.subarray(i * C, (i + 1) * C);
  const doubles = doublesIn(scratch, SINGLES * C, DOUBLES * C);
  return {
    ...{ mean: part(0), scale: part(1), shift: part(2), a: part(3), b: part(4) },
    inverse: doubles.subarray(0, C),
    room: doubles.subarray(C),
  };
}

function channelsOf(shape: Shape): number {
  return shape[shape.length - 1];
}

/** N samples as rows of channels. */
function dimensions({ inputShape }: Stage, N: number): { rows: number; C: number } {
  const C = channelsOf(inputShape);
  return { rows: (N * sizeOf(inputShape)) / C, C };
}

/**
 * Batch normalisation: each channel gets mean 0 and variance 1 over the batch, then a learnt scale and shift. In inference it uses moving
 * averages.
 *
 *     batchNormalization() // [26, 26, 32] → [26, 26, 32]
 *
 * @throws TypeError or RangeError where an option is unknown or out of range.
 */
export const batchNormalization = unary(
  'batchNormalization',
  (options?: BatchNormalizationOptions): BatchNormalization => new BatchNormalization(options),
);

needKernels(normalizationGroup);
ownLayer('BatchNormalization', BatchNormalization);
