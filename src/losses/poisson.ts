/**
 * What counts that are Poisson's cost, less what depends on the targets only (Keras' Poisson); outputs are above zero.
 *
 *   f(x, t) = x − t·ln(x + ε),   f′ = 1 − t/(x + ε),   ε = 1e-7
 */
import { log } from '../tensor/exp.ts';
import { elementLoss } from './mean-of-elements.ts';

const EPSILON = 1e-7;

/**
 * For targets that are counts, and outputs above zero, as of `softplus` or `exponential`: `loss: 'poisson'`.
 *
 *     poisson() // outputs [[2, 1]], targets [[1, 3]] → 1.1534
 */
export const poisson = elementLoss('poisson', {
  value: (x, t) => x - t * log(x + EPSILON),
  slope: (x, t) => 1 - t / (x + EPSILON),
  targetRange: [0, Number.POSITIVE_INFINITY],
});
