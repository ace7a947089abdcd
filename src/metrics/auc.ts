/**
 * Area under a curve over all thresholds, by Keras' AUC: numThresholds thresholds, evenly from just below 0 to just above 1, and
 * straight lines between them. All outputs of all samples are counted together.
 *
 *   ROC: true positive rate over false positive rate.
 *   PR:  precision over recall, interpolated as J. Davis and M. Goadrich, "The relationship between precision-recall and ROC curves",
 *        ICML 2006, section 4: between two thresholds the true positives grow in proportion to all positives.
 */
import { knownOptions } from '../checks/options.ts';
import { integerFrom, oneOf } from '../checks/values.ts';
import { rowSize } from '../losses/loss.ts';
import { log } from '../tensor/exp.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { choiceOf } from './choice-of.ts';
import { isYes, type Metric, type MetricContext } from './metric.ts';
import { probabilityOf } from './probability.ts';
import { ownMetric } from './registry.ts';

/** Which curve, and how finely. */
export interface AucOptions {
  /** Default: 200, as in Keras. */
  numThresholds?: number | undefined;
  /** `ROC`, the default, or `PR`: precision and recall. */
  curve?: 'ROC' | 'PR' | undefined;
}

interface Settings {
  readonly numThresholds: number;
  readonly curve: 'ROC' | 'PR';
}

function readSettings(options: AucOptions): Settings {
  const { numThresholds = 200, curve = 'ROC' } = knownOptions('auc', options, [
    'numThresholds',
    'curve',
    'name',
  ]);
  return {
    numThresholds: integerFrom('auc', 'numThresholds', numThresholds, 2),
    curve: oneOf('auc', 'curve', curve, ['ROC', 'PR']),
  };
}

/** The metric. @throws TypeError or RangeError where an option is unknown or out of bounds. */
function makeAuc(options: AucOptions, context: MetricContext): Metric {
  const { numThresholds: T, curve } = readSettings(options);
  const C = sizeOf(context.outputShape);
  const K = rowSize(context.loss, context.outputShape);
  const probability = probabilityOf(context);
  return {
    // One number per output: the last threshold below it, twice, and one more where it should say yes.
    width: C,
    // How many should say yes, and how many not, by that threshold.
    stateSize: 2 * T,
    measure(N, _C, predictions, targets, values) {
      for (let n = 0; n < N; n++) {
        for (let c = 0; c < C; c++) {
          const p = Math.min(1, Math.max(0, probability(predictions[n * C + c])));
          const threshold = Math.max(0, Math.ceil(p * (T - 1)) - 1);
          values[n * C + c] = 2 * threshold + (isYes(targets, n * C + c, K) ? 1 : 0);
        }
      }
    },
    gather(state, values, at) {
      for (let c = 0; c < C; c++) state[values[at + c]]++;
    },
    result(state) {
      const positives = reached(state, 1);
      const negatives = reached(state, 0);
      return curve === 'ROC' ? rocArea(positives, negatives) : prArea(positives, negatives);
    },
  };
}

/** How many of one kind are above each threshold. */
function reached(state: readonly number[], kind: 0 | 1): number[] {
  const counts = Array.from({ length: state.length / 2 }, (_, t) => state[2 * t + kind]);
  for (let t = counts.length - 2; t >= 0; t--) counts[t] += counts[t + 1];
  return counts;
}

/** Σ (x[t] − x[t+1])·(y[t] + y[t+1])/2, of false and true positive rates. */
function rocArea(positives: readonly number[], negatives: readonly number[]): number {
  const rate = (counts: readonly number[], t: number): number =>
    counts[0] === 0 ? 0 : counts[t] / counts[0];
  let area = 0;
  for (let t = 0; t + 1 < positives.length; t++) {
    const width = rate(negatives, t) - rate(negatives, t + 1);
    area += (width * (rate(positives, t) + rate(positives, t + 1))) / 2;
  }
  return area;
}

/** Davis and Goadrich's interpolation, as Keras integrates it between two thresholds. */
function prArea(tp: readonly number[], fp: readonly number[]): number {
  const all = tp.map((count, t) => count + fp[t]);
  let area = 0;
  for (let t = 0; t + 1 < tp.length; t++) {
    const steps = all[t] - all[t + 1];
    const slope = steps > 0 ? (tp[t] - tp[t + 1]) / steps : 0;
    const intercept = tp[t + 1] - slope * all[t + 1];
    const ratio = all[t] > 0 && all[t + 1] > 0 ? all[t] / all[t + 1] : 1;
    if (tp[0] > 0) area += (slope * (tp[t] - tp[t + 1] + intercept * log(ratio))) / tp[0];
  }
  return area;
}

/**
 * The area under the ROC curve, or under that of precision and recall.
 *
 *     model.compile({ optimizer, loss: 'binaryCrossentropy', metrics: [auc(), auc({ name: 'prc', curve: 'PR' })] });
 *     auc() // outputs [[0.9], [0.6], [0.3], [0.1]], targets [[1], [0], [1], [0]] → 0.75
 *
 * @throws TypeError or RangeError where an option is unknown or out of bounds.
 */
export const auc = choiceOf('auc', readSettings);

ownMetric('auc', makeAuc);
