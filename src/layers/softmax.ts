/** Softmax as a layer of its own, along the last dimension: activation('softmax') by Keras' other name, Softmax. */
import { describe } from '../checks/describe.ts';
import { ActivationLayer } from './activation-layer.ts';
import { unary } from './checks.ts';
import { type LayerConfig, type LayerOptions, layerOptions } from './layer.ts';
import { ownLayer } from './registry.ts';

/** Along which dimension. */
export interface SoftmaxOptions extends LayerOptions {
  /** −1, the last one, which is the default; there is no other. */
  axis?: -1 | undefined;
}

/** The layer that `softmax` makes. */
export class Softmax extends ActivationLayer {
  override readonly className: string = 'Softmax';

  constructor(options?: SoftmaxOptions) {
    const given = layerOptions('softmax', options, arguments, ['axis']);
    const { axis = -1, ...common } = given;
    if (axis !== -1) {
      throw new RangeError(
        `softmax: axis must be −1, the last dimension (permute brings another there), got ${describe(axis)}`,
      );
    }
    super({ ...common, activation: 'softmax' });
  }

  override getConfig(): LayerConfig {
    return this.baseConfig();
  }
}

/**
 * Softmax as a layer: probabilities along the last dimension.
 *
 *     softmax() // [10] → [10]
 *
 * @throws RangeError for another axis than the last.
 */
export const softmax = unary('softmax', (options?: SoftmaxOptions): Softmax => new Softmax(options));

ownLayer('Softmax', Softmax);
