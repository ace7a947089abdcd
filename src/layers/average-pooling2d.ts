/**
 * Average pooling: the mean of each window, channel by channel.
 *
 *   y[n, oh, ow, c] = (Σ_(kh, kw) x[n, oh·SH + kh − padTop, ow·SW + kw − padLeft, c]) / count
 *
 * With padding `same` windows reach over the edges, and count only their pixels within the image. Source of the layer's
 * rules: Keras' AveragePooling2D.
 */

import { type Padding, type PoolGeometry, poolGeometry } from '../kernels/geometry.ts';
import { averagePoolingGroup } from '../kernels/groups/average-pooling.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Shape } from '../tensor/tensor.ts';
import { oneOf, sizePair, unary } from './checks.ts';
import { Layer, type LayerConfig, type LayerOptions, layerOptions, type Run } from './layer.ts';
import { ownLayer } from './registry.ts';

/** Windows of average pooling. */
export interface AveragePooling2dOptions extends LayerOptions {
  /** Height and width of the window; one number for both. Default: 2. */
  poolSize?: number | readonly [number, number] | undefined;
  /** Steps between windows. Default: the window's size. */
  strides?: number | readonly [number, number] | undefined;
  /** `valid` (the default): windows stay inside the image; `same`: they reach over its edges, output ⌈size / stride⌉. */
  padding?: Padding | undefined;
}

/** The layer that `averagePooling2d` makes. */
export class AveragePooling2D extends Layer {
  readonly className: string = 'AveragePooling2D';
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  #geometry: PoolGeometry | null = null;

  constructor(options?: AveragePooling2dOptions) {
    const given = layerOptions('averagePooling2d', options, arguments, ['poolSize', 'strides', 'padding']);
    super(given, 'averagePooling2d');
    this.poolSize = sizePair('averagePooling2d', 'poolSize', given.poolSize ?? 2);
    this.strides = sizePair('averagePooling2d', 'strides', given.strides ?? this.poolSize);
    this.padding = oneOf('averagePooling2d', 'padding', given.padding ?? 'valid', ['valid', 'same']);
  }

  get geometry(): PoolGeometry {
    if (!this.#geometry) throw new Error(`averagePooling2d: layer ${this.name} isn't built yet`);
    return this.#geometry;
  }

  override build(inputShape: Shape): void {
    super.build(inputShape);
    this.#geometry = poolGeometry(inputShape, this.poolSize, this.strides, this.padding, 'averagePooling2d');
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const { OH, OW, C } = poolGeometry(
      inputShape,
      this.poolSize,
      this.strides,
      this.padding,
      'averagePooling2d',
    );
    return [OH, OW, C];
  }

  forward({ kernels, x, y }: Run, N: number): void {
    kernels.averagePool2dForward(this.geometry, N, x, y);
  }

  backward({ kernels, dy, dx }: Run, N: number): void {
    if (dx) kernels.averagePool2dBackward(this.geometry, N, dy, dx);
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }

  override work(): string {
    return 'mean';
  }

  override getConfig(): LayerConfig {
    const { poolSize, strides, padding } = this;
    return { ...this.baseConfig(), poolSize, strides, padding };
  }
}

/**
 * Average pooling: the mean of each window of an image, channel by channel.
 *
 *     averagePooling2d({ poolSize: 2 }) // [28, 28, 8] → [14, 14, 8]
 *
 * @throws TypeError or RangeError where an option is unknown or out of range.
 */
export const averagePooling2d = unary(
  'averagePooling2d',
  (options?: AveragePooling2dOptions): AveragePooling2D => new AveragePooling2D(options),
);

needKernels(averagePoolingGroup);
ownLayer('AveragePooling2D', AveragePooling2D);
