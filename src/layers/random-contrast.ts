/**
 * More or less contrast, while training: y = clip(m + f·(x − m)), with m the mean of the image's channel, in float64, pixels ascending, and f
 * drawn evenly from 1 − lower to 1 + upper. Computed in float64, rounded once. The gradient goes through the mean, and not where y was
 * clipped. Source: Keras' RandomContrast (whose version 3 takes a single factor f for [0, f], against its own page: here it is [f, f]).
 */
import { zeroToOne } from '../checks/values.ts';
import type { FloatArray } from '../tensor/tensor.ts';
import { type ImageShape, type Range, within } from './augmentation.ts';
import { unary } from './checks.ts';
import { ClippedAugmentation, type ClippedOptions } from './clipped-augmentation.ts';
import { layerOptions } from './layer.ts';
import { ownLayer } from './registry.ts';
import { clip, isWithin } from './value-range.ts';

/** How much contrast changes. */
export interface RandomContrastOptions extends ClippedOptions {
  /** f for a contrast from 1 − f to 1 + f; or [lower, upper] for one from 1 − lower to 1 + upper, each from 0 to 1. */
  factor: number | Range;
}

/** The layer that `randomContrast` makes. */
export class RandomContrast extends ClippedAugmentation {
  readonly className: string = 'RandomContrast';
  readonly factor: Range;

  constructor(options: RandomContrastOptions) {
    const where = 'randomContrast';
    const given = layerOptions(where, options, arguments, ['factor', 'valueRange']);
    super(given, where);
    const { factor } = given;
    // Not a range: both may be any of 0 to 1.
    const [lower, upper] = Array.isArray(factor) && factor.length === 2 ? factor : [factor, factor];
    this.factor = [zeroToOne(where, 'factor', lower), zeroToOne(where, 'factor', upper)];
  }

  #factor(u: number): number {
    const [lower, upper] = this.factor;
    return within([1 - lower, 1 + upper], u);
  }

  protected change([u]: readonly number[], image: ImageShape, x: FloatArray, y: FloatArray): void {
    const { C } = image;
    const factor = this.#factor(u);
    const means = channelMeans(image, x, () => true);
    for (let i = 0; i < x.length; i++) {
      const m = means[i % C];
      y[i] = clip(m + factor * (x[i] - m), this.valueRange);
    }
  }

  /** dx = f·dy + (1 − f)·(Σ dy)/(H·W), the sums over the channel; dy counts as 0 where y was clipped. */
  protected changeBack(
    [u]: readonly number[],
    image: ImageShape,
    x: FloatArray,
    dy: FloatArray,
    dx: FloatArray,
  ): void {
    const { C } = image;
    const factor = this.#factor(u);
    const means = channelMeans(image, x, () => true);
    const passes = (i: number): boolean =>
      isWithin(means[i % C] + factor * (x[i] - means[i % C]), this.valueRange);
    const meanGradients = channelMeans(image, dy, passes);
    for (let i = 0; i < x.length; i++) {
      dx[i] = (passes(i) ? factor * dy[i] : 0) + (1 - factor) * meanGradients[i % C];
    }
  }
}

/** A channel's mean, of those elements that count, over all its pixels. */
function channelMeans(
  { H, W, C }: ImageShape,
  values: FloatArray,
  counts: (i: number) => boolean,
): Float64Array {
  const means = new Float64Array(C);
  for (let i = 0; i < values.length; i++) if (counts(i)) means[i % C] += values[i];
  for (let c = 0; c < C; c++) means[c] /= H * W;
  return means;
}

/**
 * Changes the contrast of images at random, while training.
 *
 *     randomContrast({ factor: 0.2 }) // [96, 96, 3] → [96, 96, 3]
 *
 * @throws TypeError or RangeError where an option is out of range.
 */
export const randomContrast = unary(
  'randomContrast',
  (options: RandomContrastOptions): RandomContrast => new RandomContrast(options),
);

ownLayer('RandomContrast', RandomContrast);
