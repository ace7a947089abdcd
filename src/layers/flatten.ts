/**
 * Flatten: one dimension a sample, in NHWC order as in Keras. Only the shape changes: no number moves.
 */
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import { knownOptions } from './checks.ts';
import { Layer, type LayerOptions } from './layer.ts';

/** The layer that `flatten` makes. */
export class Flatten extends Layer {
  readonly className = 'Flatten';

  constructor(options: LayerOptions = {}) {
    super(options);
    knownOptions('flatten', options, ['name', 'trainable', 'inputShape']);
  }

  override computeOutputShape(inputShape: Shape): Shape {
    return [sizeOf(inputShape, 'flatten')];
  }

  /** Never called: an identity has no pass. */
  forward(): void {}
  backward(): void {}

  override isIdentity(): boolean {
    return true;
  }
}

/** A flatten layer. */
export const flatten = (options?: LayerOptions): Flatten => new Flatten(options);
