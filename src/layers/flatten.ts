/**
 * Flatten: one dimension per sample, in NHWC order as in Keras. Only the shape changes: no number moves.
 */
import { type Shape, sizeOf } from '../tensor/tensor.ts';
import { unary } from './checks.ts';
import { Layer, type LayerOptions, layerOptions } from './layer.ts';
import { ownLayer } from './registry.ts';

/** The layer that `flatten` makes. */
export class Flatten extends Layer {
  readonly className: string = 'Flatten';

  constructor(options?: LayerOptions) {
    super(layerOptions('flatten', options, arguments), 'flatten');
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

/**
 * Makes one row of each sample's numbers.
 *
 *     flatten() // [12, 12, 32] → [4608]
 *
 * @throws RangeError where an option is unknown.
 */
export const flatten = unary('flatten', (options?: LayerOptions): Flatten => new Flatten(options));

ownLayer('Flatten', Flatten);
