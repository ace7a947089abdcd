/** How much room metrics take in a checkpoint. */
import { canonicalName } from '../registry/aliases.ts';
import { auc } from './auc.ts';
import { labelOf, type MetricConfig, optionsOf } from './metric.ts';
import { metrics } from './registry.ts';

/**
 * How many numbers a metric gathers, as far as its configuration says; null: nobody knows before it is made.
 * @throws RangeError or TypeError for options of ours that are out of bounds.
 */
export function sumsOf(choice: string | MetricConfig): number | null {
  const name = canonicalName(labelOf(choice), metrics.names);
  if (name === null || !metrics.isOwn(name)) return null;
  if (name === 'precision' || name === 'recall') return 2;
  if (name !== 'auc') return 1;
  const { name: _name, ...options } = auc(typeof choice === 'string' ? {} : optionsOf(choice));
  return 2 * Number(options.numThresholds);
}
