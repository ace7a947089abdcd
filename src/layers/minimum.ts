/** Minimum of tensors, element by element: y = min(x₀, x₁, …). Source: Keras' Minimum. */
import { unary } from './checks.ts';
import { Extreme } from './extreme.ts';
import type { LayerOptions } from './layer.ts';
import { ownLayer } from './registry.ts';

/** The layer that `minimum` makes. */
export class Minimum extends Extreme {
  readonly className: string = 'Minimum';
  override readonly keptWhat = 'place of the minimum';

  constructor(options?: LayerOptions) {
    super('minimum', -1, options, arguments);
  }

  override work(): string {
    return 'minimum';
  }
}

/** A layer that takes the minimum of tensors: `minimum().apply([a, b])`. @throws RangeError where an option is unknown. */
export const minimum = unary('minimum', (options?: LayerOptions): Minimum => new Minimum(options));

ownLayer('Minimum', Minimum);
