/**
 * Flatten: one dimension a sample, in NHWC order as in Keras. Only the shape changes: no number moves.
 */
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import { knownOptions } from './checks.ts';
import { Layer, type LayerConfig, type LayerOptions } from './layer.ts';

export class Flatten extends Layer {
  readonly className = 'Flatten';

  constructor(options: LayerOptions = {}) {
    super(options);
    knownOptions('flatten', options, ['name', 'trainable', 'inputShape']);
  }

  computeOutputShape(inputShape: Shape): Shape {
    return [sizeOf(inputShape, 'flatten')];
  }

  /** Never called: an identity has no pass. */
  forward(): void {}
  backward(): void {}

  override isIdentity(): boolean {
    return true;
  }

  getConfig(): LayerConfig {
    return this.baseConfig();
  }
}

/** A flatten layer. */
export const flatten = (options?: LayerOptions): Flatten => new Flatten(options);
