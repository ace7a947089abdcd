/**
 * How many outputs say yes and should, say yes and shouldn't, and so on: Keras' TruePositives, FalsePositives, TrueNegatives, FalseNegatives. Numbers of
 * outputs, not shares.
 */
import { rowSize } from '../losses/loss.ts';
import { choiceOf, type FigureNameOption } from './choice-of.ts';
import { isYes, type Metric, type MetricConfig, type MetricContext } from './metric.ts';
import { readThreshold, type ThresholdOptions } from './precision-recall.ts';
import { probabilityOf } from './probability.ts';
import { ownMetric } from './registry.ts';

/** What an output says, and what it should. */
const KINDS = {
  truePositives: [true, true],
  falsePositives: [true, false],
  trueNegatives: [false, false],
  falseNegatives: [false, true],
} as const;

type Name = keyof typeof KINDS;

/** The metric. @throws TypeError or RangeError where an option is unknown or out of bounds. */
function makeCount(name: Name, options: ThresholdOptions, context: MetricContext): Metric {
  const threshold = readThreshold(name, options);
  const probability = probabilityOf(context);
  const K = rowSize(context.loss, context.outputShape);
  const [says, should] = KINDS[name];
  return {
    measure(N, C, predictions, targets, values) {
      for (let n = 0; n < N; n++) {
        let count = 0;
        for (let i = n * C; i < (n + 1) * C; i++) {
          if (probability(predictions[i]) > threshold === says && isYes(targets, i, K) === should) count++;
        }
        values[n] = count;
      }
    },
    result: ([count]) => count,
  };
}

const counter = (name: Name): ((options?: ThresholdOptions & FigureNameOption) => MetricConfig) =>
  choiceOf(name, (options: ThresholdOptions) => ({ thresholds: readThreshold(name, options) }));

/**
 * Outputs that say yes and should.
 *
 *     truePositives() // outputs [[0.9], [0.6], [0.3]], targets [[1], [1], [0]] → 2
 *
 * @throws TypeError or RangeError where an option is unknown or out of bounds.
 */
export const truePositives = counter('truePositives');
/**
 * Outputs that say yes and shouldn't.
 *
 *     falsePositives() // outputs [[0.9], [0.6], [0.3]], targets [[1], [0], [0]] → 1
 *
 * @throws TypeError or RangeError as truePositives does.
 */
export const falsePositives = counter('falsePositives');
/**
 * Outputs that say no and should.
 *
 *     trueNegatives() // outputs [[0.9], [0.6], [0.3]], targets [[1], [0], [0]] → 1
 *
 * @throws TypeError or RangeError as truePositives does.
 */
export const trueNegatives = counter('trueNegatives');
/**
 * Outputs that say no and shouldn't.
 *
 *     falseNegatives() // outputs [[0.9], [0.6], [0.3]], targets [[1], [1], [1]] → 1
 *
 * @throws TypeError or RangeError as truePositives does.
 */
export const falseNegatives = counter('falseNegatives');

for (const name of Object.keys(KINDS) as Name[]) {
  ownMetric(name, (options, context) => makeCount(name, options, context));
}
