/** The root of the mean squared error over all samples, Keras' RootMeanSquaredError: √(Σ_n mse[n]/N). */
import { knownOptions } from '../checks/options.ts';
import { meanSquaredError } from '../losses/mean-squared-error.ts';
import { choiceOf } from './choice-of.ts';
import { lossMetric } from './losses.ts';
import { ownMetric } from './registry.ts';

const NAME = 'rootMeanSquaredError';

/**
 * How far predictions are from targets, in their unit.
 *
 *     model.compile({ optimizer, loss: 'meanSquaredError', metrics: ['rootMeanSquaredError'] });
 *     rootMeanSquaredError() // outputs [[1], [5]], targets [[1], [2]] → 2.1213
 *
 * @throws TypeError or RangeError where an option is unknown.
 */
export const rootMeanSquaredError = choiceOf(NAME, (options: object) =>
  knownOptions(NAME, options, ['name']),
);

ownMetric(NAME, (options, context) => {
  knownOptions(NAME, options, []);
  return {
    ...lossMetric({ name: meanSquaredError.name }, context),
    result: ([sum], samples) => Math.sqrt(sum / samples),
  };
});
