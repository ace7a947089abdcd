/**
 * Images mirrored, while training, each with a chance of one half. Of `horizontal_and_vertical` left and right, and above and below, change
 * places independently of each other: four outcomes of equal chance, as in Keras 2. (Keras 3 draws one lot for both.) Source: Keras'
 * RandomFlip.
 */
import type { FloatArray } from '../tensor/tensor.ts';
import { Augmentation, type ImageShape } from './augmentation.ts';
import { oneOf, unary } from './checks.ts';
import { type LayerConfig, type LayerOptions, layerOptions } from './layer.ts';
import { ownLayer } from './registry.ts';

/** Which sides change places. */
export type FlipMode = 'horizontal_and_vertical' | 'horizontal' | 'vertical';
const MODES: readonly FlipMode[] = ['horizontal_and_vertical', 'horizontal', 'vertical'];

/** How images are mirrored. */
export interface RandomFlipOptions extends LayerOptions {
  /** `horizontal`: left and right change places. Default: horizontal_and_vertical. */
  mode?: FlipMode | undefined;
}

/** The layer that `randomFlip` makes. */
export class RandomFlip extends Augmentation {
  readonly className: string = 'RandomFlip';
  readonly mode: FlipMode;
  protected readonly draws = 2;

  constructor(options: RandomFlipOptions = {}) {
    const given = layerOptions('randomFlip', options, arguments, ['mode']);
    super(given, 'randomFlip');
    this.mode = oneOf('randomFlip', 'mode', given.mode ?? 'horizontal_and_vertical', MODES);
  }

  protected change([u, v]: readonly number[], { H, W, C }: ImageShape, x: FloatArray, y: FloatArray): void {
    const flipX = this.mode !== 'vertical' && u < 0.5;
    const flipY = this.mode !== 'horizontal' && v < 0.5;
    for (let row = 0, to = 0; row < H; row++) {
      const from = (flipY ? H - 1 - row : row) * W;
      for (let column = 0; column < W; column++) {
        const pixel = (from + (flipX ? W - 1 - column : column)) * C;
        for (let c = 0; c < C; c++) y[to++] = x[pixel + c];
      }
    }
  }

  /** A mirror is its own inverse. */
  protected changeBack(
    u: readonly number[],
    image: ImageShape,
    _x: FloatArray,
    dy: FloatArray,
    dx: FloatArray,
  ): void {
    this.change(u, image, dy, dx);
  }

  protected changesNothing(): boolean {
    return false;
  }

  override getConfig(): LayerConfig {
    return { ...this.baseConfig(), mode: this.mode };
  }
}

/**
 * Mirrors images at random, while training.
 *
 *     randomFlip({ mode: 'horizontal' }) // [96, 96, 3] → [96, 96, 3]
 *
 * @throws RangeError for another mode.
 */
export const randomFlip = unary(
  'randomFlip',
  (options?: RandomFlipOptions): RandomFlip => new RandomFlip(options),
);

ownLayer('RandomFlip', RandomFlip);
