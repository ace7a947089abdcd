/**
 * Images of another size, any: Keras' Resizing.
 *
 *   y[n, oh, ow, c] = Σ_s v[oh, s]·(Σ_t h[ow, t]·x[n, s, t, c])      s, t ascending from +0, in float64, rounded once when stored
 *   dx[n, s, t, c] = Σ_oh Σ_ow (v[oh, s]·h[ow, t])·dy[n, oh, ow, c]  oh, ow ascending from +0, each sum rounded as dx is stored
 *
 * The weights v and h of `bilinear`, with `antialias` or without, are those of photos (tensor/interpolation.ts); `nearest` has one, which is 1, of
 * place ⌊(o + ½)·scale⌋ with scale = size before / size after, each operation in float32, as TensorFlow has it.
 * Source: Keras' Resizing; TensorFlow's resize_nearest_neighbor_op.cc (half_pixel_centers).
 */
import { imageShape } from '../kernels/geometry.ts';
import { type Axis, axisWeights, centreCrop } from '../tensor/interpolation.ts';
import type { Shape } from '../tensor/tensor.ts';
import { flag, oneOf, positiveInteger, unary } from './checks.ts';
import { Layer, type LayerConfig, type LayerOptions, layerOptions, type Run, type Stage } from './layer.ts';
import { ownLayer } from './registry.ts';

/** How large images become, and how. */
export interface ResizingOptions extends LayerOptions {
  /** Rows of the result. */
  height: number;
  /** Columns of the result. */
  width: number;
  /** `nearest`, or `bilinear`: between the four pixels around. Default: bilinear. */
  interpolation?: 'bilinear' | 'nearest';
  /** Smaller images, bilinear, are means of all the pixels that they cover. Default: false. */
  antialias?: boolean;
  /** Cuts the largest part in the middle that has the result's proportions, instead of stretching. Default: false. */
  cropToAspectRatio?: boolean;
}

const INTERPOLATIONS = ['bilinear', 'nearest'] as const;

/** Of the result's rows, or its columns, the places of the image and their weights. */
interface Axes {
  readonly vertical: Axis;
  readonly horizontal: Axis;
  /** Where the part begins that is resized. */
  readonly top: number;
  readonly left: number;
}

/** The layer that `resizing` makes. */
export class Resizing extends Layer {
  readonly className = 'Resizing';
  readonly height: number;
  readonly width: number;
  readonly interpolation: 'bilinear' | 'nearest';
  readonly antialias: boolean;
  readonly cropToAspectRatio: boolean;

  constructor(options: ResizingOptions) {
    const own = ['height', 'width', 'interpolation', 'antialias', 'cropToAspectRatio'];
    const given = layerOptions('resizing', options, arguments, own);
    super(given, 'resizing');
    const { interpolation = 'bilinear', antialias = false, cropToAspectRatio = false } = given;
    this.height = positiveInteger('resizing', 'height', given.height);
    this.width = positiveInteger('resizing', 'width', given.width);
    this.interpolation = oneOf('resizing', 'interpolation', interpolation, INTERPOLATIONS);
    this.antialias = flag('resizing', 'antialias', antialias);
    this.cropToAspectRatio = flag('resizing', 'cropToAspectRatio', cropToAspectRatio);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const [, , C] = imageShape('resizing', inputShape);
    return [this.height, this.width, C];
  }

  forward({ stage, x, y }: Run, N: number): void {
    const [H, W, C] = stage.inputShape;
    const { vertical, horizontal, top, left } = this.#axes(stage);
    let to = 0;
    for (let n = 0; n < N; n++) {
      for (let oh = 0; oh < this.height; oh++) {
        for (let ow = 0; ow < this.width; ow++) {
          for (let c = 0; c < C; c++) {
            let sum = 0;
            for (let s = vertical.from[oh]; s < vertical.to[oh]; s++) {
              const xRow = (n * H + top + s) * W + left;
              let row = 0;
              for (let t = horizontal.from[ow]; t < horizontal.to[ow]; t++) {
                row += weight(horizontal, ow, t) * x[(xRow + t) * C + c];
              }
              sum += weight(vertical, oh, s) * row;
            }
            y[to++] = sum;
          }
        }
      }
    }
  }

  backward({ stage, dy, dx }: Run, N: number): void {
    if (!dx) return;
    const [H, W, C] = stage.inputShape;
    const { vertical, horizontal, top, left } = this.#axes(stage);
    dx.fill(0, 0, N * H * W * C);
    let from = 0;
    for (let n = 0; n < N; n++) {
      for (let oh = 0; oh < this.height; oh++) {
        for (let ow = 0; ow < this.width; ow++, from += C) {
          for (let s = vertical.from[oh]; s < vertical.to[oh]; s++) {
            const xRow = (n * H + top + s) * W + left;
            for (let t = horizontal.from[ow]; t < horizontal.to[ow]; t++) {
              const share = weight(vertical, oh, s) * weight(horizontal, ow, t);
              const pixel = (xRow + t) * C;
              for (let c = 0; c < C; c++) dx[pixel + c] += share * dy[from + c];
            }
          }
        }
      }
    }
  }

  #axes({ inputShape: [H, W] }: Stage): Axes {
    const { height, width, antialias } = this;
    const crop = this.cropToAspectRatio
      ? centreCrop(H, W, height, width)
      : { top: 0, left: 0, height: H, width: W };
    const axis = (before: number, after: number): Axis =>
      this.interpolation === 'nearest' ? nearest(before, after) : axisWeights(before, after, antialias);
    const { top, left } = crop;
    return { vertical: axis(crop.height, height), horizontal: axis(crop.width, width), top, left };
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }

  override work(): string {
    return this.interpolation === 'nearest' ? 'copy' : 'interpolation';
  }

  override getConfig(): LayerConfig {
    const { height, width, interpolation, antialias, cropToAspectRatio } = this;
    return {
      ...this.baseConfig(),
      ...{ height, width, interpolation },
      ...(antialias && { antialias }),
      ...(cropToAspectRatio && { cropToAspectRatio }),
    };
  }
}

/** The weight of place `s` in place `o` of the result. */
function weight(axis: Axis, o: number, s: number): number {
  return axis.weights[axis.first[o] + s - axis.from[o]];
}

/** One place of the image for each of the result. */
function nearest(before: number, after: number): Axis {
  const scale = Math.fround(before / after);
  const from = Int32Array.from({ length: after }, (_, o) =>
    Math.min(before - 1, Math.floor(Math.fround((o + 0.5) * scale))),
  );
  return {
    from,
    to: from.map((place) => place + 1),
    first: from.map((_, o) => o),
    weights: new Float64Array(after).fill(1),
  };
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
