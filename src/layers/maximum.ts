/** Maximum of tensors, element by element: y = max(x₀, x₁, …). Source: Keras' Maximum. */
import { unary } from './checks.ts';
import { Extreme } from './extreme.ts';
import type { LayerOptions } from './layer.ts';
import { ownLayer } from './registry.ts';

/** The layer that `maximum` makes. */
export class Maximum extends Extreme {
  readonly className: string = 'Maximum';
  override readonly keptWhat = 'place of the maximum';

  constructor(options?: LayerOptions) {
    super('maximum', 1, options, arguments);
  }

  override work(): string {
    return 'maximum';
  }
}

/** A layer that takes the maximum of tensors: `maximum().apply([a, b])`. @throws RangeError where an option is unknown. */
export const maximum = unary('maximum', (options?: LayerOptions): Maximum => new Maximum(options));

ownLayer('Maximum', Maximum);
