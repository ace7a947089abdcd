/**
 * Group normalisation (Wu and He 2018, arXiv:1803.08494): the channels of each sample in groups of neighbours, each by the mean and variance of all its
 * positions; no batch, and no moving averages.
 *
 *   y = γ·(x − m)/√(v + ε) + β       m, v: of a sample's group; γ and β: a number a channel
 *
 * Of one group it is a layer normalisation of whole samples, of as many as channels an instance normalisation. Formulas, and the order of sums:
 * kernels/sample-normalization.ts. Source of the layer's rules: Keras' GroupNormalization.
 */
import type { SampleGroups } from '../kernels/sample-normalization.ts';
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import { positiveInteger, unary } from './checks.ts';
import type { LayerConfig } from './layer.ts';
import { ownLayer } from './registry.ts';
import { CENTRED, SampleNormalization, type SampleNormalizationOptions } from './sample-normalization.ts';

/** How samples are normalised. */
export interface GroupNormalizationOptions extends SampleNormalizationOptions {
  /** How many groups the channels are cut into, of the same size; −1: each channel by itself. Default: 32. */
  groups?: number | undefined;
}

/** The layer that `groupNormalization` makes. */
export class GroupNormalization extends SampleNormalization {
  readonly className: string = 'GroupNormalization';
  readonly groups: number;

  constructor(options?: GroupNormalizationOptions) {
    super('groupNormalization', options, arguments, { ...CENTRED, own: ['groups', ...CENTRED.own] });
    const { groups = 32 } = options ?? {};
    this.groups = groups === -1 ? groups : positiveInteger('groupNormalization', 'groups', groups);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const [C = 0] = inputShape.slice(-1);
    if (C === 0 || C % this.#count(C) > 0) {
      throw new RangeError(
        `groupNormalization: groups must divide the channels, which are last: got ${this.groups} for [${inputShape}]`,
      );
    }
    return inputShape;
  }

  protected override groupsOf(inputShape: Shape): SampleGroups {
    const [C] = this.parameterShape(inputShape);
    const G = this.#count(C);
    return { rows: 1, P: sizeOf(inputShape) / C, G, K: C / G };
  }

  protected override parameterShape(inputShape: Shape): Shape {
    return inputShape.slice(-1);
  }

  #count(C: number): number {
    return this.groups === -1 ? C : this.groups;
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), groups: this.groups };
  }
}

/**
 * Group normalisation: the channels of each sample get mean 0 and variance 1 in groups, then a learnt scale and shift.
 *
 *     groupNormalization({ groups: 8 }) // [28, 28, 32] → [28, 28, 32]
 *
 * @throws TypeError or RangeError where an option is unknown or out of range.
 */
export const groupNormalization = unary(
  'groupNormalization',
  (options?: GroupNormalizationOptions): GroupNormalization => new GroupNormalization(options),
);

ownLayer('GroupNormalization', GroupNormalization);
