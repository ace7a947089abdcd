/**
 * Images made larger by whole factors: each pixel repeated, or interpolated between the centres of pixels.
 *
 *   nearest   y[n, oh, ow, c] = x[n, ⌊oh/SH⌋, ⌊ow/SW⌋, c]
 *   bilinear  the row (oh + ½)/SH − ½ and the column (ow + ½)/SW − ½ of x, between the four nearest pixels
 *   others    as `resizing` has them (resampling.ts)
 *
 * Source of the layer's rules: Keras' UpSampling2D.
 */

import { imageShape, type UpsampleGeometry } from '../kernels/geometry.ts';
import { upSamplingGroup } from '../kernels/groups/up-sampling.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Shape } from '../tensor/tensor.ts';
import { wideWeights } from '../tensor/wide-interpolation.ts';
import { sizePair, unary } from './checks.ts';
import { Layer, type LayerConfig, type LayerOptions, layerOptions, type Run, type Stage } from './layer.ts';
import { ownLayer } from './registry.ts';
import {
  type Axes,
  interpolationOf,
  type ResizingInterpolation,
  resample,
  resampleBackward,
} from './resampling.ts';

/** How much larger, and how. */
export interface UpSampling2dOptions extends LayerOptions {
  /** What one row, and one column, become; one number for both. Default: 2. */
  size?: number | readonly [number, number] | undefined;
  /** `nearest`, `bilinear`, `bicubic`, `lanczos3` or `lanczos5`. Default: nearest. */
  interpolation?: ResizingInterpolation | undefined;
}

/** The layer that `upSampling2d` makes. */
export class UpSampling2D extends Layer {
  readonly className: string = 'UpSampling2D';
  readonly size: readonly [number, number];
  readonly interpolation: ResizingInterpolation;

  constructor(options?: UpSampling2dOptions) {
    const given = layerOptions('upSampling2d', options, arguments, ['size', 'interpolation']);
    super(given, 'upSampling2d');
    this.size = sizePair('upSampling2d', 'size', given.size ?? 2);
    const choices = ['nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5'] as const;
    this.interpolation = interpolationOf('upSampling2d', given.interpolation ?? 'nearest', choices);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const [H, W, C] = imageShape('upSampling2d', inputShape);
    return [H * this.size[0], W * this.size[1], C];
  }

  forward({ kernels, stage, x, y }: Run, N: number): void {
    const how = this.#how(stage);
    if ('vertical' in how) resample(how, stage.inputShape, N, x, y);
    else kernels.upsample2dForward(how, N, x, y);
  }

  backward({ kernels, stage, dy, dx }: Run, N: number): void {
    if (!dx) return;
    const how = this.#how(stage);
    if ('vertical' in how) resampleBackward(how, stage.inputShape, N, dy, dx);
    else kernels.upsample2dBackward(how, N, dy, dx);
  }

  #how({ inputShape: [H, W, C] }: Stage): UpsampleGeometry | Axes {
    const {
      size: [SH, SW],
      interpolation,
    } = this;
    if (interpolation === 'nearest' || interpolation === 'bilinear')
      return { H, W, C, SH, SW, interpolation };
    const axis = (before: number, scale: number) => wideWeights(interpolation, before, before * scale, false);
    return { vertical: axis(H, SH), horizontal: axis(W, SW) };
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
