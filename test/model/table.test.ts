import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { table } from '../../src/model/table.ts';

const HEADER = ['Name', 'A figure', 'A remark'];
const ROWS = [
  ['one', '1,234', 'some words that may be broken'],
  ['another', '5', ''],
];

describe('a table', () => {
  it('pads its columns, and has no limit unless told of one', () => {
    expect(table(HEADER, ROWS, [1]).split('\n').slice(1, 2)).toEqual(['Name     A figure  A remark']);
  });

  it('leaves optional columns out first', () => {
    expect(table(HEADER, ROWS, [1], { columns: 40, optional: [1] })).toBe(
      [
        '─'.repeat(38),
        'Name     A remark',
        '─'.repeat(38),
        'one      some words that may be broken',
        'another',
        '─'.repeat(38),
      ].join('\n'),
    );
  });

  it('then breaks the text of its last column, under itself', () => {
    const lines = table(HEADER, ROWS, [1], { columns: 38 }).split('\n');
    expect(lines.slice(3, 5)).toEqual([
      'one         1,234  some words that may',
      '                   be broken',
    ]);
  });

  it('then becomes a list, a line a cell, without empty cells', () => {
    expect(table(HEADER, ROWS, [1], { columns: 30 })).toBe(
      'one\n  A figure  1,234\n  A remark  some words that\n            may be broken\n\nanother\n  A figure  5',
    );
  });

  it('breaks that text down to 16 letters a line, and no further', () => {
    const isList = (columns: number): boolean => table(HEADER, ROWS, [1], { columns }).startsWith('one');
    const others = 'another  A figure  '.length;
    expect([15, 16].map((letters) => isList(others + letters))).toEqual([true, false]);
  });

  it('has no line wider than the terminal, and leaves no word out that it must show', () => {
    const word = fc.string({ minLength: 1, maxLength: 9, unit: fc.constantFrom(...'abcé1') });
    const cell = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
    const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 24, max: 90 }), (rows, columns) => {
        const text = table(HEADER, rows, [1], { columns });
        expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(columns);
        const shown = text.split(/\s+/);
        for (const word of rows.flat().flatMap((cell) => cell.split(' '))) expect(shown).toContain(word);
      }),
    );
  });
});
