/** How a model did on a data set's test half, as text and as JSON. */
import { TOGETHER, table, wrap } from '../model/table.ts';
import { formatClasses, formatFigure, formatInteger, formatPercent } from './format.ts';
import { english } from './messages.ts';

export interface Evaluation {
  /** Folder of the model. */
  readonly model: string;
  readonly data: { readonly source: string; readonly sha256: string };
  readonly classes: readonly (number | string)[];
  readonly samples: number;
  /** Files that are no photos, which were left out. */
  readonly skipped?: readonly { readonly file: string; readonly reason: string }[];
  readonly test: { readonly loss: number; readonly accuracy: number };
  /** confusion[i][j]: samples of class i of which the model said class j. */
  readonly confusion: readonly (readonly number[])[];
}

/**
 * Loss and accuracy, then a row for each class: samples, accuracy, and the classes that it was confused with.
 * @param columns of the terminal; no limit where there is none
 */
export function evaluationText(
  { data, classes, samples, test, confusion }: Evaluation,
  t = english,
  columns = Infinity,
): string {
  const { locale, evaluation } = t;
  const rows = classes.map((label, k) => {
    const taken = confusion[k];
    const count = taken.reduce((sum, n) => sum + n, 0);
    const others = classes
      .map((other, j) => ({ other, n: j === k ? 0 : taken[j] }))
      .filter(({ n }) => n > 0)
      .sort((a, b) => b.n - a.n)
      .map(({ other, n }) => `${other}${TOGETHER}(${n})`);
    return [
      String(label),
      formatInteger(count, locale),
      count === 0 ? '–' : formatPercent(taken[k] / count, locale),
      others.join(', '),
    ];
  });
  return [
    wrap(
      evaluation.data(data.source, formatClasses(classes), formatInteger(samples, locale), samples === 1),
      columns,
    ),
    `${t.testLoss}: ${formatFigure(test.loss, locale)}`,
    `${t.testAccuracy}: ${formatFigure(test.accuracy, locale)}`,
    '',
    table([...evaluation.columns], rows, [0, 1, 2], { columns }),
  ].join('\n');
}

/** Indented, but each row of numbers on one line. */
export function evaluationJson(result: Evaluation): string {
  return JSON.stringify(result, null, 2).replace(/\[\s[\d\s,]*\]/g, (list) =>
    list.replace(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']'),
  );
}
