/** Metrics by name: ours, each of which its own module makes known, and users' own. */
import { leftOut } from '../checks/bundle.ts';
import { describe, howToCall, listed } from '../checks/describe.ts';
import { knownOptions, noMoreArguments } from '../checks/options.ts';
import { advice, gotInstead } from '../checks/suggest.ts';
import { positiveInteger } from '../checks/values.ts';
import type { Loss, LossConfig } from '../losses/loss.ts';
import { type LossName, losses } from '../losses/registry.ts';
import { canonicalName, type KerasName } from '../registry/aliases.ts';
import { Registry } from '../registry/registry.ts';
import { accuracy } from './accuracy.ts';
import { binaryAccuracy } from './binary-accuracy.ts';
import {
  expectTargets,
  kindOf,
  type Metric,
  type MetricConfig,
  type MetricContext,
  ofRows,
  optionsOf,
  saysYesOrNo,
} from './metric.ts';

/** Makes a metric from its options for a model. Options may come from files, so it validates them itself. */
export type MetricMaker = { make(options: object, context: MetricContext): Metric }['make'];

const NAMES = [
  'accuracy',
  'binaryAccuracy',
  'categoricalAccuracy',
  'sparseCategoricalAccuracy',
  'topKCategoricalAccuracy',
  'sparseTopKCategoricalAccuracy',
  'precision',
  'recall',
  'auc',
  'f1Score',
  'fBetaScore',
  'truePositives',
  'falsePositives',
  'trueNegatives',
  'falseNegatives',
  'meanIoU',
  'iou',
  'binaryIoU',
  'r2Score',
  'rootMeanSquaredError',
] as const;

/** Metrics, by the names that `compile` takes: ours, and Keras' of the function, of the class, and short; and losses by theirs. */
export type MetricName =
  | KerasName<(typeof NAMES)[number]>
  | LossName
  | 'acc'
  | 'AUC'
  | 'IoU'
  | 'binary_iou'
  | 'mean_iou';

/** A metric as `compile` takes it: a name, or a name with options, as `precision({ … })` gives. */
export type MetricChoice = MetricName | MetricConfig;

export const metrics = new Registry<Metric>('metric', NAMES);

/** One of our own metrics is here. A registry knows makers of options only; getMetric hands the context in beside them. */
export function ownMetric(name: (typeof NAMES)[number], make: MetricMaker): void {
  metrics.own(name, make as never);
}

/** The small ones, which are always here. */
const small = {
  /** Of yes and no, or of classes. */
  accuracy(options: object, context: MetricContext): Metric {
    knownOptions('accuracy', options, []);
    return saysYesOrNo(context) ? small.binaryAccuracy({}, context) : { measure: ofRows(accuracy, context) };
  },
  binaryAccuracy(options: object, { loss }: MetricContext): Metric {
    knownOptions('binaryAccuracy', options, []);
    const threshold = loss.fromLogits ? 0 : 0.5;
    return {
      measure: (N, C, predictions, targets, values) =>
        binaryAccuracy(N, C, predictions, targets, values, threshold),
    };
  },
  categoricalAccuracy: ofClasses('categoricalAccuracy', 'rows'),
  sparseCategoricalAccuracy: ofClasses('sparseCategoricalAccuracy', 'classes'),
};

/** Accuracy of targets of one kind. */
function ofClasses(name: string, kind: Loss['targetKind']): MetricMaker {
  return (options, context) => {
    knownOptions(name, options, []);
    expectTargets(name, kind, context);
    return { measure: ofRows(accuracy, context) };
  };
}

for (const name of Object.keys(small) as (keyof typeof small)[]) ownMetric(name, small[name]);

/** @throws TypeError where it is neither a name nor a configuration, RangeError for an unknown name. */
export function checkMetric(choice: unknown, where = 'metrics'): MetricChoice {
  const isConfig =
    typeof choice === 'object' && choice !== null && 'name' in choice && typeof choice.name === 'string';
  if (typeof choice !== 'string' && !isConfig) {
    throw new TypeError(
      `compile: ${where} must be a metric's name, 'accuracy', or a metric such as precision(), got ${describe(choice)}${howToCall(choice) || advice('own metric')}`,
    );
  }
  nameOf(kindOf(choice as string | MetricConfig));
  return choice as MetricChoice; // a name, or one with options, as has just been seen
}

/** The name in the list that was meant, or of a loss. @throws RangeError for an unknown one. */
export function nameOf(name: string): string {
  const all = [...metrics.names, ...losses.names];
  const own = canonicalName(name, all);
  if (own) return own;
  const got = gotInstead('metric', name, all);
  throw new RangeError(`compile: metrics must be among ${listed(metrics.names)}, or a loss, ${got}`);
}

/** What makes metrics of losses. */
interface LossMetrics {
  /** What makes a loss again, as a file or a worker holds it; null: it is none. */
  configOf(choice: MetricChoice | Loss): MetricConfig | null;
  make(config: LossConfig, context: MetricContext): Metric;
}

/** null: the module that does isn't in this bundle. */
let ofLosses: LossMetrics | null = null;

/** To be called by the module that makes metrics of losses. */
export function ownLossMetrics(own: LossMetrics): void {
  ofLosses = own;
}

/** A metric as a file or a worker holds it. */
export const metricChoice = (choice: MetricChoice | Loss): MetricChoice =>
  ofLosses?.configOf(choice) ?? (choice as MetricChoice);

/**
 * The metric of this name for a model.
 * @throws RangeError or TypeError for an unknown name or option, or targets that it can't measure.
 */
export function getMetric(choice: string | MetricConfig, context: MetricContext): Metric {
  const name = nameOf(kindOf(choice));
  const options = optionsOf(choice);
  if (!metrics.names.includes(name)) {
    if (!ofLosses) throw leftOut(`metric ${name}`, 'allLossMetrics');
    return ofLosses.make({ ...options, name }, context);
  }
  // Every name that is in the list has a maker, or find throws.
  const make = metrics.find(name) as unknown as MetricMaker;
  return expectMetric(name, make(options, context));
}

/** What a maker gave, if it is a metric. @throws TypeError where it is none, RangeError where it gives no number. */
function expectMetric(name: string, made: unknown): Metric {
  const where = `metric ${name}`;
  const metric = typeof made === 'object' && made !== null ? (made as Metric) : null;
  if (typeof metric?.measure !== 'function') {
    throw new TypeError(`${where}: expected an object with a method measure, got ${describe(made)}`);
  }
  const { width, stateSize, gather, result } = metric;
  for (const [option, value] of Object.entries({ width, stateSize })) {
    if (value !== undefined) positiveInteger(where, option, value);
  }
  for (const [method, value] of Object.entries({ gather, result })) {
    if (value === undefined || typeof value === 'function') continue;
    throw new TypeError(`${where}: ${method} must be a function, got ${describe(value)}`);
  }
  return metric;
}

/**
 * Makes a metric of your own known by its name, as registerLayer does for layers. See docs/extending.md.
 *
 *     registerMetric('share', () => ({ measure(N, C, predictions, targets, values) { … } }), import.meta.url);
 *     model.compile({ optimizer, loss, metrics: ['accuracy', { name: 'share' }] });
 *
 * @param make makes the metric from its options and what it may depend on: the loss and the output's shape
 * @param module the URL of the module that holds this very line; left out, the metric works on the calling thread only
 * @throws RangeError for the name of one of our own metrics, TypeError for arguments of another kind.
 */
export function registerMetric(name: string, make: MetricMaker, module: string | null = null): void {
  noMoreArguments('registerMetric', arguments, 3);
  metrics.register(name, make as never, module); // see `metrics`
}
