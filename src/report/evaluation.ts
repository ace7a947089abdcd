/** How a model did on a data set's test half, as text and as JSON. */
import { table } from '../model/summary.ts';
import { formatCount, formatDigits, formatFigure, formatPercent } from './format.ts';

export interface Evaluation {
  /** Folder of the model. */
  readonly model: string;
  readonly data: { readonly source: string; readonly sha256: string };
  readonly classes: readonly number[];
  readonly samples: number;
  readonly test: { readonly loss: number; readonly accuracy: number };
  /** confusion[i][j]: samples of class i that were taken for class j. */
  readonly confusion: readonly (readonly number[])[];
}

/** Loss and accuracy, then a row a class: samples, accuracy, and what it was taken for instead. */
export function evaluationText({ data, classes, samples, test, confusion }: Evaluation): string {
  const rows = classes.map((label, k) => {
    const taken = confusion[k];
    const count = taken.reduce((sum, n) => sum + n, 0);
    const others = classes
      .map((other, j) => ({ other, n: j === k ? 0 : taken[j] }))
      .filter(({ n }) => n > 0)
      .sort((a, b) => b.n - a.n)
      .map(({ other, n }) => `${other} (${n})`);
    return [String(label), String(count), formatPercent(taken[k] / count), others.join(', ')];
  });
  return [
    `Data: ${data.source}, classes ${formatDigits(classes)}, ${formatCount(samples, 'test sample')}`,
    `Test loss: ${formatFigure(test.loss)}`,
    `Test accuracy: ${formatFigure(test.accuracy)}`,
    '',
    table(['Class', 'Samples', 'Accuracy', 'Taken for'], rows, [0, 1, 2]),
  ].join('\n');
}

/** Indented, but each row of numbers on one line. */
export function evaluationJson(result: Evaluation): string {
  return JSON.stringify(result, null, 2).replace(/\[\s[\d\s,]*\]/g, (list) =>
    list.replace(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']'),
  );
}
