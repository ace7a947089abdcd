/**
 * Zero padding: a margin of zeros around each image.
 *
 *   y[n, top + h, left + w, c] = x[n, h, w, c], and +0 elsewhere;   dx[n, h, w, c] = dy[n, top + h, left + w, c]
 *
 * Only copies: no number is computed. Source of the layer's rules: Keras' ZeroPadding2D.
 */
import { imageShape } from '../kernels/geometry.ts';
import type { Shape } from '../tensor/tensor.ts';
import { type Margins, margins, unary } from './checks.ts';
import { Layer, type LayerConfig, type LayerOptions, layerOptions, type Run, type Stage } from './layer.ts';
import { cutOut, embed, type Framed } from './margin.ts';
import { ownLayer } from './registry.ts';

/** How many zeros on which side. */
export interface ZeroPadding2dOptions extends LayerOptions {
  /**
   * One number for all sides, or [rows above and below, columns left and right], or
   * [[above, below], [left, right]]. Default: 1.
   */
  padding?: number | readonly [number, number] | Margins | undefined;
}

/** The layer that `zeroPadding2d` makes. */
export class ZeroPadding2D extends Layer {
  readonly className: string = 'ZeroPadding2D';
  readonly padding: Margins;

  constructor(options?: ZeroPadding2dOptions) {
    const given = layerOptions('zeroPadding2d', options, arguments, ['padding']);
    super(given, 'zeroPadding2d');
    this.padding = margins('zeroPadding2d', 'padding', given.padding ?? 1);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const [H, W, C] = imageShape('zeroPadding2d', inputShape);
    const [[top, bottom], [left, right]] = this.padding;
    return [top + H + bottom, left + W + right, C];
  }

  forward({ stage, x, y }: Run, N: number): void {
    embed(this.#framed(stage), N, x, y);
  }

  backward({ stage, dy, dx }: Run, N: number): void {
    if (dx) cutOut(this.#framed(stage), N, dy, dx);
  }

  #framed({ inputShape, outputShape }: Stage): Framed {
    return { large: outputShape, small: inputShape, margins: this.padding };
  }

  /** Without a margin on any side. */
  override isIdentity(): boolean {
    return this.padding.flat().every((size) => size === 0);
  }

  /** The margin's gradient goes nowhere; within, a zero is the input's. */
  override zeroOutputsAreDead(zeroInputsAreDead: boolean): boolean {
    return zeroInputsAreDead;
  }

  override padsBy(): Margins {
    return this.padding;
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }

  override work(): string {
    return 'copy';
  }

  override getConfig(): LayerConfig {
    return { ...this.baseConfig(), padding: this.padding };
  }
}

/**
 * Puts rows and columns of zeros around images.
 *
 *     zeroPadding2d({ padding: 1 }) // [28, 28, 3] → [30, 30, 3]
 *
 * @throws TypeError or RangeError where the padding is none.
 */
export const zeroPadding2d = unary(
  'zeroPadding2d',
  (options?: ZeroPadding2dOptions): ZeroPadding2D => new ZeroPadding2D(options),
);

ownLayer('ZeroPadding2D', ZeroPadding2D);
