/** What is shown while a run works: the live line, and one row per epoch. */
import type { AnyPhase, Progress } from '../experiment/observer.ts';
import type { Figures } from '../training/callbacks/callback.ts';
import { progressBar, remainingSeconds } from './bar.ts';
import { formatDecimal, formatEta, formatFigure } from './format.ts';
import { english, type Messages } from './messages.ts';

const WIDEST_BAR = 24;
/** Less than that shows nothing that the percentage doesn't. */
const NARROWEST_BAR = 8;

/**
 * The live line: `Epoch 2/5 ━━━━━╸────  61%  loss 0.1234  accuracy 0.9623  ETA 12 s`.
 * @param seconds since this activity began
 * @param columns that the line may take; the bar gives way first, then the line's end
 */
export function progressLine(
  progress: Progress,
  seconds: number,
  columns: number,
  t: Messages = english,
): string {
  const { phase, epoch, seen, samples, logs } = progress;
  const fraction = samples > 0 ? seen / samples : 1;
  const front = epochLabel(phase, epoch, t);
  const left = remainingSeconds(seen, samples, seconds);
  const back = [
    `${Math.floor(fraction * 100)}%`.padStart(4),
    ...Object.entries(logs).map(([name, value]) => `${columnName(name, t)} ${formatFigure(value, t.locale)}`),
    left === null ? '' : `${t.eta} ${formatEta(left)}`,
    noteOn(progress, t),
  ]
    .filter(Boolean)
    .join('  ');
  const room = columns - front.length - back.length - 2;
  const bar = room < NARROWEST_BAR ? '' : `${progressBar(fraction, Math.min(room, WIDEST_BAR))} `;
  return `${front} ${bar}${back}`.slice(0, columns);
}

/**
 * The row of a finished epoch, under `epochHeader`.
 * @param columns of the terminal; where it is narrow, columns of the table are left out
 */
export function epochRow(
  phase: AnyPhase,
  epoch: number,
  logs: Figures,
  seconds: number,
  t: Messages = english,
  columns = Infinity,
): string {
  const cells = epochColumns(phase, t, columns).map(({ key, width }) => {
    if (key === 'seconds') return formatDecimal(seconds, 2, t.locale).padStart(width);
    return (key in logs ? formatFigure(logs[key], t.locale) : '–').padStart(width);
  });
  return epochLabel(phase, epoch, t) + cells.join('');
}

/** Names of the columns of `epochRow`. */
export function epochHeader(phase: AnyPhase, t: Messages = english, columns = Infinity): string {
  const first = ' '.repeat(epochLabel(phase, phase.epochs - 1, t).length);
  return (
    first +
    epochColumns(phase, t, columns)
      .map(({ name, width }) => name.padStart(width))
      .join('')
  );
}

const COLUMNS = ['loss', 'accuracy', 'val_loss', 'val_accuracy', 'seconds'];
/** The columns that are left out where a terminal is narrow, in this order. */
const OPTIONAL = ['loss', 'val_loss', 'accuracy', 'seconds'];
const WIDTH = 14;
/** `0.1234`, or seconds, with two spaces before it. */
const NARROWEST = 8;

/** The columns that have room, and how wide each is. */
function epochColumns(
  phase: AnyPhase,
  t: Messages,
  columns: number,
): { key: string; name: string; width: number }[] {
  const room = columns - epochLabel(phase, phase.epochs - 1, t).length;
  const nameOf = (key: string): string => (key === 'seconds' ? t.seconds : columnName(key, t));
  if (COLUMNS.length * WIDTH <= room) {
    return COLUMNS.map((key) => ({ key, name: nameOf(key), width: WIDTH }));
  }
  let kept = COLUMNS.map((key) => {
    const name = nameOf(key);
    return { key, name, width: Math.max(NARROWEST, name.length + 2) };
  });
  for (const optional of OPTIONAL) {
    if (kept.reduce((sum, { width }) => sum + width, 0) <= room) break;
    kept = kept.filter(({ key }) => key !== optional);
  }
  return kept;
}

/** Names of figures in the language; those that users add to a model keep theirs. */
function columnName(name: string, { columns }: Messages): string {
  return Object.entries(columns).find(([key]) => key === name)?.[1] ?? name;
}

/** `Epoch  2/10` */
function epochLabel({ epochs }: AnyPhase, epoch: number, t: Messages): string {
  const all = String(epochs);
  return t.epoch(String(epoch + 1).padStart(all.length), all);
}

/** What a number of samples alone doesn't tell; the first frozen epoch computes the features too. */
function noteOn({ activity, phase, epoch }: Progress, t: Messages): string {
  if (activity === 'validation') return t.validating;
  return phase.frozen && epoch === 0 ? t.features : '';
}
