/** What layer, group and RMS normalisation share: a γ, a β, and statistics of each sample by itself, so that training and inference are the same. */

import type { Kernels } from '../kernels/kernels.ts';
import {
  normalizeSamples,
  normalizeSamplesBackward,
  type SampleGroups,
  type ScaleAndShift,
} from '../kernels/sample-normalization.ts';
import { type FloatArray, type Shape, sizeOf } from '../tensor/tensor.ts';
import { atLeastZero, flag } from './checks.ts';
import { doublesIn, doublesSize } from './doubles.ts';
import {
  Layer,
  type LayerConfig,
  type LayerOptions,
  layerOptions,
  type ParameterSpec,
  type Run,
  type Stage,
} from './layer.ts';
import { checkRegularizer, type Regularizer, type RegularizerConfig } from './regularizer.ts';

/** What layers that normalise each sample have in common. */
export interface SampleNormalizationOptions extends LayerOptions {
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

/** What a class of these layers settles for all of its layers. */
export interface SampleNormalizationRules {
  /** Names of its options. */
  readonly own: readonly string[];
  /** Whether the mean is taken away; where it isn't, there is no β either. */
  readonly isCentred: boolean;
  /** The default. */
  readonly epsilon: number;
}

/** With mean and variance, γ and β. */
export const CENTRED: SampleNormalizationRules = {
  own: ['epsilon', 'center', 'scale', 'gammaRegularizer', 'betaRegularizer'],
  isCentred: true,
  epsilon: 1e-3,
};

/** A layer that normalises each sample by itself. */
export abstract class SampleNormalization extends Layer {
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly gammaRegularizer: RegularizerConfig | null;
  readonly betaRegularizer: RegularizerConfig | null;
  readonly #isCentred: boolean;

  /**
   * @param layer what messages call it
   * @param all what its constructor was given
   */
  constructor(
    layer: string,
    options: SampleNormalizationOptions | undefined,
    all: ArrayLike<unknown>,
    { own, isCentred, epsilon: least }: SampleNormalizationRules,
  ) {
    const given = layerOptions(layer, options, all, own);
    super(given, layer);
    this.#isCentred = isCentred;
    const { epsilon = least, center = isCentred, scale = true } = given;
    this.epsilon = atLeastZero(layer, 'epsilon', epsilon);
    this.center = flag(layer, 'center', center);
    this.scale = flag(layer, 'scale', scale);
    this.gammaRegularizer = checkRegularizer(`${layer}: gammaRegularizer`, given.gammaRegularizer);
    this.betaRegularizer = checkRegularizer(`${layer}: betaRegularizer`, given.betaRegularizer);
  }

  /** How a sample is cut into groups; `rows` is that of one sample. */
  protected abstract groupsOf(inputShape: Shape): SampleGroups;

  /** Shape of γ and β. */
  protected abstract parameterShape(inputShape: Shape): Shape;

  /** In Keras' order, and by its names: γ, β. */
  protected override describeParameters(inputShape: Shape): ParameterSpec[] {
    const shape = this.parameterShape(inputShape);
    const gamma = this.#isCentred ? 'gamma' : 'scale';
    const { gammaRegularizer, betaRegularizer } = this;
    return [
      ...(this.scale
        ? [{ name: gamma, shape, initializer: 'ones' as const, regularizer: gammaRegularizer }]
        : []),
      ...(this.center
        ? [{ name: 'beta', shape, initializer: 'zeros' as const, regularizer: betaRegularizer }]
        : []),
    ];
  }

  forward({ stage, x, y, parameters }: Run, N: number): void {
    normalizeSamples(this.#groups(stage, N), x, this.epsilon, this.#scaleAndShift(parameters), y);
  }

  backward({ stage, x, dy, dx, parameters, gradients, scratch }: Run, N: number): void {
    const groups = this.#groups(stage, N);
    const C = groups.G * groups.K;
    const room = doublesIn(scratch, 0, 2 * C);
    const sums = gradients && { gamma: room.subarray(0, C), beta: room.subarray(C) };
    const { gamma } = this.#scaleAndShift(parameters);
    normalizeSamplesBackward(groups, x, dy, this.epsilon, gamma, dx, sums);
    if (!gradients || !sums) return;
    if (this.scale) gradients[0].set(sums.gamma);
    if (this.center) gradients[this.scale ? 1 : 0].set(sums.beta);
  }

  /** The groups of N samples. */
  #groups({ inputShape }: Stage, N: number): SampleGroups {
    const sample = this.groupsOf(inputShape);
    return { ...sample, rows: N * sample.rows, isCentred: this.#isCentred };
  }

  #scaleAndShift(parameters: readonly FloatArray[]): ScaleAndShift {
    return {
      gamma: this.scale ? parameters[0] : null,
      beta: this.center ? parameters[this.scale ? 1 : 0] : null,
    };
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: true, output: false };
  }

  /** Room for the sums of γ's and β's gradients. */
  override scratchSize({ inputShape }: Stage, kernels: Kernels): number {
    return doublesSize(2 * sizeOf(this.parameterShape(inputShape)), kernels);
  }

  override work(): string {
    return 'normalisation by the sample';
  }

  override getConfig(): LayerConfig {
    const { epsilon, center, scale, gammaRegularizer, betaRegularizer } = this;
    return {
      ...{ ...this.baseConfig(), epsilon, center, scale },
      ...(gammaRegularizer && { gammaRegularizer }),
      ...(betaRegularizer && { betaRegularizer }),
    };
  }
}
