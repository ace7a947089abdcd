/** Cells of a job computed one after the other: what of each is there already, the new file, a line about it. */

import { wrap } from '../model/table.ts';
import type { Messages } from '../report/messages.ts';
import type { CellFolder } from './cell-folder.ts';
import { translated } from './output.ts';
import type { Screen } from './screen.ts';

/** The result of one cell. */
export interface Computed<Cell> {
  /** To be kept; null: what was there stays. */
  readonly cell: Cell | null;
  /** What people read about the cell. */
  readonly line: string;
}

/**
 * @param folder where cells are kept; null: nowhere
 * @param compute gets what is there of a cell; null: nothing, or only a damaged file, which a line names
 * @returns the cells that are new.
 */
export async function computeCells<
  Job extends { readonly version: string },
  Cell extends { readonly index: number },
>(
  indices: readonly number[],
  folder: CellFolder<Job, Cell> | null,
  screen: Screen,
  t: Messages,
  compute: (index: number, there: Cell | null) => Promise<Computed<Cell>>,
): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const index of indices) {
    const warn = ({ message }: Error): void => screen.print(t.study.doneAgain(translated(message)));
    const there = folder && (await folder.find(index, warn));
    const { cell, line } = await compute(index, there);
    if (cell) {
      await folder?.write(cell);
      cells.push(cell);
    }
    screen.print(wrap(line, screen.columns));
  }
  return cells;
}
