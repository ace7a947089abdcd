/**
 * Layer normalisation (Ba, Kiros and Hinton 2016, arXiv:1607.06450): each sample, and each position of it, by its own mean and variance along the last
 * dimensions; no batch, and no moving averages.
 *
 *   y = γ·(x − m)/√(v + ε) + β       m, v: along `axis`; γ and β: a number for each element there
 *
 * Formulas, and the order of sums: kernels/sample-normalization.ts. Source of the layer's rules: Keras' LayerNormalization.
 */
import { describe } from '../checks/describe.ts';
import type { SampleGroups } from '../kernels/sample-normalization.ts';
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import { unary } from './checks.ts';
import type { LayerConfig } from './layer.ts';
import { ownLayer } from './registry.ts';
import { SampleNormalization, type SampleNormalizationOptions } from './sample-normalization.ts';

/** How samples are normalised. */
export interface LayerNormalizationOptions extends SampleNormalizationOptions {
  /**
   * The dimensions that are normalised together, the batch counted as 0, or from the end: the last one, or several that are the
   * last ones, such as [1, 2, 3] of images. Default: −1.
   */
  axis?: number | readonly number[];
}

/** The layer that `layerNormalization` makes. */
export class LayerNormalization extends SampleNormalization {
  readonly className = 'LayerNormalization';
  readonly axis: number | readonly number[];

  constructor(options?: LayerNormalizationOptions) {
    super('layerNormalization', options, 'axis');
    const { axis = -1 } = options ?? {};
    const axes = Array.isArray(axis) ? axis : [axis];
    if (axes.length === 0 || !axes.every(Number.isInteger)) {
      throw new TypeError(
        `layerNormalization: axis must be an integer, or several in an array, got ${describe(axis)}`,
      );
    }
    this.axis = axis;
  }

  override computeOutputShape(inputShape: Shape): Shape {
    this.#count(inputShape);
    return inputShape;
  }

  protected override groupsOf(inputShape: Shape): SampleGroups {
    const K = sizeOf(this.parameterShape(inputShape));
    return { rows: sizeOf(inputShape) / K, P: 1, G: 1, K };
  }

  protected override parameterShape(inputShape: Shape): Shape {
    return inputShape.slice(-this.#count(inputShape));
  }

  /** How many dimensions it goes along. @throws RangeError where they aren't the last ones. */
  #count(inputShape: Shape): number {
    const rank = inputShape.length + 1;
    const given = typeof this.axis === 'number' ? [this.axis] : this.axis;
    const axes = new Set(given.map((axis) => (axis < 0 ? rank + axis : axis)));
    const last = Array.from(axes, (_, i) => rank - 1 - i);
    if (last.every((axis) => axis > 0 && axes.has(axis))) return axes.size;
    throw new RangeError(
      `layerNormalization: axis must be −1, or the last dimensions of a sample together (the batch is 0): got ${describe(this.axis)} for [${inputShape}]`,
    );
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), axis: this.axis };
  }
}

/**
 * Layer normalisation: each sample, at each position, gets mean 0 and variance 1, then a learnt scale and shift.
 *
 *   layerNormalization({ epsilon: 1e-6 }) // [7, 7, 96] → [7, 7, 96]
 *
 * @throws TypeError or RangeError where an option is unknown or out of range.
 */
export const layerNormalization = unary(
  'layerNormalization',
  (options?: LayerNormalizationOptions): LayerNormalization => new LayerNormalization(options),
);

ownLayer('LayerNormalization', LayerNormalization);
