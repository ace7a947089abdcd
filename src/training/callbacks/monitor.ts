/** The figure that callbacks watch, and what is better of two of its values, as in Keras. */
import { brief, describe } from '../../checks/describe.ts';
import { shown } from '../../checks/shown.ts';

/** Which way is better: `auto` tells by the figure's name. */
export type MonitorMode = 'auto' | 'min' | 'max';

/** Which way is better: for `auto` a loss is to be small and an accuracy large. @throws RangeError where it can't tell. */
export function directionOf(callback: string, monitor: string, mode: MonitorMode): 'min' | 'max' {
  if (mode === 'min' || mode === 'max') return mode;
  if (mode !== 'auto')
    throw new RangeError(`${callback}: mode must be one of auto, min, max, got ${describe(mode)}`);
  const figure = monitor.replace(/^val_/, '');
  if (/^(loss|mse|mae)$|error$/i.test(figure)) return 'min';
  if (/^acc$|accuracy$/i.test(figure)) return 'max';
  throw new RangeError(
    `${callback}: mode must be min or max where monitor is ${brief(shown(monitor))}, got auto`,
  );
}
