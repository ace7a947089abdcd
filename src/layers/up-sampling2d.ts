/**
 * Images made larger by whole factors: each pixel repeated, or interpolated between the centres of pixels.
 *
 *   nearest   y[n, oh, ow, c] = x[n, ⌊oh/SH⌋, ⌊ow/SW⌋, c]
 *   bilinear  the row (oh + ½)/SH − ½ and the column (ow + ½)/SW − ½ of x, between the four nearest pixels
 *
 * Source of the layer's rules: Keras' UpSampling2D.
 */

import { imageShape, type UpsampleGeometry } from '../kernels/geometry.ts';
import { upSamplingGroup } from '../kernels/groups/up-sampling.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Shape } from '../tensor/tensor.ts';
import { oneOf, sizePair, unary } from './checks.ts';
import { Layer, type LayerConfig, type LayerOptions, layerOptions, type Run, type Stage } from './layer.ts';
import { ownLayer } from './registry.ts';

/** How much larger, and how. */
export interface UpSampling2dOptions extends LayerOptions {
  /** What one row, and one column, become; one number for both. Default: 2. */
  size?: number | readonly [number, number];
  /** `nearest` (the default) or `bilinear`. */
  interpolation?: 'nearest' | 'bilinear';
}

/** The layer that `upSampling2d` makes. */
export class UpSampling2D extends Layer {
  readonly className = 'UpSampling2D';
  readonly size: readonly [number, number];
  readonly interpolation: 'nearest' | 'bilinear';

  constructor(options?: UpSampling2dOptions) {
    const given = layerOptions('upSampling2d', options, arguments, ['size', 'interpolation']);
    super(given, 'upSampling2d');
    this.size = sizePair('upSampling2d', 'size', given.size ?? 2);
    const choices = ['nearest', 'bilinear'] as const;
    this.interpolation = oneOf('upSampling2d', 'interpolation', given.interpolation ?? 'nearest', choices);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const [H, W, C] = imageShape('upSampling2d', inputShape);
    return [H * this.size[0], W * this.size[1], C];
  }

  forward({ kernels, stage, x, y }: Run, N: number): void {
    kernels.upsample2dForward(this.#geometry(stage), N, x, y);
  }

  backward({ kernels, stage, dy, dx }: Run, N: number): void {
    if (dx) kernels.upsample2dBackward(this.#geometry(stage), N, dy, dx);
  }

  #geometry({ inputShape: [H, W, C] }: Stage): UpsampleGeometry {
    const { interpolation } = this;
    return { H, W, C, SH: this.size[0], SW: this.size[1], interpolation };
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }

  override work(): string {
    return this.interpolation === 'nearest' ? 'copy' : 'interpolation';
  }

  override getConfig(): LayerConfig {
    return { ...this.baseConfig(), size: this.size, interpolation: this.interpolation };
  }
}

/**
 * Makes images larger by whole factors.
 *
 *     upSampling2d({ size: 2 }) // [14, 14, 8] → [28, 28, 8]
 *
 * @throws TypeError or RangeError where an option is unknown or out of range.
 */
export const upSampling2d = unary(
  'upSampling2d',
  (options?: UpSampling2dOptions): UpSampling2D => new UpSampling2D(options),
);

needKernels(upSamplingGroup);
ownLayer('UpSampling2D', UpSampling2D);
