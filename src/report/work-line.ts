/** The live line of work that isn't training. */
import { progressBar, remainingSeconds } from './bar.ts';
import { formatEta } from './format.ts';
import { english, type Messages } from './messages.ts';

const BAR = 24;

/** How far work is. */
export interface WorkDone {
  readonly done: number;
  readonly all: number;
  /** Since it began. */
  readonly seconds: number;
}

/** What is done, a bar, per cent and the time that is left, in so many columns. */
export function workLine(
  what: string,
  { done, all, seconds }: WorkDone,
  columns: number,
  t: Messages = english,
): string {
  const left = remainingSeconds(done, all, seconds);
  const back = `${Math.floor((100 * done) / all)}%${left === null ? '' : `  ${t.eta} ${formatEta(left)}`}`;
  const room = Math.min(BAR, columns - what.length - back.length - 4);
  const bar = room > 4 ? `${progressBar(done / all, room)} ` : '';
  return `${what} ${bar}${back}`.slice(0, columns);
}
