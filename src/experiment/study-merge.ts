/**
 * One result of a study's cells, wherever they were computed. Every cell is counted once and none is left out: where
 * one is missing, there twice, or of another study, there is no result, and one line says which.
 */
import { type Found, gatherCells } from './cells.ts';
import type { CellFigures, CellOrigin, CellRecord } from './study.ts';
import { STUDY_CELLS } from './study-file.ts';
import { type CellKey, cellAt, cellName, type Study } from './study-grid.ts';

export interface StudyCell extends CellKey, CellFigures {}

/** What a study found: its bytes as JSON are the same however its cells were dealt. */
export interface StudyResult extends Study {
  /** The cells in the order of the study. */
  readonly cells: readonly StudyCell[];
}

export interface MergedStudy {
  readonly result: StudyResult;
  /** Each cell's engine and times, which differ from run to run. */
  readonly origins: readonly CellOrigin[];
}

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
  const { job: study, cells: records } = gatherCells(STUDY_CELLS, cells, studies);
  expectAgreement(study, records);
  return {
    result: {
      ...study,
      cells: records.map(({ index, figures }) => ({ ...cellAt(study, index), ...figures })),
    },
    origins: records.map(({ origin }) => origin),
  };
}

/** With strict kernels: if two machines had different bits, one of them is wrong, but it isn't known which. */
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
