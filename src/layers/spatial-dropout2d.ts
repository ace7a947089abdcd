/**
 * Spatial dropout (Tompson et al. 2014, "Efficient object localization using convolutional networks", arXiv:1411.4280): dropout of
 * whole channels of an image, whose pixels are alike. Source of the layer's rules: Keras' SpatialDropout2D.
 */
import { imageShape } from '../kernels/geometry.ts';
import type { Shape } from '../tensor/tensor.ts';
import { unary } from './checks.ts';
import { DropoutLayer } from './dropout.ts';
import { type LayerConfig, type LayerOptions, layerOptions } from './layer.ts';
import { ownLayer } from './registry.ts';

/** How much is dropped. */
export interface SpatialDropout2dOptions extends LayerOptions {
  /** Share of the channels that are dropped: 0 ≤ rate < 1. */
  rate: number;
}

/** The layer that `spatialDropout2d` makes. */
export class SpatialDropout2D extends DropoutLayer {
  readonly className: string = 'SpatialDropout2D';

  constructor(options: SpatialDropout2dOptions) {
    const given = layerOptions('spatialDropout2d', options, arguments, ['rate']);
    super('spatialDropout2d', { ...given, noiseShape: [null, 1, 1, null] });
  }

  override computeOutputShape(inputShape: Shape): Shape {
    return super.computeOutputShape(imageShape('spatialDropout2d', inputShape));
  }

  override getConfig(): LayerConfig {
    return { ...this.baseConfig(), rate: this.rate };
  }
}

/**
 * Dropout of whole channels of an image, while training.
 *
 *     spatialDropout2d({ rate: 0.2 }) // [28, 28, 16] → [28, 28, 16]
 *
 * @throws RangeError where the rate is out of range.
 */
export const spatialDropout2d = unary(
  'spatialDropout2d',
  (options: SpatialDropout2dOptions): SpatialDropout2D => new SpatialDropout2D(options),
);

ownLayer('SpatialDropout2D', SpatialDropout2D);
