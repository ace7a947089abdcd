/**
 * How large a gradient may be before the optimizer's step, as in Keras; one of three:
 *
 *   clipvalue c        g[i] ← max(−c, min(c, g[i]))
 *   clipnorm c         g ← g·c/‖g‖ where ‖g‖ > c, for each weight array by itself
 *   globalClipnorm c   the same, with the norm over the gradients of all weights (Pascanu et al. 2013, arXiv:1211.5063, algorithm 1)
 *
 * ‖g‖ = √(Σ g[i]²), in the order that docs/order-of-sums.md states.
 */
import { describe } from '../checks/describe.ts';

/** What Keras calls the three ways. */
export interface ClippingOptions {
  /** The most that the size of each number of a gradient may be. Default: no bound. */
  clipvalue?: number | undefined;
  /** The most that the norm of each weight array's gradient may be. Default: no bound. */
  clipnorm?: number | undefined;
  /** The most that the norm of all gradients together may be. Default: no bound. */
  globalClipnorm?: number | undefined;
}

/** One of the three, with its bound. */
export interface Clipping {
  readonly kind: keyof ClippingOptions;
  readonly limit: number;
}

export const CLIPPING_OPTIONS: readonly (keyof ClippingOptions)[] = [
  'clipvalue',
  'clipnorm',
  'globalClipnorm',
];

/**
 * The bound that the options ask for; null: none.
 * @throws RangeError where a bound isn't above 0 and finite, or two are given.
 */
export function clippingOf(where: string, options: ClippingOptions): Clipping | null {
  const given = CLIPPING_OPTIONS.filter((kind) => options[kind] !== undefined);
  if (given.length === 0) return null;
  if (given.length > 1) {
    throw new RangeError(
      `${where}: only one of ${CLIPPING_OPTIONS.join(', ')} can be given, got ${given.join(' and ')}`,
    );
  }
  const [kind] = given;
  const limit = options[kind];
  if (typeof limit !== 'number' || !(limit > 0 && limit < Infinity)) {
    throw new RangeError(`${where}: ${kind} must be above 0 and finite, got ${describe(limit)}`);
  }
  return { kind, limit };
}
