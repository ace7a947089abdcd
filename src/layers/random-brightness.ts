/**
 * Brighter or darker images, while training: y = clip(x + d·(upper − lower)), d drawn evenly between two bounds, lower and upper those of
 * `valueRange`. Computed in float64, rounded once. The gradient is dy, and 0 where y was clipped. Source: Keras' RandomBrightness.
 */
import type { FloatArray } from '../tensor/tensor.ts';
import { Augmentation, factorRange, type ImageShape, type Range, within } from './augmentation.ts';
import { knownOptions, unary } from './checks.ts';
import { LAYER_OPTIONS, type LayerConfig, type LayerOptions } from './layer.ts';
import { ownLayer } from './registry.ts';
import { clip, isWithin, valueRange } from './value-range.ts';

/** How much brightness changes. */
export interface RandomBrightnessOptions extends LayerOptions {
  /** As a share of the range of values: f for −f to f, or [lower, upper], each from −1 to 1. */
  factor: number | Range;
  /** Lowest and highest value of a pixel. Default: [0, 255]. */
  valueRange?: Range;
}

/** The layer that `randomBrightness` makes. */
export class RandomBrightness extends Augmentation {
  readonly className = 'RandomBrightness';
  readonly factor: Range;
  readonly valueRange: Range;
  protected readonly draws = 1;

  constructor(options: RandomBrightnessOptions) {
    const where = 'randomBrightness';
    const given = knownOptions(where, options, ['factor', 'valueRange', ...LAYER_OPTIONS]);
    super(given, where);
    this.factor = factorRange(where, 'factor', given.factor, -1, 1);
    this.valueRange = valueRange(where, given.valueRange);
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

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: true, output: false };
  }

  override kinks(): readonly number[] {
    return this.valueRange;
  }

  protected changesNothing(): boolean {
    return false; // clipping changes images even where nothing is drawn
  }

  override getConfig(): LayerConfig {
    const { factor, valueRange } = this;
    return { ...this.baseConfig(), factor, valueRange };
  }
}

/** A layer that changes brightness at random. @throws TypeError or RangeError where an option is out of range. */
export const randomBrightness = unary(
  'randomBrightness',
  (options: RandomBrightnessOptions): RandomBrightness => new RandomBrightness(options),
);

ownLayer('RandomBrightness', RandomBrightness);
