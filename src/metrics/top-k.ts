/**
 * Top-k accuracy: 1 for a sample whose class is among the k largest predictions, else 0. Keras' TopKCategoricalAccuracy, of rows, and
 * SparseTopKCategoricalAccuracy, of class numbers. A prediction as large as the k-th counts too, as in TensorFlow's in_top_k.
 */
import { knownOptions, type Settled } from '../checks/options.ts';
import { positiveInteger } from '../checks/values.ts';
import { argmax } from './accuracy.ts';
import { choiceOf } from './choice-of.ts';
import { expectTargets, type Metric, ofRows } from './metric.ts';
import { ownMetric } from './registry.ts';

/** How many predictions count. */
export interface TopKOptions {
  /** Default: 5, as in Keras. */
  k?: number | undefined;
}

function readTopK(name: string, options: TopKOptions): Settled<Omit<TopKOptions, 'name'>> {
  const { k = 5 } = knownOptions(name, options, ['k', 'name']);
  return { k: positiveInteger(name, 'k', k) };
}

/** The metric. @throws TypeError or RangeError where an option is unknown or out of bounds. */
function makeTopK(name: string, options: TopKOptions): Metric {
  const { k } = readTopK(name, options);
  return {
    measure(N, C, predictions, targets, values) {
      for (let n = 0; n < N; n++) {
        const expected = targets instanceof Int32Array ? targets[n] : argmax(targets, n * C, C);
        let larger = 0;
        for (let c = 0; c < C; c++) if (predictions[n * C + c] > predictions[n * C + expected]) larger++;
        values[n] = larger < k ? 1 : 0;
      }
    },
  };
}

/**
 * For targets that are rows: the share of samples whose class is among the k most likely.
 *
 *     model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy', topKCategoricalAccuracy({ k: 3 })] });
 *     topKCategoricalAccuracy({ k: 2 }) // outputs [[0.7, 0.2, 0.1], [0.6, 0.3, 0.1]], targets [[0, 1, 0], [0, 0, 1]] → 0.5
 */
export const topKCategoricalAccuracy = choiceOf('topKCategoricalAccuracy', (options: TopKOptions) =>
  readTopK('topKCategoricalAccuracy', options),
);

/**
 * The same for targets that are class numbers.
 *
 *     sparseTopKCategoricalAccuracy({ k: 2 }) // outputs [[0.7, 0.2, 0.1], [0.6, 0.3, 0.1]], targets [1, 2] → 0.5
 */
export const sparseTopKCategoricalAccuracy = choiceOf(
  'sparseTopKCategoricalAccuracy',
  (options: TopKOptions) => readTopK('sparseTopKCategoricalAccuracy', options),
);

ownMetric('topKCategoricalAccuracy', (options, context) => {
  expectTargets('topKCategoricalAccuracy', 'rows', context);
  return { measure: ofRows(makeTopK('topKCategoricalAccuracy', options).measure, context) };
});
ownMetric('sparseTopKCategoricalAccuracy', (options, context) => {
  expectTargets('sparseTopKCategoricalAccuracy', 'classes', context);
  return { measure: ofRows(makeTopK('sparseTopKCategoricalAccuracy', options).measure, context) };
});
