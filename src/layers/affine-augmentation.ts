/** What rotation, zoom and translation share: a matrix is drawn for each sample, and the image is read by it. */
import type { FloatArray } from '../tensor/tensor.ts';
import {
  type AffineMatrix,
  FILL_MODES,
  type FillMode,
  INTERPOLATIONS,
  type Interpolation,
  sampleAffine,
  sampleAffineBackward,
} from './affine-sampling.ts';
import { Augmentation, type ImageShape } from './augmentation.ts';
import { finite, oneOf } from './checks.ts';
import type { LayerConfig, LayerOptions } from './layer.ts';

/** What is beyond and between an image's pixels. */
export interface AffineOptions extends LayerOptions {
  /**
   * What lies beyond the border of abcd: `reflect`: dcba|abcd|dcba, `wrap`: abcd|abcd|abcd, `nearest`: aaaa|abcd|dddd, `constant`:
   * fillValue. Default: reflect.
   */
  fillMode?: FillMode | undefined;
  /** What lies between pixels: a mean of four by their distance, or the next one. Default: bilinear. */
  interpolation?: Interpolation | undefined;
  /** With `constant`. Default: 0. */
  fillValue?: number | undefined;
}

export const AFFINE_OPTIONS = ['fillMode', 'interpolation', 'fillValue'] as const;

/** A layer that moves images by matrices. */
export abstract class AffineAugmentation extends Augmentation {
  readonly fillMode: FillMode;
  readonly interpolation: Interpolation;
  readonly fillValue: number;

  constructor(options: AffineOptions, where: string) {
    super(options, where);
    this.fillMode = oneOf(where, 'fillMode', options.fillMode ?? 'reflect', FILL_MODES);
    this.interpolation = oneOf(where, 'interpolation', options.interpolation ?? 'bilinear', INTERPOLATIONS);
    this.fillValue = finite(where, 'fillValue', options.fillValue ?? 0);
  }

  /** Where each pixel of the result is read. */
  protected abstract matrix(u: readonly number[], image: ImageShape): AffineMatrix;

  protected change(u: readonly number[], image: ImageShape, x: FloatArray, y: FloatArray): void {
    sampleAffine(this.matrix(u, image), this, image, x, y);
  }

  protected changeBack(
    u: readonly number[],
    image: ImageShape,
    _x: FloatArray,
    dy: FloatArray,
    dx: FloatArray,
  ): void {
    sampleAffineBackward(this.matrix(u, image), this, image, dy, dx);
  }

  protected affineConfig(): LayerConfig {
    const { fillMode, interpolation, fillValue } = this;
    return { ...this.baseConfig(), fillMode, interpolation, fillValue };
  }
}
