/** A study as text: means over seeds, and how each way differs from transfer. */
import { mean, pairedDifference, standardDeviation } from '../experiment/statistics.ts';
import {
  CONDITIONS,
  type ConditionName,
  type SampleCount,
  type StudyCell,
  type StudyResult,
} from '../experiment/study.ts';
import { table } from '../model/summary.ts';
import { formatDuration } from './format.ts';

const MEANING: Readonly<Record<ConditionName, string>> = {
  transfer: '(a) transfer: trained features, frozen',
  random: '(b) random features, frozen',
  scratch: '(c) from scratch, all layers',
  'fine-tune': '(d) fine-tune, nothing frozen',
  'new head': '(e) transfer, fresh classifier',
};

/** One table for each number of samples. */
export function studyReport(result: StudyResult): string {
  const counts = [...new Set(result.cells.map((cell) => cell.samples_per_digit))];
  const sources = result.source.map(({ accuracy }) => accuracy);
  return [
    `Source digits, ${result.epochs} epochs: test accuracy ${spread(sources)} over ${result.seeds} seed${result.seeds === 1 ? '' : 's'}`,
    ...counts.map((count) => countTable(result, count)),
  ].join('\n\n');
}

function countTable({ cells }: StudyResult, count: SampleCount): string {
  const of = (condition: ConditionName): StudyCell[] =>
    cells.filter((cell) => cell.condition === condition && cell.samples_per_digit === count);
  const accuracies = (condition: ConditionName): number[] => of(condition).map(({ test }) => test.accuracy);
  const reference = accuracies('transfer');
  const rows = (Object.keys(CONDITIONS) as ConditionName[]).map((condition) => {
    const own = of(condition);
    return [
      MEANING[condition],
      spread(own.map((cell) => cell.first_epoch_accuracy)),
      spread(accuracies(condition)),
      condition === 'transfer' ? '' : difference(accuracies(condition), reference),
      formatDuration(mean(own.map(({ seconds }) => seconds))),
    ];
  });
  const [{ samples, epochs, steps }] = of('transfer');
  return [
    `Target digits, ${count} samples a digit (${samples.toLocaleString('en')} in all, ${steps} steps in ${epochs} epochs)`,
    table(['', 'After 1 epoch', 'At the end', 'Difference to (a) [95 %]', 'Time'], rows, [4]),
  ].join('\n');
}

/** `0.9712 ± 0.0031`: mean and standard deviation. */
function spread(values: readonly number[]): string {
  return `${mean(values).toFixed(4)} ± ${standardDeviation(values).toFixed(4)}`;
}

function difference(values: readonly number[], reference: readonly number[]): string {
  const { mean: middle, interval } = pairedDifference(values, reference);
  return `${signed(middle)}${interval ? ` [${signed(interval[0])}, ${signed(interval[1])}]` : ''}`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
