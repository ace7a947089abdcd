/**
 * Brighter or darker images, while training: y = clip(x + d·(upper − lower)), d drawn evenly between two bounds, lower and upper those of
 * `valueRange`. Computed in float64, rounded once. The gradient is dy, and 0 where y was clipped. Source: Keras' RandomBrightness.
 */
import type { FloatArray } from '../tensor/tensor.ts';
import { factorRange, type ImageShape, type Range, within } from './augmentation.ts';
import { unary } from './checks.ts';
import { ClippedAugmentation, type ClippedOptions } from './clipped-augmentation.ts';
import { layerOptions } from './layer.ts';
import { ownLayer } from './registry.ts';
import { clip, isWithin } from './value-range.ts';

/** How much brightness changes. */
export interface RandomBrightnessOptions extends ClippedOptions {
  /** As a share of the range of values: f for −f to f, or [lower, upper], each from −1 to 1. */
  factor: number | Range;
}

/** The layer that `randomBrightness` makes. */
export class RandomBrightness extends ClippedAugmentation {
  readonly className: string = 'RandomBrightness';
  readonly factor: Range;

  constructor(options: RandomBrightnessOptions) {
    const where = 'randomBrightness';
    const given = layerOptions(where, options, arguments, ['factor', 'valueRange']);
    super(given, where);
    this.factor = factorRange(where, 'factor', given.factor);
  }

  #delta(u: number): number {
    const [lower, upper] = this.valueRange;
    return within(this.factor, u) * (upper - lower);
  }

  protected change([u]: readonly number[], _image: ImageShape, x: FloatArray, y: FloatArray): void {
    const delta = this.#delta(u);
    for (let i = 0; i < x.length; i++) y[i] = clip(x[i] + delta, this.valueRange);
  }

  protected changeBack(
    [u]: readonly number[],
    _image: ImageShape,
    x: FloatArray,
    dy: FloatArray,
    dx: FloatArray,
  ): void {
    const delta = this.#delta(u);
    for (let i = 0; i < x.length; i++) dx[i] = isWithin(x[i] + delta, this.valueRange) ? dy[i] : 0;
  }
}

/**
 * Makes images brighter or darker at random, while training.
 *
 *     randomBrightness({ factor: 0.2 }) // [96, 96, 3] → [96, 96, 3]
 *
 * @throws TypeError or RangeError where an option is out of range.
 */
export const randomBrightness = unary(
  'randomBrightness',
  (options: RandomBrightnessOptions): RandomBrightness => new RandomBrightness(options),
);

ownLayer('RandomBrightness', RandomBrightness);
