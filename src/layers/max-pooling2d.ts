/**
 * Max-pooling: the maximum of each window, channel by channel.
 *
 *   y[n, oh, ow, c] = max_(kh, kw) x[n, oh·SH + kh − padTop, ow·SW + kw − padLeft, c]
 *
 * With padding `same` windows reach over the edges, and only their pixels within the image count.
 * The gradient goes to the maximum only; on a tie to the first one, row by row (Keras on TensorFlow).
 * Directly after a convolution the plan folds this layer into the convolution's own kernel.
 */
import { type Padding, type PoolGeometry, poolGeometry } from '../kernels/geometry.ts';
import type { Shape } from '../tensor/tensor.ts';
import { oneOf, sizePair, unary } from './checks.ts';
import { type Fold, Layer, type LayerConfig, type LayerOptions, layerOptions, type Run } from './layer.ts';
import { ownLayer } from './registry.ts';

/** Windows of max-pooling. */
export interface MaxPooling2dOptions extends LayerOptions {
  /** Height and width of the window; one number for both. Default: 2. */
  poolSize?: number | readonly [number, number] | undefined;
  /** Steps between windows. Default: the window's size. */
  strides?: number | readonly [number, number] | undefined;
  /** `valid` (the default): windows stay inside the image; `same`: they reach over its edges, output ⌈size / stride⌉. */
  padding?: Padding | undefined;
}

/** The layer that `maxPooling2d` makes. */
export class MaxPooling2D extends Layer {
  readonly className: string = 'MaxPooling2D';
  override readonly keptWhat = 'place of the maximum';
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  #geometry: PoolGeometry | null = null;

  constructor(options?: MaxPooling2dOptions) {
    const given = layerOptions('maxPooling2d', options, arguments, ['poolSize', 'strides', 'padding']);
    super(given, 'maxPooling2d');
    this.poolSize = sizePair('maxPooling2d', 'poolSize', given.poolSize ?? 2);
    this.strides = sizePair('maxPooling2d', 'strides', given.strides ?? this.poolSize);
    this.padding = oneOf('maxPooling2d', 'padding', given.padding ?? 'valid', ['valid', 'same']);
    if (this.poolSize[0] * this.poolSize[1] > 256) {
      // The place of the maximum is kept in one byte.
      throw new RangeError(`maxPooling2d: a window may have at most 256 elements, got ${this.poolSize}`);
    }
  }

  get geometry(): PoolGeometry {
    if (!this.#geometry) throw new Error(`maxPooling2d: layer ${this.name} isn't built yet`);
    return this.#geometry;
  }

  override build(inputShape: Shape): void {
    super.build(inputShape);
    this.#geometry = poolGeometry(inputShape, this.poolSize, this.strides, this.padding);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const { OH, OW, C } = poolGeometry(inputShape, this.poolSize, this.strides, this.padding);
    return [OH, OW, C];
  }

  forward({ kernels, x, y, kept }: Run, N: number): void {
    kernels.maxPool2dForward(this.geometry, N, x, y, kept);
  }

  backward({ kernels, dy, dx, kept }: Run, N: number): void {
    if (dx) kernels.maxPool2dBackward(this.geometry, N, dy, kept, dx);
  }

  override backwardReads(): { inputs: boolean; output: boolean } {
    return { inputs: false, output: false };
  }

  override foldsAs(): Fold {
    return { kind: 'maxPool', pool: this.geometry };
  }

  override keptBytes(): number {
    const { OH, OW, C } = this.geometry;
    return OH * OW * C;
  }

  /** The maximum is one of the inputs, so a zero stays what it was. */
  override zeroOutputsAreDead(zeroInputsAreDead: boolean): boolean {
    return zeroInputsAreDead;
  }

  override work(): string {
    return 'maximum';
  }

  override getConfig(): LayerConfig {
    const { poolSize, strides, padding } = this;
    return { ...this.baseConfig(), poolSize, strides, ...(padding !== 'valid' && { padding }) };
  }
}

/**
 * Max-pooling: the maximum of each window of an image, channel by channel.
 *
 *     maxPooling2d({ poolSize: 2 }) // [24, 24, 32] → [12, 12, 32]
 *
 * @throws TypeError or RangeError where an option is unknown or out of range.
 */
export const maxPooling2d = unary(
  'maxPooling2d',
  (options?: MaxPooling2dOptions): MaxPooling2D => new MaxPooling2D(options),
);

ownLayer('MaxPooling2D', MaxPooling2D);
