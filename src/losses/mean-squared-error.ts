/** Mean squared error, Keras' MeanSquaredError: f(x, t) = (x − t)²,  f′ = 2·(x − t). */
import { elementLoss } from './mean-of-elements.ts';

/**
 * For targets of any numbers: rows of the model's output shape.
 *
 *     meanSquaredError() // outputs [[0, 3]], targets [[0, 1]] → 2
 */
export const meanSquaredError = elementLoss('meanSquaredError', {
  value: (x, t) => (x - t) * (x - t),
  slope: (x, t) => 2 * (x - t),
});
