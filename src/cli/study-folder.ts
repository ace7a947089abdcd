/**
 * The folder that `study --out` names, which any number of tasks may share:
 *
 *   study.json          which study it is: the first to come writes it, all others must agree
 *   cell-000017.json    what is done, each written whole or not at all
 *
 * Nothing is locked: two tasks that do the same cell write the same figures, and the later one's file stays.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isFolder, listFolder, readModelFile, syncFolder, writeFileAtomic } from '#files';
import type { CellRecord } from '../experiment/study.ts';
import {
  cellFile,
  encodeCell,
  encodeStudy,
  indexOfFile,
  MAX_CELL_BYTES,
  parseCell,
  parseStudy,
  STUDY_FILE,
} from '../experiment/study-file.ts';
import { differenceOf, type Study } from '../experiment/study-grid.ts';
import type { Found } from '../experiment/study-merge.ts';
import { FormatError } from '../formats/errors.ts';

export class StudyFolder {
  readonly path: string;
  readonly #study: Study;

  private constructor(path: string, study: Study) {
    this.path = path;
    this.#study = study;
  }

  /**
   * Takes a folder for a study; it is made where there is none.
   * @throws Error where it can't be, or belongs to another study.
   */
  static async open(path: string, study: Study): Promise<StudyFolder> {
    try {
      await mkdir(path, { recursive: true });
      const file = join(path, STUDY_FILE);
      if (!existsSync(file)) {
        await writeFileAtomic(file, encodeStudy(study));
        await syncFolder(dirname(resolve(path))).catch(() => {}); // a parent that we may not read can't be flushed
      }
    } catch (error) {
      throw new Error(`--out: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
    const folder = new StudyFolder(path, study);
    folder.#expectOurs(STUDY_FILE, parseStudy(await folder.#read(STUDY_FILE), join(path, STUDY_FILE)));
    return folder;
  }

  /**
   * Whether a cell is done. One whose file is damaged isn't.
   * @param onDamage hears what is wrong with that
   * @throws Error where the cell that is there is of another study.
   */
  async has(index: number, onDamage: (error: FormatError) => void): Promise<boolean> {
    const name = cellFile(index);
    const file = join(this.path, name);
    if (!existsSync(file)) return false;
    try {
      const record = await parseCell(await this.#read(name), file);
      if (record.index !== index) throw new FormatError(file, `holds cell ${record.index}`);
      this.#expectOurs(name, record.study);
      return true;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      onDamage(error);
      return false;
    }
  }

  /** @throws what the file system throws; a file that was there is then still there. */
  async write(record: CellRecord): Promise<void> {
    await writeFileAtomic(join(this.path, cellFile(record.index)), await encodeCell(record));
  }

  async #read(name: string): Promise<Uint8Array> {
    return (await readModelFile(this.path, name, MAX_CELL_BYTES)).bytes;
  }

  #expectOurs(name: string, study: Study): void {
    const difference = differenceOf(this.#study, study);
    if (difference) throw new Error(`--out: ${join(this.path, name)} is of another study: ${difference}`);
  }
}

/** All that folders hold of a study. */
export interface StudyFiles {
  readonly cells: readonly Found<CellRecord>[];
  readonly studies: readonly Found<Study>[];
}

/**
 * Reads folders, in their order.
 * @throws FormatError where a file is damaged, Error where a folder is none or holds nothing of a study.
 */
export async function readStudyFolders(paths: readonly string[]): Promise<StudyFiles> {
  const cells: Found<CellRecord>[] = [];
  const studies: Found<Study>[] = [];
  for (const path of paths) {
    if (!(await isFolder(path))) throw new Error(`--merge: expected a folder, got ${path}`);
    const names = (await listFolder(path)).sort();
    const before = cells.length + studies.length;
    for (const name of names) {
      const isStudy = name === STUDY_FILE;
      const index = indexOfFile(name);
      // A copy under another name might be a cell that its user counts on.
      if (!isStudy && index === null && !name.startsWith('cell-')) continue;
      const { path: file, bytes } = await readModelFile(path, name, MAX_CELL_BYTES);
      if (isStudy) studies.push({ file, content: parseStudy(bytes, file) });
      else {
        const content = await parseCell(bytes, file);
        if (content.index !== index) {
          throw new FormatError(file, `name must be that of its cell: expected ${cellFile(content.index)}`);
        }
        cells.push({ file, content });
      }
    }
    if (cells.length + studies.length === before) {
      throw new Error(
        `--merge: ${path} holds no study: expected ${STUDY_FILE} and files such as ${cellFile(0)}`,
      );
    }
  }
  return { cells, studies };
}
