/** The figure that callbacks watch, and what is better of two of its values, as in Keras. */
import { brief } from '../../checks/describe.ts';
import { shown } from '../../checks/shown.ts';
import { oneOf } from '../../checks/values.ts';
import { losses } from '../../losses/registry.ts';
import { canonicalName } from '../../registry/aliases.ts';

/** Which way is better: `auto` tells by the figure's name. */
export type MonitorMode = 'auto' | 'min' | 'max';

/** Metrics of ours that are better where they are larger. Losses are better where they are smaller. */
const LARGER = [
  ...['precision', 'recall', 'auc', 'f1Score', 'fBetaScore', 'meanIoU', 'iou', 'binaryIoU', 'r2Score'],
  ...['truePositives', 'trueNegatives', 'cosineSimilarity', 'accuracy'],
];
const SMALLER = ['loss', 'falsePositives', 'falseNegatives'];

/**
 * Which way is better: for `auto` a loss is to be small and an accuracy large, and degelo's own metrics are known by their names.
 * @throws RangeError where it can't tell.
 */
export function directionOf(callback: string, monitor: string, mode: MonitorMode): 'min' | 'max' {
  const known = oneOf(callback, 'mode', mode, ['auto', 'min', 'max']);
  if (known !== 'auto') return known;
  const figure = monitor.replace(/^val_/, '');
  if (/accuracy$/i.test(figure) || canonicalName(figure, LARGER)) return 'max';
  if (/error$/i.test(figure) || canonicalName(figure, [...SMALLER, ...losses.names])) return 'min';
  throw new RangeError(
    `${callback}: mode must be min or max where monitor is ${brief(shown(monitor))}, got auto`,
  );
}
