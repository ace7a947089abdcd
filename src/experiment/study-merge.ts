/**
 * One result of a study's cells, wherever they were computed. Every cell is counted once and none is left out: where
 * one is missing, there twice, or of another study, there is no result, and one line says which.
 */
import { VERSION } from '../formats/version.ts';
import type { CellFigures, CellOrigin, CellRecord } from './study.ts';
import { type CellKey, cellAt, cellCount, cellName, differenceOf, type Study } from './study-grid.ts';

export interface StudyCell extends CellKey, CellFigures {}

/** What a study found: its bytes as JSON are the same however its cells were dealt. */
export interface StudyResult extends Study {
  /** In the order of the study. */
  readonly cells: readonly StudyCell[];
}

export interface MergedStudy {
  readonly result: StudyResult;
  /** Of each cell: engines and times, which differ from run to run. */
  readonly origins: readonly CellOrigin[];
}

/** Something that says of which study it is, and where it was found. */
export interface Found<T> {
  readonly file: string;
  readonly content: T;
}

/** Cells that one message names. */
const NAMED = 3;

/**
 * Makes one result.
 * @param studies what else names a study: the `study.json` of each folder
 * @throws RangeError where there is no cell, one is missing, there twice, or of another version, data set or other
 *   option than the rest, or where cells disagree on the source training that they share.
 */
export function mergeStudy(
  cells: readonly Found<CellRecord>[],
  studies: readonly Found<Study>[] = [],
): MergedStudy {
  const study = theStudy([
    ...studies,
    ...cells.map(({ file, content }) => ({ file, content: content.study })),
  ]);
  const byIndex = onceEach(study, cells);
  expectAll(study, byIndex);
  const records = Array.from({ length: cellCount(study) }, (_, index) => {
    const { content } = byIndex.get(index) as Found<CellRecord>; // all are there
    return content;
  });
  expectAgreement(study, records);
  return {
    result: {
      ...study,
      cells: records.map(({ index, figures }) => ({ ...cellAt(study, index), ...figures })),
    },
    origins: records.map(({ origin }) => origin),
  };
}

/** The study that all are of. */
function theStudy(all: readonly Found<Study>[]): Study {
  if (all.length === 0) throw new RangeError('merge: expected cells of a study, got none');
  for (const { file, content } of all) {
    if (content.version !== VERSION) {
      throw new RangeError(`merge: version of degelo: expected ${VERSION}, got ${content.version} (${file})`);
    }
  }
  const [first, ...others] = all;
  for (const { file, content } of others) {
    const difference = differenceOf(first.content, content);
    if (difference) {
      throw new RangeError(`merge: cells must be of one study: ${difference} (${first.file}, ${file})`);
    }
  }
  return first.content;
}

function onceEach(study: Study, cells: readonly Found<CellRecord>[]): ReadonlyMap<number, Found<CellRecord>> {
  const byIndex = new Map<number, Found<CellRecord>>();
  const doubled: (readonly [Found<CellRecord>, Found<CellRecord>])[] = [];
  for (const cell of cells) {
    const { index } = cell.content;
    const before = byIndex.get(index);
    if (before) doubled.push([before, cell]);
    else byIndex.set(index, cell);
  }
  if (doubled.length > 0) {
    const names = some(
      doubled,
      ([one, other]) => `${cellName(study, one.content.index)} in ${one.file} and ${other.file}`,
    );
    throw new RangeError(`merge: each cell must be there once: got ${names}`);
  }
  return byIndex;
}

function expectAll(study: Study, byIndex: ReadonlyMap<number, unknown>): void {
  const count = cellCount(study);
  const missing: number[] = [];
  for (let index = 0; index < count; index++) if (!byIndex.has(index)) missing.push(index);
  if (missing.length > 0) {
    const names = some(missing, (index) => cellName(study, index));
    throw new RangeError(
      `merge: every cell must be there: expected ${count}, got ${byIndex.size}: missing ${names}`,
    );
  }
}

/** Strict kernels: where two machines had different bits, one of them is wrong, and nobody knows which. */
function expectAgreement(study: Study, records: readonly CellRecord[]): void {
  if (study.kernel === 'fma') return;
  const { length } = study.samples;
  for (const [index, { figures }] of records.entries()) {
    const first = index - (index % length);
    if (JSON.stringify(figures.source) !== JSON.stringify(records[first].figures.source)) {
      throw new RangeError(
        `merge: cells of one seed must agree on the source training: ${cellName(study, first)} and ` +
          `${cellName(study, index)} differ: compute both again`,
      );
    }
  }
}

function some<T>(items: readonly T[], name: (item: T) => string): string {
  const more = items.length - NAMED;
  return items.slice(0, NAMED).map(name).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
