/**
 * Images moved down and to the right, while training, by shares of their height and width that are drawn evenly between two bounds. With dy
 * and dx, what is drawn times height and width, images are read (affine-sampling.ts) at
 *
 *   ix = ox − dx        iy = oy − dy
 *
 * Source: Keras' RandomTranslation.
 */
import { AFFINE_OPTIONS, AffineAugmentation, type AffineOptions } from './affine-augmentation.ts';
import type { AffineMatrix } from './affine-sampling.ts';
import { factorRange, type ImageShape, type Range, within } from './augmentation.ts';
import { unary } from './checks.ts';
import { type LayerConfig, layerOptions } from './layer.ts';
import { ownLayer } from './registry.ts';

/** How far images are moved. */
export interface RandomTranslationOptions extends AffineOptions {
  /** Downwards, as a share of the height: f for −f to f, or [lower, upper], each from −1 to 1. */
  heightFactor: number | Range;
  /** To the right, as a share of the width: f for −f to f, or [lower, upper], each from −1 to 1. */
  widthFactor: number | Range;
}

/** The layer that `randomTranslation` makes. */
export class RandomTranslation extends AffineAugmentation {
  readonly className: string = 'RandomTranslation';
  readonly heightFactor: Range;
  readonly widthFactor: Range;
  protected readonly draws = 2;

  constructor(options: RandomTranslationOptions) {
    const where = 'randomTranslation';
    const own = ['heightFactor', 'widthFactor', ...AFFINE_OPTIONS];
    const given = layerOptions(where, options, arguments, own);
    super(given, where);
    this.heightFactor = factorRange(where, 'heightFactor', given.heightFactor);
    this.widthFactor = factorRange(where, 'widthFactor', given.widthFactor);
  }

  protected matrix([u, v]: readonly number[], { H, W }: ImageShape): AffineMatrix {
    const [down, right] = [H * within(this.heightFactor, u), W * within(this.widthFactor, v)];
    return [1, 0, -right, 0, 1, -down];
  }

  protected changesNothing(): boolean {
    return [...this.heightFactor, ...this.widthFactor].every((bound) => bound === 0);
  }

  override getConfig(): LayerConfig {
    const { heightFactor, widthFactor } = this;
    return { ...this.affineConfig(), heightFactor, widthFactor };
  }
}

/**
 * Moves images at random, while training. The factors are parts of height and width.
 *
 *     randomTranslation({ heightFactor: 0.1, widthFactor: 0.1 }) // [96, 96, 3] → [96, 96, 3]
 *
 * @throws TypeError or RangeError where an option is out of range.
 */
export const randomTranslation = unary(
  'randomTranslation',
  (options: RandomTranslationOptions): RandomTranslation => new RandomTranslation(options),
);

ownLayer('RandomTranslation', RandomTranslation);
