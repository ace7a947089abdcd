/**
 * Global average pooling: the mean of each channel over the whole image (Lin, Chen and Yan 2013, "Network in network",
 * arXiv:1312.4400). As average pooling with one window, and without the two dimensions of size 1:
 *
 *   y[n, c] = (Σ_(h, w) x[n, h, w, c]) / (H·W)
 *
 * Source of the layer's rules: Keras' GlobalAveragePooling2D.
 */

import { imageShape, type PoolGeometry, poolGeometry } from '../kernels/geometry.ts';
import { averagePoolingGroup } from '../kernels/groups/average-pooling.ts';
import { needKernels } from '../kernels/groups.ts';
import type { Shape } from '../tensor/tensor.ts';
import { flag, unary } from './checks.ts';
import { Layer, type LayerConfig, type LayerOptions, layerOptions, type Run } from './layer.ts';
import { ownLayer } from './registry.ts';

/** Whether the two dimensions of size 1 stay. */
export interface GlobalAveragePooling2dOptions extends LayerOptions {
  /** true: a sample's output is [1, 1, channels], not [channels]. Default: false. */
  keepdims?: boolean | undefined;
}

/** The layer that `globalAveragePooling2d` makes. */
export class GlobalAveragePooling2D extends Layer {
  readonly className: string = 'GlobalAveragePooling2D';
  #geometry: PoolGeometry | null = null;

  readonly keepdims: boolean;

  constructor(options?: GlobalAveragePooling2dOptions) {
    const given = layerOptions('globalAveragePooling2d', options, arguments, ['keepdims']);
    super(given, 'globalAveragePooling2d');
    this.keepdims = flag('globalAveragePooling2d', 'keepdims', given.keepdims ?? false);
  }

  get geometry(): PoolGeometry {
    if (!this.#geometry) throw new Error(`globalAveragePooling2d: layer ${this.name} isn't built yet`);
    return this.#geometry;
  }

  override build(inputShape: Shape): void {
    super.build(inputShape);
    const [H, W] = inputShape;
    this.#geometry = poolGeometry(inputShape, [H, W], [H, W], 'valid', 'globalAveragePooling2d');
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const [, , C] = imageShape('globalAveragePooling2d', inputShape);
    return this.keepdims ? [1, 1, C] : [C];
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

  override getConfig(): LayerConfig {
    return { ...this.baseConfig(), ...(this.keepdims && { keepdims: true }) };
  }

  override work(): string {
    return 'mean of each channel';
  }
}

/**
 * The mean of each channel over the whole image.
 *
 *     globalAveragePooling2d() // [7, 7, 1280] → [1280]
 *
 * @throws RangeError where an option is unknown.
 */
export const globalAveragePooling2d = unary(
  'globalAveragePooling2d',
  (options?: GlobalAveragePooling2dOptions): GlobalAveragePooling2D => new GlobalAveragePooling2D(options),
);

needKernels(averagePoolingGroup);
ownLayer('GlobalAveragePooling2D', GlobalAveragePooling2D);
