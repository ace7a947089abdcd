/**
 * The folder that `--out` names. All that is there of a run is in `checkpoint/` within it until the run is done:
 *
 *   checkpoint/degelo.txt                      says that the folder is degelo's: without it nothing in it is removed
 *   checkpoint/checkpoint-000007.safetensors   the last two checkpoints, with which `--resume` continues
 *   checkpoint/source.safetensors              the model after the first phase
 *   checkpoint/features/                       features of photos, which took long to compute
 *   checkpoint/results/                        the results while they are written
 *   checkpoint/replaced/                       what they take the place of; they may, if this is there
 *
 * The results then take their place, result.json last, and `checkpoint/` goes away. So a folder with `checkpoint/`
 * holds a run that isn't finished, and a folder without it holds whole results. A lock (folder-lock.ts) keeps
 * others out as long as the process lives.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { syncFolder } from '#files';
import { faultOfFile } from '../data/file-fault.ts';
import { CheckpointFolder } from '../formats/checkpoint-folder.ts';
import { shellQuote } from '../report/shell.ts';
import { onSuddenExit } from './exits.ts';
import { FolderLock, isLock } from './folder-lock.ts';
import {
  CHECKPOINT,
  FEATURES,
  lookOver,
  MARKER,
  MARKER_TEXT,
  REPLACED,
  RESULT,
  RESULTS,
  removeAll,
  SOURCE,
} from './own-files.ts';

const WORK = 'checkpoint';

export class OutFolder {
  readonly checkpoints: CheckpointFolder;
  /** The model after the first phase, as a checkpoint. */
  readonly source: string;
  /** Where results are written until `publish`. */
  readonly results: string;
  /** Where `finetune` keeps features of photos. */
  readonly features: string;
  /** The folder as the user wrote it. */
  readonly name: string;
  readonly #path: string;
  readonly #work: string;
  readonly #isNew: boolean;
  readonly #lock: FolderLock;
  readonly #forget: () => void;
  readonly #command: string;
  /** There is a checkpoint; #isSaved: one of this process. */
  #isKept: boolean;
  #isSaved = false;

  private constructor(
    name: string,
    lock: FolderLock,
    { isNew, isKept, command }: { isNew: boolean; isKept: boolean; command: string },
  ) {
    this.name = name;
    this.#path = realpathSync(name);
    this.#work = join(this.#path, WORK);
    this.#lock = lock;
    this.#isNew = isNew;
    this.#command = command;
    this.#isKept = isKept;
    this.checkpoints = new CheckpointFolder(this.#work);
    this.source = join(this.#work, SOURCE);
    this.results = join(this.#work, RESULTS);
    this.features = join(this.#work, FEATURES);
    this.#forget = onSuddenExit(() => this.leave());
  }

  /**
   * Takes a folder for a new run; it is made where there is none.
   * @param force take one that holds something: files of our names are replaced, others stay.
   * @param command whose folder it is
   * @throws Error where the path is no folder, holds something, can't be written, or is another process'.
   */
  static create(name: string, { force = false, command = 'transfer' } = {}): OutFolder {
    return explained('--out', () => {
      const isNew = entriesOf(name) === null;
      // Each by itself: where a file system is read-only, a recursive mkdir speaks of a missing folder.
      mkdirSync(dirname(resolve(name)), { recursive: true });
      if (isNew) makeFolder(name);
      return locked(name, isNew, (lock) => {
        const work = join(name, WORK);
        const left = expectOurs(name, force);
        if (!existsSync(work)) mkdirSync(work);
        writeFileSync(join(work, MARKER), MARKER_TEXT);
        removeAll(left);
        if (force) mkdirSync(join(work, REPLACED));
        return new OutFolder(name, lock, { isNew, isKept: false, command });
      });
    });
  }

  /**
   * The folder of a run that isn't finished.
   * @throws Error where there is none, or another process continues with it.
   */
  static reopen(name: string, { command = 'transfer' } = {}): OutFolder {
    return explained('--resume', () => {
      if (!entriesOf(name)) throw new Error(`no such folder: ${name}`);
      expectRun(name);
      return locked(name, false, (lock) => {
        expectRun(name);
        const results = join(name, WORK, RESULTS);
        removeAll(lookOver(join(name, WORK)).own.filter((path) => path.startsWith(results)));
        return new OutFolder(name, lock, { isNew: false, isKept: true, command });
      });
    });
  }

  /** Whether the folder holds the results of a run that is done. */
  static isFinished(name: string): boolean {
    return existsSync(join(name, RESULT)) && !hasCheckpoint(join(name, WORK));
  }

  /** @throws Error where the folder holds a run that isn't finished. */
  static expectFinished(operation: string, name: string): void {
    if (existsSync(join(name, WORK)) && !existsSync(join(name, RESULT))) {
      throw new Error(
        `${operation}: ${name} holds a run that isn't finished (degelo transfer --resume ${shellQuote(name)} continues it)`,
      );
    }
  }

  /** To be called when a checkpoint is written: from now on there is something to keep. */
  async keep(): Promise<void> {
    this.#isKept = true;
    if (this.#isSaved) return;
    this.#isSaved = true;
    // That there is such a folder must survive a power cut too; a parent that we may not read can't be flushed.
    for (const folder of [this.#path, dirname(this.#path)]) await syncFolder(folder).catch(() => {});
  }

  /** Whether this process has written a checkpoint. */
  get isSaved(): boolean {
    return this.#isSaved;
  }

  /**
   * Moves the results to their place.
   * @throws Error where that fails; the message says where the results, which took a while, are instead.
   */
  async publish(): Promise<void> {
    try {
      // That of the result last: where it is, all others are.
      const names = readdirSync(this.results).sort((a, b) => Number(a === RESULT) - Number(b === RESULT));
      const replaced = join(this.#work, REPLACED);
      if (!existsSync(replaced)) {
        const taken = names.find((name) => existsSync(join(this.#path, name)));
        if (taken) throw new Error(`${join(this.#path, taken)} already exists`);
        mkdirSync(replaced);
      }
      for (const name of names) {
        const place = join(this.#path, name);
        rmSync(join(replaced, name), { recursive: true, force: true });
        if (existsSync(place)) renameSync(place, join(replaced, name));
        renameSync(join(this.results, name), place);
      }
      await syncFolder(this.#path);
    } catch (error) {
      throw new Error(
        `--out: the results are in ${this.results}, since moving them failed: ${messageOf(error)}`,
      );
    }
    this.#forget();
    // What was there before, which --force gave up.
    rmSync(join(this.#work, REPLACED), { recursive: true, force: true });
    this.#clear();
    this.#lock.release();
  }

  /** Leaves no trace of a run that can't be finished. */
  discard(): void {
    this.#forget();
    this.#clear();
    this.#lock.release();
    if (this.#isNew) removeIfEmpty(this.#path);
  }

  /**
   * Ends the use of the folder with the run unfinished: what there is to continue with stays, else no trace.
   * @returns how to continue
   */
  leave(): string | undefined {
    this.#forget();
    if (this.#isKept) {
      this.#lock.release();
      return `continue with: degelo ${this.#command} --resume ${shellQuote(this.name)}`;
    }
    this.discard();
    return undefined;
  }

  /** Removes `checkpoint/`, except for what others put there. */
  #clear(): void {
    if (!existsSync(this.#work)) return;
    removeAll(lookOver(this.#work).own);
    rmSync(join(this.#work, MARKER), { force: true });
    removeIfEmpty(this.#work);
  }
}

/**
 * What an earlier run left in `checkpoint/`, which may be removed.
 * @throws Error where the folder holds what a new run may not replace.
 */
function expectOurs(name: string, force: boolean): readonly string[] {
  const work = join(name, WORK);
  const { own, foreign } = existsSync(work) ? lookOver(work) : { own: [], foreign: null };
  if (foreign !== null) throw new Error(`${work} must be ours to use: it holds ${foreign}`);
  if (hasCheckpoint(work) && !force) {
    throw new Error(
      `${name} holds a run that isn't finished (--resume ${shellQuote(name)} continues it, --force starts again)`,
    );
  }
  const others = readdirSync(name).filter((entry) => entry !== WORK && !isLock(entry));
  if (others.length > 0 && !force) {
    throw new Error(
      `folder must be new or empty: ${name} holds ${others[0]}${others.length > 1 ? ' and more' : ''} ` +
        `(--force replaces results in it)`,
    );
  }
  return own;
}

/** @throws Error where a folder holds no run to continue with. */
function expectRun(name: string): void {
  const entries = entriesOf(name) ?? [];
  if (!entries.includes(WORK)) {
    throw new Error(`nothing to continue in ${name}: no run was saved there`);
  }
  if (!hasCheckpoint(join(name, WORK))) {
    throw new Error(`${name} has no checkpoint so far: --out ${shellQuote(name)} starts its run again`);
  }
}

function hasCheckpoint(work: string): boolean {
  return entriesOf(work)?.some((entry) => CHECKPOINT.test(entry)) ?? false;
}

/** Does the work with the folder's lock, which stays with what it gives, and is given back where it throws. */
function locked(name: string, isNew: boolean, work: (lock: FolderLock) => OutFolder): OutFolder {
  const lock = FolderLock.take(name);
  try {
    return work(lock);
  } catch (error) {
    lock.release();
    if (isNew) removeIfEmpty(name);
    throw error;
  }
}

/** Makes a folder; that another process made it just now is as good. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Names in a folder; null where there is nothing at that path. @throws Error where it is no folder, or closed to us. */
function entriesOf(path: string): string[] | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return null;
  if (!stats.isDirectory()) throw new Error(`must be a folder: ${path} is a file`);
  return readdirSync(path);
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Others put something there: it is theirs.
  }
}

/** Has a message begin with the option. */
function explained<T>(option: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${option}: ${messageOf(error)}`, { cause: error });
  }
}

/** Our own words, or the file system's with the path that it speaks of. */
function messageOf(error: unknown): string {
  const { path } = error as NodeJS.ErrnoException;
  if (path === undefined) return faultOfFile(error);
  // Users don't know of the lock: the message says that the folder can't be written.
  return `${isLock(basename(path)) ? dirname(path) : path} can't be used: ${faultOfFile(error)}`;
}
