/**
 * Rotation about the image's centre by an angle drawn evenly between two bounds, while training. With θ the angle,
 * (cx, cy) = ((W − 1)/2, (H − 1)/2) the centre, and images read as in affine-sampling.ts:
 *
 *   ix = cos θ·ox − sin θ·oy + (cx − cx·cos θ + cy·sin θ)
 *   iy = sin θ·ox + cos θ·oy + (cy − cx·sin θ − cy·cos θ)
 *
 * The angle is given in turns: 0.25 is a quarter of one. Above 0 it turns the image counter-clockwise. Source: Keras' RandomRotation.
 */
import { cosTurn, sinTurn } from '../tensor/cosine.ts';
import { AFFINE_OPTIONS, AffineAugmentation, type AffineOptions } from './affine-augmentation.ts';
import type { AffineMatrix } from './affine-sampling.ts';
import { factorRange, type ImageShape, type Range, within } from './augmentation.ts';
import { unary } from './checks.ts';
import { type LayerConfig, layerOptions } from './layer.ts';
import { ownLayer } from './registry.ts';

/** How far images are turned. */
export interface RandomRotationOptions extends AffineOptions {
  /** In turns: f for angles from −f to f, or [lower, upper], each from −1 to 1. 0.1 is 36 degrees. */
  factor: number | Range;
}

/** The layer that `randomRotation` makes. */
export class RandomRotation extends AffineAugmentation {
  readonly className: string = 'RandomRotation';
  readonly factor: Range;
  protected readonly draws = 1;

  constructor(options: RandomRotationOptions) {
    const where = 'randomRotation';
    const given = layerOptions(where, options, arguments, ['factor', ...AFFINE_OPTIONS]);
    super(given, where);
    this.factor = factorRange(where, 'factor', given.factor);
  }

  protected matrix([u]: readonly number[], { H, W }: ImageShape): AffineMatrix {
    const turn = within(this.factor, u);
    const [cos, sin] = [cosTurn(turn), sinTurn(turn)];
    const [cx, cy] = [(W - 1) / 2, (H - 1) / 2];
    return [cos, -sin, cx - cx * cos + cy * sin, sin, cos, cy - cx * sin - cy * cos];
  }

  protected changesNothing(): boolean {
    return this.factor.every((bound) => bound === 0);
  }

  override getConfig(): LayerConfig {
    return { ...this.affineConfig(), factor: this.factor };
  }
}

/**
 * Turns images at random, while training. The factor is a part of a full turn.
 *
 *     randomRotation({ factor: 0.1 }) // [96, 96, 3] → [96, 96, 3]
 *
 * @throws TypeError or RangeError where an option is out of range.
 */
export const randomRotation = unary(
  'randomRotation',
  (options: RandomRotationOptions): RandomRotation => new RandomRotation(options),
);

ownLayer('RandomRotation', RandomRotation);
