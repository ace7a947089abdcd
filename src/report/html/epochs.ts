/** The epochs of both phases as points in time: what charts draw and their table lists. */
import type { PhaseFigures } from '../../experiment/result.ts';
import { spread } from '../sparkline.ts';

/** More points in a phase than this are too close for eyes, and make a large page. */
const MOST_POINTS = 100;

export interface EpochPoint {
  /** From 1. */
  readonly epoch: number;
  /** Seconds from the first phase's beginning to the epoch's end. */
  readonly elapsed: number;
  /** Seconds that this epoch took. */
  readonly seconds: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly val_loss: number;
  readonly val_accuracy: number;
}

export interface Timeline {
  readonly source: readonly EpochPoint[];
  readonly target: readonly EpochPoint[];
}

/** What is drawn of a run: one phase, or two. */
export interface Phases {
  readonly source: PhaseFigures;
  readonly target: PhaseFigures | null;
}

/** Both phases one after another; of long ones some epochs evenly spread, the first and the last among them. */
export function timeline({ source, target }: Phases): Timeline {
  const freezing = total(source);
  return {
    source: points(source, 0),
    target: target ? points(target, freezing) : [],
  };
}

function points({ history }: PhaseFigures, begin: number): EpochPoint[] {
  let elapsed = begin;
  const ends = history.seconds.map((seconds) => {
    elapsed += seconds;
    return elapsed;
  });
  return spread(ends.length, MOST_POINTS).map((i) => ({
    epoch: i + 1,
    elapsed: ends[i],
    seconds: history.seconds[i],
    loss: history.loss[i],
    accuracy: history.accuracy[i],
    val_loss: history.val_loss[i],
    val_accuracy: history.val_accuracy[i],
  }));
}

function total({ history }: PhaseFigures): number {
  return history.seconds.reduce((sum, seconds) => sum + seconds, 0);
}
