/**
 * Global average pooling: the mean of each channel over the whole image (Lin, Chen and Yan 2013, "Network in network",
 * arXiv:1312.4400). As average pooling with one window, and without the two dimensions of size 1:
 *
 *   y[n, c] = (Σ_(h, w) x[n, h, w, c]) / (H·W)
 *
 * Source of the layer's rules: Keras' GlobalAveragePooling2D.
 */
import { type AveragePoolGeometry, averagePoolGeometry, imageShape } from '../kernels/geometry.ts';
import type { Shape } from '../tensor/tensor.ts';
import { knownOptions, unary } from './checks.ts';
import { LAYER_OPTIONS, Layer, type LayerOptions, type Run } from './layer.ts';

/** The layer that `globalAveragePooling2d` makes. */
export class GlobalAveragePooling2D extends Layer {
  readonly className = 'GlobalAveragePooling2D';
  #geometry: AveragePoolGeometry | null = null;

  constructor(options?: LayerOptions) {
    super(knownOptions('globalAveragePooling2d', options, LAYER_OPTIONS), 'globalAveragePooling2d');
  }

  get geometry(): AveragePoolGeometry {
    if (!this.#geometry) throw new Error(`globalAveragePooling2d: layer ${this.name} isn't built yet`);
    return this.#geometry;
  }

  override build(inputShape: Shape): void {
    super.build(inputShape);
    const [H, W] = inputShape;
    this.#geometry = averagePoolGeometry(inputShape, [H, W], [H, W], 'valid');
  }

  override computeOutputShape(inputShape: Shape): Shape {
    const [, , C] = imageShape('globalAveragePooling2d', inputShape);
    return [C];
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
    return 'mean of each channel';
  }
}

/** A layer that averages each channel. @throws RangeError where an option is unknown. */
export const globalAveragePooling2d = unary(
  'globalAveragePooling2d',
  (options?: LayerOptions): GlobalAveragePooling2D => new GlobalAveragePooling2D(options),
);
