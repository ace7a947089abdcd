import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Found } from '../../src/experiment/cells.ts';
import type { CellRecord } from '../../src/experiment/study.ts';
import { cellName } from '../../src/experiment/study-grid.ts';
import { mergeStudy } from '../../src/experiment/study-merge.ts';
import { cellOf, cellsOf, STUDY } from './study-cells.ts';

const cells = cellsOf(STUDY);
const N = cells.length;
const shuffled = fc.shuffledSubarray(cells, { minLength: N, maxLength: N });
const bytes = (found: readonly Found<CellRecord>[]): string => JSON.stringify(mergeStudy(found).result);
const expected = bytes(cells);

/** A cell with something else in it. */
const changed = (index: number, change: Partial<CellRecord>): Found<CellRecord>[] =>
  cells.map((cell, i) => (i === index ? { file: 'b', content: { ...cell.content, ...change } } : cell));

describe('mergeStudy', () => {
  it('gives the same bytes in whatever order cells are found, whoever computed them', () => {
    fc.assert(
      fc.property(shuffled, fc.nat(N - 1), (found, index) => {
        const other = cellOf(STUDY, (index + 1) % N).origin;
        const own = found.map(({ file, content }) => ({ file, content: { ...content, origin: other } }));
        expect(bytes(own)).toBe(expected);
      }),
    );
  });

  it('never leaves out a cell: without any of them there is no result, and a line that names some', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(cells, { minLength: 1, maxLength: N - 1 }), (found) => {
        const there = new Set(found.map(({ content }) => content.index));
        const first = cells.findIndex((_, index) => !there.has(index));
        expect(() => bytes(found)).toThrow(
          `merge: every cell must be there: expected ${N}, got ${found.length}: missing cell ${first} (`,
        );
      }),
    );
    expect(() => bytes(cells.slice(5))).toThrow(
      /missing cell 0 \(.*\), cell 1 \(.*\), cell 2 \(.*\) and 2 more$/,
    );
  });

  it('never counts a cell twice: one that is there again ends the merge, same figures or not', () => {
    fc.assert(
      fc.property(shuffled, fc.nat(N - 1), (found, index) => {
        const again = { file: 'b/again', content: cells[index].content };
        expect(() => bytes([...found, again])).toThrow(
          `merge: each cell must be there once: got ${cellName(STUDY, index)} in a/${index} and b/again`,
        );
      }),
    );
    expect(() => bytes([...cells, { file: 'b/3', content: cells[3].content }])).toThrow(
      'got cell 3 (forward, learning rate 1, seed 1, 3 samples per digit) in a/3 and b/3',
    );
  });

  it.each([
    [{ version: '0.0.9' }, `merge: version of degelo: expected ${STUDY.version}, got 0.0.9 (b)`],
    [
      { data: { sha256: 'x' } },
      `merge: cells must be of one study: data set: expected {"sha256":"${STUDY.data.sha256}"}, got {"sha256":"x"} (a/0, b)`,
    ],
    [{ epochs: 2 }, 'merge: cells must be of one study: epochs: expected 1, got 2 (a/0, b)'],
  ])('refuses a cell of another study: %j', (change, message) => {
    const found = changed(4, { study: { ...STUDY, ...change } });
    expect(() => bytes(found)).toThrow(new RangeError(message));
  });

  it('refuses cells of another study than their folder is', () => {
    const studies = [{ file: 'a/study.json', content: { ...STUDY, seeds: 3 } }];
    expect(() => mergeStudy(cells, studies)).toThrow('seeds: expected 3, got 2 (a/study.json, a/0)');
    expect(() => mergeStudy([], [{ file: 'a/study.json', content: STUDY }])).toThrow('expected 16, got 0');
  });

  it('refuses nothing at all', () => {
    expect(() => mergeStudy([])).toThrow(new RangeError('merge: expected cells of a study, got none'));
  });

  it('finds a machine that computed the shared source training differently, but for fma', () => {
    const figures = { ...cells[7].content.figures, source: { accuracy: 0.5, weights_sha256: 'x' } };
    expect(() => bytes(changed(7, { figures }))).toThrow(
      /^merge: cells of one seed must agree on the source training: cell 6 \(.*\) and cell 7 \(.*\) differ/,
    );
    const study = { ...STUDY, kernel: 'fma' } as const;
    const found = changed(7, { figures }).map(({ file, content }) => ({
      file,
      content: { ...content, study },
    }));
    expect(mergeStudy(found).result.cells).toHaveLength(N);
  });
});
