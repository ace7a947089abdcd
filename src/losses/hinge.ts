/**
 * Hinge losses, of support-vector machines: nothing where an output is beyond its target's side by more than 1 (Keras' Hinge and SquaredHinge).
 * Targets are −1 and 1, or 0 and 1, which stand for these.
 *
 *   hinge         f(x, t) = max(1 − t·x, 0)        squaredHinge   f(x, t) = max(1 − t·x, 0)²
 *
 * The gradient where 1 − t·x is 0 is 0.
 */
import { elementLoss } from './mean-of-elements.ts';

const side = (t: number): number => (t === 0 ? -1 : t);
const margin = (x: number, t: number): number => Math.max(1 - side(t) * x, 0);
const RANGE = [-1, 1] as const;

/**
 * For targets −1 and 1, and an output that says by its sign which: `loss: 'hinge'`.
 *
 *     hinge() // outputs [[0.5, -2]], targets [[1, -1]] → 0.25
 */
export const hinge = elementLoss('hinge', {
  value: margin,
  slope: (x, t) => (margin(x, t) > 0 ? -side(t) : 0),
  targetRange: RANGE,
});

/**
 * The same squared, which wrong sides cost more: `loss: 'squaredHinge'`.
 *
 *     squaredHinge() // outputs [[0.5, -2]], targets [[1, -1]] → 0.125
 */
export const squaredHinge = elementLoss('squaredHinge', {
  value: (x, t) => margin(x, t) * margin(x, t),
  slope: (x, t) => -2 * side(t) * margin(x, t),
  targetRange: RANGE,
});
