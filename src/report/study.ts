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
import { classesOf, type SampleCount } from '../experiment/study-grid.ts';
import type { MergedStudy, StudyCell } from '../experiment/study-merge.ts';
import { table } from '../model/summary.ts';
import { formatCount, formatDigits, formatDuration } from './format.ts';

const MEANING: Readonly<Record<ConditionName, string>> = {
  transfer: '(a) transfer: trained features, frozen',
  random: '(b) random features, frozen',
  scratch: '(c) from scratch, all layers',
  'fine-tune': '(d) fine-tune, nothing frozen',
  'new head': '(e) transfer, fresh classifier',
};

/** A cell, and who computed it. */
interface TimedCell extends StudyCell {
  readonly origin: CellOrigin;
}

/** For each direction and learning rate one table for each number of samples; times are means a training. */
export function studyReport({ result, origins }: MergedStudy): string {
  const cells = result.cells.map((cell, i) => ({ ...cell, origin: origins[i] }));
  const sections = result.directions.flatMap((direction) =>
    result.learning_rates.flatMap((rate) => {
      const own = cells.filter((cell) => cell.direction === direction && cell.learning_rate === rate);
      const { source, target } = classesOf(result, direction);
      return [
        `Trained on ${formatDigits(source)}, then on ${formatDigits(target)}, learning rate ${rate}`,
        sourceLine(own, result.samples[0], result.epochs),
        ...result.samples.map((count) => countTable(own, count)),
      ];
    }),
  );
  return [...sections, costLine(origins)].join('\n\n');
}

/** `100 cells took 12 min 05 s in all, 7.25 s each (simd, 1 thread)` */
function costLine(origins: readonly CellOrigin[]): string {
  const total = origins.reduce((sum, origin) => sum + cellSeconds({ origin }), 0);
  const kinds = new Set(origins.map(({ kernel, threads }) => `${kernel}, ${formatCount(threads, 'thread')}`));
  const each = formatDuration(total / origins.length);
  return `${formatCount(origins.length, 'cell')} took ${formatDuration(total)} in all, ${each} each (${[...kinds].join('; ')})`;
}

/** How long a cell took, the source training included where it was the cell that did it. */
export function cellSeconds({ origin: { seconds } }: Pick<CellRecord, 'origin'>): number {
  return Object.values(seconds.conditions).reduce((sum, each) => sum + each, seconds.source);
}

/** Every sample count of a seed has the same source training. */
function sourceLine(cells: readonly TimedCell[], count: SampleCount, epochs: number): string {
  const own = cells.filter((cell) => cell.samples_per_digit === count).map(({ source }) => source);
  const { accuracies, note } = converged(own, (figures: SourceFigures) => figures.accuracy);
  return `Source digits, ${formatCount(epochs, 'epoch')}: test accuracy ${spread(accuracies)} over ${formatCount(own.length, 'seed')}${note}`;
}

function countTable(cells: readonly TimedCell[], count: SampleCount): string {
  const own = cells.filter((cell) => cell.samples_per_digit === count);
  const rows = CONDITION_NAMES.map((condition) => {
    const outcomes = own.map(({ conditions }) => conditions[condition]);
    const { accuracies, note } = converged(outcomes, atTheEnd);
    return [
      MEANING[condition] + note,
      spread(converged(outcomes, (figures) => figures.first_epoch_accuracy).accuracies),
      spread(accuracies),
      condition === 'transfer' ? '' : difference(own, condition),
      formatDuration(mean(own.map(({ origin }) => origin.seconds.conditions[condition]))),
    ];
  });
  const [{ samples, steps, epochs }] = own;
  return [
    `Target digits, ${count} samples a digit (${samples.toLocaleString('en')} in all, ${formatCount(steps, 'step')} in ${formatCount(epochs, 'epoch')})`,
    table(['', 'After 1 epoch', 'At the end', 'Difference to (a) [95 %]', 'Time'], rows, [4]),
  ].join('\n');
}

const atTheEnd = ({ test }: ConditionFigures): number => test.accuracy;

/** The accuracies of what converged, and a note of what did not. */
function converged<T extends object>(
  outcomes: readonly (T | Diverged)[],
  accuracyOf: (figures: T) => number,
): { accuracies: number[]; note: string } {
  const accuracies = outcomes.flatMap((outcome) => ('diverged' in outcome ? [] : [accuracyOf(outcome)]));
  const diverged = outcomes.length - accuracies.length;
  return { accuracies, note: diverged > 0 ? ` (${diverged} of ${outcomes.length} diverged)` : '' };
}

/** `0.9712 ± 0.0031`: mean and standard deviation. */
function spread(values: readonly number[]): string {
  return values.length === 0 ? '—' : `${mean(values).toFixed(4)} ± ${standardDeviation(values).toFixed(4)}`;
}

/** Over the seeds with which both converged. */
function difference(cells: readonly StudyCell[], condition: ConditionName): string {
  const pairs = cells.flatMap(({ conditions }) => {
    const [own, reference] = [conditions[condition], conditions.transfer];
    return 'diverged' in own || 'diverged' in reference ? [] : [[atTheEnd(own), atTheEnd(reference)]];
  });
  if (pairs.length === 0) return '—';
  const { mean: middle, interval } = pairedDifference(
    pairs.map(([own]) => own),
    pairs.map(([, reference]) => reference),
  );
  return `${signed(middle)}${interval ? ` [${signed(interval[0])}, ${signed(interval[1])}]` : ''}`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
