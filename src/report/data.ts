/** What a look over a data set found, as text. */
import type { DataCheck } from '../data/check.ts';
import { table, wrap } from '../model/table.ts';
import { formatInteger } from './format.ts';
import { english } from './messages.ts';

/**
 * Where it came from and what it is, how many images of each class there are, then what should be looked at.
 * @param columns of the terminal; no limit where there is none
 */
export function dataText(
  { source, sha256, height, width, train, test, shared }: DataCheck,
  t = english,
  columns = Infinity,
): string {
  const { dataSet } = t;
  // Keys of an object that are whole numbers come in ascending order.
  const classes = Object.keys({ ...train.classes, ...test.classes });
  const count = (n = 0): string => formatInteger(n, t.locale);
  const rows = [
    ...classes.map((label) => [label, count(train.classes[label]), count(test.classes[label])]),
    [dataSet.all, count(train.images), count(test.images)],
  ];
  /** Nothing where there are none. */
  const note = (found: number, text: (count: string, isOne: boolean) => string): string[] =>
    found === 0 ? [] : [text(count(found), found === 1)];
  const notes = [
    ...note(train.blank + test.blank, dataSet.blank),
    ...note(shared, dataSet.shared),
    ...note(train.light + test.light, dataSet.light),
    ...classes
      .filter((label) => !train.classes[label] || !test.classes[label])
      .map((label) => dataSet.oneHalf(label)),
  ];
  return [
    wrap(t.data(source), columns),
    `SHA-256: ${sha256}`,
    `${dataSet.images}: ${height}×${width}`,
    '',
    table([dataSet.classColumn, dataSet.training, dataSet.test], rows, [0, 1, 2], { columns }),
    ...notes.map((line) => wrap(line, columns)),
  ].join('\n');
}
