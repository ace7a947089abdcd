/**
 * Images of another size, any: Keras' Resizing.
 *
 * Each pixel is a sum over pixels of the image (resampling.ts). The weights of `bilinear`, with `antialias` or without, are those of photos
 * (tensor/interpolation.ts), those of `bicubic`, `lanczos3` and `lanczos5` in tensor/wide-interpolation.ts; `nearest` has one, which is 1, of place ⌊(o + ½)·scale⌋ with scale = size before / size after, each operation in float32, as TensorFlow has it.
 *
 * `nearest` and `bilinear` have two other rules, of older networks: without `halfPixelCenters` place o lies at o·scale, and with `alignCorners` at
 * o·(size before − 1)/(size after − 1), so that the first and the last pixel stay where they are; the nearest place is then the rounded one.
 * Source: Keras' Resizing; TensorFlow's resize_nearest_neighbor_op.cc (half_pixel_centers), image_resizer_state.h (CalculateResizeScale).
 */
import { imageShape } from '../kernels/geometry.ts';
import { type Axis, axisWeights, centreCrop, type Places } from '../tensor/interpolation.ts';
import type { Shape } from '../tensor/tensor.ts';
import { wideWeights } from '../tensor/wide-interpolation.ts';
import { flag, positiveInteger, unary } from './checks.ts';
import { Layer, type LayerConfig, type LayerOptions, layerOptions, type Run, type Stage } from './layer.ts';
import { ownLayer } from './registry.ts';
import {
  type Axes,
  interpolationOf,
  type ResizingInterpolation,
  resample,
  resampleBackward,
} from './resampling.ts';

/** How large images become, and how. */
export interface ResizingOptions extends LayerOptions {
  /** Rows of the result. */
  height: number;
  /** Columns of the result. */
  width: number;
  /**
   * `nearest`; `bilinear`: between the four pixels around; `bicubic`, `lanczos3`, `lanczos5`: of 16, 36 or 100 pixels around, sharper.
   * Default: bilinear.
   */
  interpolation?: ResizingInterpolation | undefined;
  /** Where images become smaller, each pixel is a mean of all the pixels that it covers (not with `nearest`). Default: false. */
  antialias?: boolean | undefined;
  /** Cuts the largest part in the middle that has the result's proportions, instead of stretching. Default: false. */
  cropToAspectRatio?: boolean | undefined;
  /**
   * The first and last pixels stay at the corners, as in PyTorch's `align_corners=True` and older networks of TensorFlow; not in Keras. For
   * `bilinear` and `nearest`. Default: false.
   */
  alignCorners?: boolean | undefined;
  /** Pixels' centres lie at half numbers, as in Keras; false: at whole ones, as in older networks of TensorFlow. Default: true, without `alignCorners`. */
  halfPixelCenters?: boolean | undefined;
}

const OTHER_PLACES = ['alignCorners', 'halfPixelCenters'];
const INTERPOLATIONS = ['bilinear', 'nearest', 'bicubic', 'lanczos3', 'lanczos5'] as const;

/** The layer that `resizing` makes. */
export class Resizing extends Layer {
  readonly className: string = 'Resizing';
  readonly height: number;
  readonly width: number;
  readonly interpolation: ResizingInterpolation;
  readonly antialias: boolean;
  readonly cropToAspectRatio: boolean;
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;

  constructor(options: ResizingOptions) {
    const own = ['height', 'width', 'interpolation', 'antialias', 'cropToAspectRatio', ...OTHER_PLACES];
    const given = layerOptions('resizing', options, arguments, own);
    super(given, 'resizing');
    const { interpolation = 'bilinear', antialias = false, cropToAspectRatio = false } = given;
    this.height = positiveInteger('resizing', 'height', given.height);
    this.width = positiveInteger('resizing', 'width', given.width);
    this.interpolation = interpolationOf('resizing', interpolation, INTERPOLATIONS);
    this.antialias = flag('resizing', 'antialias', antialias);
    this.cropToAspectRatio = flag('resizing', 'cropToAspectRatio', cropToAspectRatio);
    this.alignCorners = flag('resizing', 'alignCorners', given.alignCorners ?? false);
    this.halfPixelCenters = flag(
      'resizing',
      'halfPixelCenters',
      given.halfPixelCenters ?? !this.alignCorners,
    );
    if (this.alignCorners && this.halfPixelCenters) {
      throw new RangeError('resizing: alignCorners has no halfPixelCenters: leave one of them out');
    }
    const canMove = !antialias && (this.interpolation === 'bilinear' || this.interpolation === 'nearest');
    if (!this.halfPixelCenters && !canMove) {
      throw new RangeError(
        'resizing: alignCorners true, or halfPixelCenters false, must have interpolation bilinear or nearest, without antialias',
      );
    }
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const [, , C] = imageShape('resizing', inputShape);
    return [this.height, this.width, C];
  }

  forward({ stage, x, y }: Run, N: number): void {
    resample(this.#axes(stage), stage.inputShape, N, x, y);
  }

  backward({ stage, dy, dx }: Run, N: number): void {
    if (dx) resampleBackward(this.#axes(stage), stage.inputShape, N, dy, dx);
  }

  #axes({ inputShape: [H, W] }: Stage): Axes {
    const { height, width, antialias } = this;
    const crop = this.cropToAspectRatio
      ? centreCrop(H, W, height, width)
      : { top: 0, left: 0, height: H, width: W };
    const axis = (before: number, after: number): Axis => {
      if (this.interpolation === 'nearest') return this.#nearest(before, after);
      if (this.interpolation === 'bilinear')
        return axisWeights(before, after, antialias, this.#places(before, after));
      return wideWeights(this.interpolation, before, after, antialias);
    };
    const { top, left } = crop;
    return { vertical: axis(crop.height, height), horizontal: axis(crop.width, width), top, left };
  }

  #places(before: number, after: number): Places {
    const isApart = this.alignCorners && after > 1;
    const scale = isApart ? (before - 1) / (after - 1) : before / after;
    return { scale, offset: this.halfPixelCenters ? 0.5 : 0 };
  }

  /** One place of the image for each of the result. */
  #nearest(before: number, after: number): Axis {
    const { scale, offset } = this.#places(before, after);
    const step = Math.fround(scale);
    const from = Int32Array.from({ length: after }, (_, o) => {
      const place = Math.fround((o + offset) * step);
      return Math.min(before - 1, this.alignCorners ? Math.round(place) : Math.floor(place));
    });
    return {
      from,
      to: from.map((place) => place + 1),
      first: from.map((_, o) => o),
      weights: new Float64Array(after).fill(1),
    };
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }

  override work(): string {
    return this.interpolation === 'nearest' ? 'copy' : 'interpolation';
  }

  override getConfig(): LayerConfig {
    const { height, width, interpolation, antialias, cropToAspectRatio, alignCorners, halfPixelCenters } =
      this;
    return {
      ...this.baseConfig(),
      ...{ height, width, interpolation },
      ...(alignCorners && { alignCorners }),
      ...(!halfPixelCenters && !alignCorners && { halfPixelCenters }),
      ...(antialias && { antialias }),
      ...(cropToAspectRatio && { cropToAspectRatio }),
    };
  }
}

/**
 * Makes images larger or smaller.
 *
 *     resizing({ height: 96, width: 96 }) // [128, 160, 3] → [96, 96, 3]
 *
 * @throws TypeError or RangeError where an option is unknown or out of range.
 */
export const resizing = unary('resizing', (options: ResizingOptions): Resizing => new Resizing(options));

ownLayer('Resizing', Resizing);
