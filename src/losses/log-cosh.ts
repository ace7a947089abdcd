/**
 * The logarithm of the hyperbolic cosine of the error, Keras' LogCosh: half its square near 0, its size less ln 2 far off.
 *
 *   f(x, t) = ln cosh e = |e| + ln(1 + e^(−2·|e|)) − ln 2 with e = x − t,   f′ = tanh e
 */
import { exp } from '../tensor/exp.ts';
import { logOnePlus, tanh } from '../tensor/sigmoid.ts';
import { elementLoss } from './mean-of-elements.ts';

/**
 * For targets of any numbers, some of which may be far off: `loss: 'logCosh'`.
 *
 *     logCosh() // outputs [[0, 3]], targets [[0, 1]] → 0.6625
 */
export const logCosh = elementLoss('logCosh', {
  value: (x, t) => {
    const size = Math.abs(x - t);
    return size + logOnePlus(exp(-2 * size)) - Math.LN2;
  },
  slope: (x, t) => tanh(x - t),
});
