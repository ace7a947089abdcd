/**
 * F-scores: one figure of precision and recall, Keras' F1Score and FBetaScore. Of each class, counted over all samples, with ε = 1e-7:
 *
 *   P = right/(said + ε)   R = right/(should + ε)   F = (1 + β²)·P·R/(β²·P + R + ε)
 *
 * and of these what `average` says.
 */
import { knownOptions, type Settled } from '../checks/options.ts';
import { aboveZero, oneOf, zeroToOne } from '../checks/values.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { choiceOf } from './choice-of.ts';
import { type ClassCount, countClasses } from './class-counts.ts';
import { type Metric, type MetricContext, saysYesOrNo } from './metric.ts';
import { probabilityOf } from './probability.ts';
import { ownMetric } from './registry.ts';

const EPSILON = 1e-7;

/** What counts as said, and what is made of the classes' figures. */
export interface FScoreOptions {
  /**
   * `macro`, the default: the mean of the classes' figures; `weighted`: each as often as it should have been said; `micro`: all classes counted as one. Keras'
   * default, a figure for each class, isn't there.
   */
  average?: 'macro' | 'micro' | 'weighted' | undefined;
  /**
   * A prediction above this is said. Default: the largest of a row is said; where the loss is of yes and no (binary cross-entropy), or a sample has one
   * output, what is above 0.5. Keras takes the largest there too, so that one output always says yes.
   */
  threshold?: number | undefined;
}

/** How precision and recall count. */
export interface FBetaScoreOptions extends FScoreOptions {
  /** β, how many times as much recall counts as precision; above 0. Default: 1. */
  beta?: number | undefined;
}

type Name = 'f1Score' | 'fBetaScore';

/** The options, with their defaults; no threshold: by the model. */
function readOptions(
  name: Name,
  options: FBetaScoreOptions,
): Settled<Omit<FBetaScoreOptions, 'threshold' | 'name'>> & Pick<FScoreOptions, 'threshold'> {
  const names =
    name === 'f1Score' ? ['average', 'threshold', 'name'] : ['beta', 'average', 'threshold', 'name'];
  const { beta = 1, average = 'macro', threshold } = knownOptions(name, options, names);
  return {
    beta: aboveZero(name, 'beta', beta),
    average: oneOf(name, 'average', average, ['macro', 'micro', 'weighted']),
    ...(threshold !== undefined && { threshold: zeroToOne(name, 'threshold', threshold) }),
  };
}

/** The metric. @throws TypeError or RangeError where an option is unknown or out of bounds. */
function makeFScore(name: Name, options: FBetaScoreOptions, context: MetricContext): Metric {
  const { beta, average, threshold = thresholdFor(context) } = readOptions(name, options);
  const { outputShape } = context;
  const K = outputShape[outputShape.length - 1];
  const probability = threshold === null ? null : probabilityOf(context);
  const score = ({ right, said, should }: ClassCount): number => {
    const precision = right / (said + EPSILON);
    const recall = right / (should + EPSILON);
    return ((precision * recall) / (beta * beta * precision + recall + EPSILON)) * (1 + beta * beta);
  };
  return countClasses(
    K,
    sizeOf(outputShape) / K,
    (predictions, targets, row, said, should) => {
      const start = row * K;
      let largest = -Infinity;
      for (let i = start; i < start + K; i++) largest = Math.max(largest, predictions[i]);
      for (let k = 0; k < K; k++) {
        const p = predictions[start + k];
        // Of equal ones all count, and a 0 never, as in Keras.
        const isSaid = probability ? probability(p) > (threshold ?? 0) : p >= largest && Math.abs(p) > 1e-9;
        said[k] = isSaid ? 1 : 0;
        should[k] = targets instanceof Int32Array ? Number(targets[row] === k) : targets[start + k];
      }
    },
    (counts) => averageOf(average, counts, score),
  );
}

/** null: the largest of a row is what it says. */
const thresholdFor = (context: MetricContext): number | null => (saysYesOrNo(context) ? 0.5 : null);

function averageOf(
  average: 'macro' | 'micro' | 'weighted',
  counts: readonly ClassCount[],
  score: (count: ClassCount) => number,
): number {
  const sum = (of: (count: ClassCount) => number): number =>
    counts.reduce((all, count) => all + of(count), 0);
  const should = sum((count) => count.should);
  if (average === 'micro') return score({ right: sum((c) => c.right), said: sum((c) => c.said), should });
  if (average === 'macro') return sum(score) / counts.length;
  return sum((count) => (score(count) * count.should) / (should + EPSILON));
}

/**
 * The harmonic mean of precision and recall.
 *
 *     model.compile({ optimizer, loss: 'binaryCrossentropy', metrics: [f1Score({ threshold: 0.7 })] });
 *     f1Score() // outputs [[0.9], [0.6], [0.3], [0.1]], targets [[1], [0], [1], [1]] → 0.4
 *
 * @throws TypeError or RangeError where an option is unknown or out of bounds.
 */
export const f1Score = choiceOf('f1Score', (options: FScoreOptions) => {
  const { beta: _always1, ...given } = readOptions('f1Score', options);
  return given;
});

/**
 * The same with recall counting β times as much as precision.
 *
 *     fBetaScore({ beta: 2 }) // outputs [[0.9], [0.6], [0.3], [0.1]], targets [[1], [0], [1], [1]] → 0.3571
 *
 * @throws TypeError or RangeError as f1Score does.
 */
export const fBetaScore = choiceOf('fBetaScore', (options: FBetaScoreOptions) =>
  readOptions('fBetaScore', options),
);

for (const name of ['f1Score', 'fBetaScore'] as const) {
  ownMetric(name, (options, context) => makeFScore(name, options, context));
}
