/** Mean absolute error, Keras' MeanAbsoluteError: f(x, t) = |x − t|,  f′ = sign(x − t), where the sign of 0 is 0. */
import { elementLoss } from './mean-of-elements.ts';

/**
 * For targets of any numbers, where a few of them may be far off: rows of the model's output shape.
 *
 *     model.compile({ optimizer: 'adam', loss: meanAbsoluteError() });   // or loss: 'meanAbsoluteError'
 *     meanAbsoluteError() // outputs [[0, 3]], targets [[0, 1]] → 1
 */
export const meanAbsoluteError = elementLoss('meanAbsoluteError', {
  value: (x, t) => Math.abs(x - t),
  slope: (x, t) => Math.sign(x - t),
  hasKinks: true,
});
