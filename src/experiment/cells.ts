/**
 * Work that is dealt to many tasks: a job of cells, each computed anywhere and kept in a file that is whole or not there. What a job
 * is, and what its cells hold, the kinds say: a study's cells, the features of photos.
 */
import { VERSION } from '../formats/version.ts';

/** The i-th of n parts, counted from 0. */
export interface Part {
  readonly part: number;
  readonly parts: number;
}

/** Something of a job, and where it was found. */
export interface Found<T> {
  readonly file: string;
  readonly content: T;
}

/** A job of some kind: what decides its cells, and how files hold it and them. */
export interface CellKind<Job extends { readonly version: string }, Cell extends { readonly index: number }> {
  /** What messages call a job: `study`. */
  readonly noun: string;
  /** The file that says which job a folder is of. */
  readonly jobFile: string;
  readonly maxCellBytes: number;
  encodeJob(job: Job): string;
  /** Throws FormatError where it is damaged, or something else; so does parseCell. */
  parseJob(bytes: Uint8Array, file: string): Job;
  cellFile(index: number): string;
  encodeCell(cell: Cell): Promise<Uint8Array>;
  parseCell(bytes: Uint8Array, file: string): Promise<Cell>;
  jobOf(cell: Cell): Job;
  cellCount(job: Job): number;
  /** What messages call a cell. */
  cellName(job: Job, index: number): string;
  /** In what a job differs from the one that is expected; null where they are the same. */
  differenceOf(expected: Job, got: Job): string | null;
}

/** The cell that a file's name tells: of `cell-000017.json` 17; null where it is no cell's. */
export function indexOfFile(name: string): number | null {
  const digits = /^cell-(\d{6})\.[a-z]+$/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** A cell's number, as names of files have it. */
export function cellDigits(index: number): string {
  return String(index).padStart(6, '0');
}

/**
 * What one of `parts` tasks does of `count` cells: from ≤ index < to. Parts are neighbours, differ by one cell at most, and none is
 * empty.
 * @param operation what messages begin with
 * @throws RangeError where there is no such part, or more parts than pieces.
 */
export function shareOf(
  count: number,
  { part, parts }: Part,
  operation: string,
): { readonly from: number; readonly to: number } {
  if (!(Number.isSafeInteger(parts) && parts >= 1 && parts <= count)) {
    throw new RangeError(
      `${operation}: parts must be at most as many as cells: expected 1 to ${count}, got ${parts}`,
    );
  }
  if (!Number.isInteger(part) || part < 0 || part >= parts) {
    throw new RangeError(
      `${operation}: parts are counted from 0: expected a part below ${parts}, got ${part}`,
    );
  }
  return { from: Math.floor((part * count) / parts), to: Math.floor(((part + 1) * count) / parts) };
}

/** Cells that one message names. */
const NAMED = 3;

/**
 * All cells of a job, in their order, wherever they were computed. Every cell is counted once and none is left out.
 * @param jobs what else names the job: the file of each folder
 * @throws RangeError where there is no cell, one is missing, there twice, or of another version or job than the rest.
 */
export function gatherCells<
  Job extends { readonly version: string },
  Cell extends { readonly index: number },
>(
  kind: CellKind<Job, Cell>,
  cells: readonly Found<Cell>[],
  jobs: readonly Found<Job>[],
): { readonly job: Job; readonly cells: readonly Cell[] } {
  const job = theJob(kind, [
    ...jobs,
    ...cells.map(({ file, content }) => ({ file, content: kind.jobOf(content) })),
  ]);
  const byIndex = onceEach(kind, job, cells);
  const count = kind.cellCount(job);
  const missing: number[] = [];
  const found: Cell[] = [];
  for (let index = 0; index < count; index++) {
    const cell = byIndex.get(index);
    if (cell) found.push(cell.content);
    else missing.push(index);
  }
  if (missing.length > 0) {
    const names = some(missing, (index) => kind.cellName(job, index));
    throw new RangeError(
      `merge: every cell must be there: expected ${count}, got ${byIndex.size}: missing ${names}`,
    );
  }
  return { job, cells: found };
}

/** The job that all are of. */
function theJob<Job extends { readonly version: string }>(
  { noun, differenceOf }: Pick<CellKind<Job, never>, 'noun' | 'differenceOf'>,
  all: readonly Found<Job>[],
): Job {
  if (all.length === 0) throw new RangeError(`merge: expected cells of a ${noun}, got none`);
  for (const { file, content } of all) {
    if (content.version !== VERSION) {
      throw new RangeError(`merge: version of degelo: expected ${VERSION}, got ${content.version} (${file})`);
    }
  }
  const [first, ...others] = all;
  for (const { file, content } of others) {
    const difference = differenceOf(first.content, content);
    if (difference) {
      throw new RangeError(`merge: cells must be of one ${noun}: ${difference} (${first.file}, ${file})`);
    }
  }
  return first.content;
}

function onceEach<Job extends { readonly version: string }, Cell extends { readonly index: number }>(
  kind: CellKind<Job, Cell>,
  job: Job,
  cells: readonly Found<Cell>[],
): ReadonlyMap<number, Found<Cell>> {
  const byIndex = new Map<number, Found<Cell>>();
  const doubled: (readonly [Found<Cell>, Found<Cell>])[] = [];
  for (const cell of cells) {
    const { index } = cell.content;
    const before = byIndex.get(index);
    if (before) doubled.push([before, cell]);
    else byIndex.set(index, cell);
  }
  if (doubled.length > 0) {
    const names = some(
      doubled,
      ([one, other]) => `${kind.cellName(job, one.content.index)} in ${one.file} and ${other.file}`,
    );
    throw new RangeError(`merge: each cell must be there once: got ${names}`);
  }
  return byIndex;
}

function some<T>(items: readonly T[], name: (item: T) => string): string {
  const more = items.length - NAMED;
  return items.slice(0, NAMED).map(name).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
