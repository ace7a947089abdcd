/** How much room metrics take in a checkpoint. */
import { losses } from '../losses/registry.ts';
import { canonicalName } from '../registry/aliases.ts';
import { auc } from './auc.ts';
import { kindOf, type MetricConfig, optionsOf } from './metric.ts';
import { metrics } from './registry.ts';

/** The metrics that gather some numbers for each output, or class. */
const BY_OUTPUT = ['f1Score', 'fBetaScore', 'meanIoU', 'iou', 'r2Score'];

/** The metrics that gather several numbers, however many outputs there are. */
const SEVERAL: Readonly<Record<string, number>> = { precision: 2, recall: 2, binaryIoU: 6 };

/**
 * How many numbers a metric gathers, as far as its configuration says; null: nobody knows before it is made.
 * @throws RangeError or TypeError for options of ours that are out of bounds.
 */
export function sumsOf(choice: string | MetricConfig): number | null {
  const label = kindOf(choice);
  const name = canonicalName(label, metrics.names) ?? canonicalName(label, losses.names);
  const isOwn = name !== null && (metrics.isOwn(name) || losses.isOwn(name));
  if (!isOwn || BY_OUTPUT.includes(name)) return null;
  if (name !== 'auc') return SEVERAL[name] ?? 1;
  const { name: _name, ...options } = auc(optionsOf(choice));
  return 2 * Number(options.numThresholds);
}
