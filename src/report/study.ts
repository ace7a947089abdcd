/** A study as text: means over seeds, and how each way differs from transfer. */

import { mean, pairedDifference, standardDeviation } from '../experiment/statistics.ts';
import type { CellOrigin, CellRecord } from '../experiment/study.ts';
import {
  CONDITION_NAMES,
  type ConditionFigures,
  type ConditionName,
  type Diverged,
  type SourceFigures,
} from '../experiment/study-conditions.ts';
import { cellAt, classesOf, type SampleCount, type Study } from '../experiment/study-grid.ts';
import type { MergedStudy, StudyCell } from '../experiment/study-merge.ts';
import { table, wrap } from '../model/table.ts';
import { formatDecimal, formatDigits, formatDuration, formatInteger, formatOption } from './format.ts';
import { english, type Messages } from './messages.ts';

/** A cell, and who computed it. */
interface TimedCell extends StudyCell {
  readonly origin: CellOrigin;
}

/** The language, and the columns of the terminal: no limit where there is none. */
interface Look {
  readonly t: Messages;
  readonly columns: number;
}

/**
 * For each direction and learning rate one table for each number of samples; times are means of one training.
 * @param columns of the terminal; no limit where there is none
 */
export function studyReport({ result, origins }: MergedStudy, t = english, columns = Infinity): string {
  const look = { t, columns };
  const prose = (text: string): string => wrap(text, Math.min(columns, WIDEST));
  const cells = result.cells.map((cell, i) => ({ ...cell, origin: origins[i] }));
  const sections = result.directions.flatMap((direction) =>
    result.learning_rates.flatMap((rate) => {
      const own = cells.filter((cell) => cell.direction === direction && cell.learning_rate === rate);
      const { source, target } = classesOf(result, direction);
      return [
        prose(t.study.trainedOn(formatDigits(source), formatDigits(target), formatOption(rate, t.locale))),
        prose(sourceLine(own, result.samples[0], result.epochs, t)),
        ...result.samples.map((count) => countTable(own, count, look)),
      ];
    }),
  );
  return [...sections, prose(costLine(origins, t))].join('\n\n');
}

/** `100 cells took 12 min 05 s in all, 7.25 s each (simd, 1 thread)` */
function costLine(origins: readonly CellOrigin[], { study, locale }: Messages): string {
  const total = origins.reduce((sum, origin) => sum + cellSeconds({ origin }), 0);
  const kinds = new Set(origins.map(({ kernel, threads }) => `${kernel}, ${study.threads(threads)}`));
  return study.cost(
    origins.length,
    formatDuration(total, locale),
    formatDuration(total / origins.length, locale),
    [...kinds].join('; '),
  );
}

/** A cell, as people are told of it: `cell 17 (forward, learning rate 1, seed 3, 10 samples per digit)`. */
export function cellTitle(study: Study, index: number, t: Messages): string {
  const { direction, learning_rate, seed, samples_per_digit: samples } = cellAt(study, index);
  const count = samples === 'all' ? t.study.all : formatInteger(samples, t.locale);
  return t.study.cell(index, direction, formatOption(learning_rate, t.locale), seed, count);
}

/** How long a cell took, the source training included where it was the cell that did it. */
export function cellSeconds({ origin: { seconds } }: Pick<CellRecord, 'origin'>): number {
  return Object.values(seconds.conditions).reduce((sum, each) => sum + each, seconds.source);
}

/** Every sample count of a seed has the same source training. */
function sourceLine(cells: readonly TimedCell[], count: SampleCount, epochs: number, t: Messages): string {
  const own = cells.filter((cell) => cell.samples_per_digit === count).map(({ source }) => source);
  const { accuracies, note } = converged(own, (figures: SourceFigures) => figures.accuracy, t);
  return t.study.source(epochs, spread(accuracies, t), own.length) + note;
}

function countTable(cells: readonly TimedCell[], count: SampleCount, { t, columns }: Look): string {
  const own = cells.filter((cell) => cell.samples_per_digit === count);
  const rows = CONDITION_NAMES.map((condition) => {
    const outcomes = own.map(({ conditions }) => conditions[condition]);
    const { accuracies, note } = converged(outcomes, atTheEnd, t);
    return [
      t.study.conditions[condition] + note,
      spread(converged(outcomes, (figures) => figures.first_epoch_accuracy, t).accuracies, t),
      spread(accuracies, t),
      condition === 'transfer' ? '' : difference(own, condition, t),
      formatDuration(mean(own.map(({ origin }) => origin.seconds.conditions[condition])), t.locale),
    ];
  });
  const [{ samples, steps, epochs }] = own;
  const integer = (value: number): string => formatInteger(value, t.locale);
  const title = t.study.target(
    count === 'all' ? t.study.all : integer(count),
    integer(samples),
    integer(steps),
    integer(epochs),
  );
  return [
    wrap(title, Math.min(columns, WIDEST)),
    table(['', ...t.study.columns], rows, [4], { columns, optional: LESS_WANTED }),
  ].join('\n');
}

/** The time, and the accuracy after one epoch, may be left out where the terminal is narrow. */
const LESS_WANTED = [4, 1];
/** The longest line of prose above a wide table. */
const WIDEST = 100;

const atTheEnd = ({ test }: ConditionFigures): number => test.accuracy;

/** The accuracies of what converged, and a note of what did not. */
function converged<T extends object>(
  outcomes: readonly (T | Diverged)[],
  accuracyOf: (figures: T) => number,
  t: Messages,
): { accuracies: number[]; note: string } {
  const accuracies = outcomes.flatMap((outcome) => ('diverged' in outcome ? [] : [accuracyOf(outcome)]));
  const diverged = outcomes.length - accuracies.length;
  return { accuracies, note: diverged > 0 ? ` (${t.study.diverged(diverged, outcomes.length)})` : '' };
}

/** `0.9712 ± 0.0031`: mean and standard deviation. */
function spread(values: readonly number[], { locale }: Messages): string {
  if (values.length === 0) return '—';
  return `${formatDecimal(mean(values), 4, locale)} ± ${formatDecimal(standardDeviation(values), 4, locale)}`;
}

/** Over the seeds with which both converged. */
function difference(cells: readonly StudyCell[], condition: ConditionName, t: Messages): string {
  const pairs = cells.flatMap(({ conditions }) => {
    const [own, reference] = [conditions[condition], conditions.transfer];
    return 'diverged' in own || 'diverged' in reference ? [] : [[atTheEnd(own), atTheEnd(reference)]];
  });
  if (pairs.length === 0) return '—';
  const { mean: middle, interval } = pairedDifference(
    pairs.map(([own]) => own),
    pairs.map(([, reference]) => reference),
  );
  // A comma between the bounds would be mistaken for a decimal one.
  const between = t.locale === 'en' ? ', ' : '; ';
  const range = interval ? ` [${interval.map((bound) => signed(bound, t)).join(between)}]` : '';
  return signed(middle, t) + range;
}

function signed(value: number, { locale }: Messages): string {
  return `${value < 0 ? '−' : '+'}${formatDecimal(Math.abs(value), 4, locale)}`;
}
