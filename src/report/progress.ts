/** What is shown while a run goes on: the live line, and one row an epoch. */
import type { Phase, Progress } from '../experiment/observer.ts';
import type { Logs } from '../training/callbacks.ts';
import { progressBar, remainingSeconds } from './bar.ts';
import { formatEta, formatFigure } from './format.ts';

const WIDEST_BAR = 24;
/** Less than that shows nothing that the percentage doesn't. */
const NARROWEST_BAR = 8;

/**
 * The live line: `Epoch 2/5 ━━━━━╸────  61%  loss 0.1234  accuracy 0.9623  ETA 12 s`.
 * @param seconds since this activity began
 * @param columns that the line may take; the bar gives way first, then the line's end
 */
export function progressLine(progress: Progress, seconds: number, columns: number): string {
  const { phase, epoch, activity, seen, samples, logs } = progress;
  const fraction = samples > 0 ? seen / samples : 1;
  const front = activity === 'test' ? 'Test' : epochLabel(phase, epoch);
  const left = remainingSeconds(seen, samples, seconds);
  const back = [
    `${Math.floor(fraction * 100)}%`.padStart(4),
    ...Object.entries(logs).map(([name, value]) => `${name} ${formatFigure(value)}`),
    left === null ? '' : `ETA ${formatEta(left)}`,
    noteOn(progress),
  ]
    .filter(Boolean)
    .join('  ');
  const room = columns - front.length - back.length - 2;
  const bar = room < NARROWEST_BAR ? '' : `${progressBar(fraction, Math.min(room, WIDEST_BAR))} `;
  return `${front} ${bar}${back}`.slice(0, columns);
}

/** The row of a finished epoch, under `epochHeader`. */
export function epochRow(phase: Phase, epoch: number, logs: Logs, seconds: number): string {
  const figures = COLUMNS.map((name) => (name in logs ? formatFigure(logs[name]) : '–').padStart(WIDTH));
  return `${epochLabel(phase, epoch)}${figures.join('')}${seconds.toFixed(2).padStart(WIDTH)}`;
}

/** Names of the columns of `epochRow`. */
export function epochHeader(phase: Phase): string {
  const first = ' '.repeat(epochLabel(phase, phase.epochs - 1).length);
  return first + [...COLUMNS, 'seconds'].map((name) => name.padStart(WIDTH)).join('');
}

const COLUMNS = ['loss', 'accuracy', 'val_loss', 'val_accuracy'];
const WIDTH = 14;

/** `Epoch  2/10` */
function epochLabel({ epochs }: Phase, epoch: number): string {
  const all = String(epochs);
  return `Epoch ${String(epoch + 1).padStart(all.length)}/${all}`;
}

/** What a number of samples alone doesn't tell; the first frozen epoch computes the features too. */
function noteOn({ activity, phase, epoch }: Progress): string {
  if (activity === 'validation') return 'validating';
  if (activity === 'test') return 'testing';
  return phase.frozen && epoch === 0 ? 'features' : '';
}
