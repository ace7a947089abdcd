/** The npm package's files: a long list of short numbers. */
import fc from 'fast-check';
import { damaged, lies, utf8 } from '../arbitraries.ts';

const LISTS = [1, 2].map((images) =>
  Array.from({ length: 784 * images }, (_, i) => ['0', '1', '0.5', '0.996', '0.004'][i % 5]).join(','),
);
const WILD = [
  '2',
  '-1',
  '0.1234',
  '1.001',
  '1e0',
  '.5',
  '0.',
  '00',
  'null',
  '"0"',
  '[',
  ']',
  '',
  ' 0',
  `0.${'9'.repeat(99)}`,
];

const pieces = lies({
  open: fc.constantFrom('{ "data" : [', '[', '{"__proto__":[', '{"data":{', '', ' '.repeat(5000)),
  more: fc.constantFrom(...WILD.map((number) => `,${number}`)),
  close: fc.constantFrom(' ] } ', ']', '}', '', ']}x', `]${' '.repeat(5000)}x`),
});

export const digits: fc.Arbitrary<Uint8Array> = damaged(
  fc
    .tuple(fc.constantFrom(...LISTS), pieces)
    .map(([list, lie]) => utf8((lie.open ?? '{"data":[') + list + (lie.more ?? '') + (lie.close ?? ']}'))),
);
