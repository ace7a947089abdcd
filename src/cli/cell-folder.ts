/**
 * The folder that `study --out` and `features --out` name, which any number of tasks may share:
 *
 *   study.json          which job it is: the first to come writes it, all others must agree
 *   cell-000017.json    what is done, each written whole or not at all
 *
 * Nothing is locked: two tasks that do the same cell write the same figures, and the later one's file stays.
 */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isFolder, listFolder, makeFolder, readModelFile, syncFolder, writeFileAtomic } from '#files';
import { type CellKind, type Found, indexOfFile } from '../experiment/cells.ts';
import { FormatError } from '../formats/errors.ts';

export class CellFolder<Job extends { readonly version: string }, Cell extends { readonly index: number }> {
  readonly path: string;
  readonly #kind: CellKind<Job, Cell>;
  readonly #job: Job;

  private constructor(path: string, kind: CellKind<Job, Cell>, job: Job) {
    this.path = path;
    this.#kind = kind;
    this.#job = job;
  }

  /**
   * Takes a folder for a job; it is made where there is none.
   * @throws Error where it can't be, or belongs to another job.
   */
  static async open<J extends { readonly version: string }, C extends { readonly index: number }>(
    path: string,
    kind: CellKind<J, C>,
    job: J,
  ): Promise<CellFolder<J, C>> {
    try {
      await makeFolder(path);
      const file = join(path, kind.jobFile);
      if (!existsSync(file)) {
        await writeFileAtomic(file, kind.encodeJob(job));
        await syncFolder(dirname(resolve(path))).catch(() => {}); // a parent that we may not read can't be flushed
      }
    } catch (error) {
      throw new Error(`--out: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
    const folder = new CellFolder(path, kind, job);
    folder.#expectOurs(kind.jobFile, (await readJob(path, kind)) as J); // it was written, if it wasn't there
    return folder;
  }

  /**
   * The cell that is done; null where it isn't, or its file is damaged.
   * @param onDamage hears what is wrong with that
   * @throws Error where the cell that is there is of another job.
   */
  async find(index: number, onDamage: (error: FormatError) => void): Promise<Cell | null> {
    const { cellFile, maxCellBytes, parseCell, jobOf } = this.#kind;
    const name = cellFile(index);
    const file = join(this.path, name);
    if (!existsSync(file)) return null;
    try {
      const { bytes } = await readModelFile(this.path, name, maxCellBytes);
      const cell = await parseCell(bytes, file);
      if (cell.index !== index) throw new FormatError(file, `holds cell ${cell.index}`);
      this.#expectOurs(name, jobOf(cell));
      return cell;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      onDamage(error);
      return null;
    }
  }

  /** @throws what the file system throws; a file that was there is then still there. */
  async write(cell: Cell): Promise<void> {
    const { cellFile, encodeCell } = this.#kind;
    await writeFileAtomic(join(this.path, cellFile(cell.index)), await encodeCell(cell));
  }

  #expectOurs(name: string, job: Job): void {
    const { noun, differenceOf } = this.#kind;
    const difference = differenceOf(this.#job, job);
    if (difference) throw new Error(`--out: ${join(this.path, name)} is of another ${noun}: ${difference}`);
  }
}

/** The job that a folder is of; null where there is none. @throws FormatError where its file is damaged. */
export async function readJob<Job extends { readonly version: string }>(
  path: string,
  { jobFile, maxCellBytes, parseJob }: Pick<CellKind<Job, never>, 'jobFile' | 'maxCellBytes' | 'parseJob'>,
): Promise<Job | null> {
  if (!existsSync(join(path, jobFile))) return null;
  const { path: file, bytes } = await readModelFile(path, jobFile, maxCellBytes);
  return parseJob(bytes, file);
}

/** All that folders hold of a job. */
export interface CellFiles<Job, Cell> {
  readonly cells: readonly Found<Cell>[];
  readonly jobs: readonly Found<Job>[];
}

/**
 * Reads folders, in their order.
 * @param option what messages begin with
 * @throws FormatError where a file is damaged, Error where a folder is none or holds nothing of such a job.
 */
export async function readCellFolders<
  Job extends { readonly version: string },
  Cell extends { readonly index: number },
>(paths: readonly string[], kind: CellKind<Job, Cell>, option = '--merge'): Promise<CellFiles<Job, Cell>> {
  const { noun, jobFile, cellFile, maxCellBytes } = kind;
  const cells: Found<Cell>[] = [];
  const jobs: Found<Job>[] = [];
  for (const path of paths) {
    if (!(await isFolder(path))) throw new Error(`${option}: expected a folder, got ${path}`);
    const before = cells.length + jobs.length;
    for (const name of (await listFolder(path)).sort()) {
      const index = indexOfFile(name);
      // A copy under another name might be a cell that its user counts on.
      if (name !== jobFile && index === null && !name.startsWith('cell-')) continue;
      const { path: file, bytes } = await readModelFile(path, name, maxCellBytes);
      if (name === jobFile) jobs.push({ file, content: kind.parseJob(bytes, file) });
      else {
        const content = await kind.parseCell(bytes, file);
        if (cellFile(content.index) !== name) {
          throw new FormatError(file, `name must be that of its cell: expected ${cellFile(content.index)}`);
        }
        cells.push({ file, content });
      }
    }
    if (cells.length + jobs.length === before) {
      throw new Error(
        `${option}: ${path} holds no ${noun}: expected ${jobFile} and files such as ${cellFile(0)}`,
      );
    }
  }
  return { cells, jobs };
}
