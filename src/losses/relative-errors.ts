/**
 * Errors in proportion to the targets, Keras' MeanAbsolutePercentageError and MeanSquaredLogarithmicError; ε = 1e-7.
 *
 *   meanAbsolutePercentageError   f(x, t) = 100·|x − t|/max(|t|, ε)
 *   meanSquaredLogarithmicError   f(x, t) = d² with d = ln(max(x, ε) + 1) − ln(max(t, ε) + 1),   f′ = 2·d/(x + 1), 0 below ε
 */
import { log } from '../tensor/exp.ts';
import { elementLoss } from './mean-of-elements.ts';

const EPSILON = 1e-7;

const percent = (t: number): number => 100 / Math.max(Math.abs(t), EPSILON);
const order = (v: number): number => log(Math.max(v, EPSILON) + 1);

/**
 * The error in percent of the target: `loss: 'meanAbsolutePercentageError'`, or `'mape'`.
 *
 *     meanAbsolutePercentageError() // outputs [[110, 45]], targets [[100, 50]] → 10
 */
export const meanAbsolutePercentageError = elementLoss('meanAbsolutePercentageError', {
  value: (x, t) => percent(t) * Math.abs(x - t),
  slope: (x, t) => percent(t) * Math.sign(x - t),
  hasKinks: true,
});

/**
 * Of sizes of any order, for targets of at least 0: `loss: 'meanSquaredLogarithmicError'`, or `'msle'`.
 *
 *     meanSquaredLogarithmicError() // outputs [[3, 1]], targets [[1, 1]] → 0.2402
 */
export const meanSquaredLogarithmicError = elementLoss('meanSquaredLogarithmicError', {
  value: (x, t) => (order(x) - order(t)) * (order(x) - order(t)),
  slope: (x, t) => (x > EPSILON ? (2 * (order(x) - order(t))) / (x + 1) : 0),
  targetRange: [0, Number.POSITIVE_INFINITY],
});
