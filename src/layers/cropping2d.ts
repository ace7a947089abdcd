/**
 * Rows and columns cut off the sides of each image.
 *
 *   y[n, h, w, c] = x[n, top + h, left + w, c];   dx[n, top + h, left + w, c] = dy[n, h, w, c], and +0 in the margin
 *
 * Only copies: no number is computed. Source of the layer's rules: Keras' Cropping2D.
 */
import { imageShape } from '../kernels/geometry.ts';
import type { Shape } from '../tensor/tensor.ts';
import { type Margins, margins, unary } from './checks.ts';
import { Layer, type LayerConfig, type LayerOptions, layerOptions, type Run, type Stage } from './layer.ts';
import { cutOut, embed, type Framed } from './margin.ts';
import { ownLayer } from './registry.ts';

/** How much is cut off on which side. */
export interface Cropping2dOptions extends LayerOptions {
  /**
   * One number for all sides, or [rows above and below, columns left and right], or
   * [[above, below], [left, right]]. Default: 0.
   */
  cropping?: number | readonly [number, number] | Margins | undefined;
}

/** The layer that `cropping2d` makes. */
export class Cropping2D extends Layer {
  readonly className: string = 'Cropping2D';
  readonly cropping: Margins;

  constructor(options?: Cropping2dOptions) {
    const given = layerOptions('cropping2d', options, arguments, ['cropping']);
    super(given, 'cropping2d');
    this.cropping = margins('cropping2d', 'cropping', given.cropping ?? 0);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const [H, W, C] = imageShape('cropping2d', inputShape);
    const [[top, bottom], [left, right]] = this.cropping;
    const [OH, OW] = [H - top - bottom, W - left - right];
    if (OH < 1 || OW < 1) {
      throw new RangeError(
        `cropping2d: something of the image must be left: expected more than ${top + bottom} rows and ${left + right} columns, got ${H} and ${W}`,
      );
    }
    return [OH, OW, C];
  }

  forward({ stage, x, y }: Run, N: number): void {
    cutOut(this.#framed(stage), N, x, y);
  }

  backward({ stage, dy, dx }: Run, N: number): void {
    if (dx) embed(this.#framed(stage), N, dy, dx);
  }

  #framed({ inputShape, outputShape }: Stage): Framed {
    return { large: inputShape, small: outputShape, margins: this.cropping };
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }

  /** Nothing is cut off. */
  override isIdentity(): boolean {
    return this.cropping.flat().every((size) => size === 0);
  }

  override zeroOutputsAreDead(zeroInputsAreDead: boolean): boolean {
    return zeroInputsAreDead;
  }

  override work(): string {
    return 'copy';
  }

  override getConfig(): LayerConfig {
    return { ...this.baseConfig(), cropping: this.cropping };
  }
}

/**
 * Cuts rows and columns off the sides of images.
 *
 *     cropping2d({ cropping: [[2, 2], [0, 0]] }) // [28, 28, 1] → [24, 28, 1]
 *
 * @throws TypeError or RangeError where the cropping is none.
 */
export const cropping2d = unary(
  'cropping2d',
  (options?: Cropping2dOptions): Cropping2D => new Cropping2D(options),
);

ownLayer('Cropping2D', Cropping2D);
