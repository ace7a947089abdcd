/** What a look over a data set found, as text. */
import type { DataCheck } from '../data/check.ts';
import { table } from '../model/summary.ts';
import { formatCount } from './format.ts';

/** Where it came from and what it is, how many images of each class there are, then what should be looked at. */
export function dataText({ source, sha256, height, width, train, test, shared }: DataCheck): string {
  // Keys of an object that are whole numbers come in ascending order.
  const classes = Object.keys({ ...train.classes, ...test.classes });
  const count = (n = 0): string => n.toLocaleString('en');
  const rows = [
    ...classes.map((label) => [label, count(train.classes[label]), count(test.classes[label])]),
    ['all', count(train.images), count(test.images)],
  ];
  const notes = [
    note(train.blank + test.blank, 'image', 'blank: all pixels are the same'),
    note(shared, 'test image', 'among the training images too: the test is that much easier'),
    note(train.light + test.light, 'image', 'light at the border, where MNIST is dark: is it inverted?'),
    ...classes
      .filter((label) => !train.classes[label] || !test.classes[label])
      .map((label) => `Class ${label} is in one half only.`),
  ].filter((line) => line !== null);
  return [
    `Data: ${source}`,
    `SHA-256: ${sha256}`,
    `Images: ${height}×${width}`,
    '',
    table(['Class', 'Training', 'Test'], rows, [0, 1, 2]),
    ...notes,
  ].join('\n');
}

function note(count: number, noun: string, what: string): string | null {
  return count === 0 ? null : `${formatCount(count, noun)} ${count === 1 ? 'is' : 'are'} ${what}`;
}
