/** What normalisations along the last dimensions of a sample share: which these are. */
import { describe } from '../checks/describe.ts';
import type { SampleGroups } from '../kernels/sample-normalization.ts';
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import type { LayerConfig, LayerOptions } from './layer.ts';
import { SampleNormalization, type SampleNormalizationRules } from './sample-normalization.ts';

/** Along which dimensions. */
export interface LastAxesOptions extends LayerOptions {
  /**
   * The dimensions that are normalised together, the batch counted as 0, or from the end: the last one, or several that are the
   * last ones, such as [1, 2, 3] of images. Default: −1.
   */
  axis?: number | readonly number[] | undefined;
}

/** A layer that normalises along the last dimensions. */
export abstract class LastAxesNormalization extends SampleNormalization {
  readonly axis: number | readonly number[];
  readonly #where: string;

  /**
   * @param where what messages call it
   * @param all what its constructor was given
   */
  constructor(
    where: string,
    options: LastAxesOptions | undefined,
    all: ArrayLike<unknown>,
    rules: SampleNormalizationRules,
  ) {
    super(where, options, all, { ...rules, own: ['axis', ...rules.own] });
    const { axis = -1 } = options ?? {};
    const axes = Array.isArray(axis) ? axis : [axis];
    if (axes.length === 0 || !axes.every(Number.isInteger)) {
      throw new TypeError(`${where}: axis must be an integer, or several in an array, got ${describe(axis)}`);
    }
    this.axis = axis;
    this.#where = where;
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
      `${this.#where}: axis must be −1, or the last dimensions of a sample together (the batch is 0; permute brings others there): got ${describe(this.axis)} for [${inputShape}]`,
    );
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), axis: this.axis };
  }
}
