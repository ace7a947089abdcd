/**
 * The folder that `--out` names. All that is there of a run stands in `checkpoint/` within it until the run is done:
 *
 *   checkpoint/checkpoint-000007.safetensors   the last two checkpoints, with which `--resume` goes on
 *   checkpoint/source.safetensors              the model after the first phase
 *   checkpoint/results/                        the results while they are written
 *   checkpoint/replaced/                       what they take the place of; they may, if this is there
 *
 * The results then take their place, result.json last, and `checkpoint/` goes away. So a folder with `checkpoint/`
 * holds a run that isn't finished, and whoever finds one without finds whole results.
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
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { syncFolder } from '#files';
import { CheckpointFolder } from '../formats/checkpoint-folder.ts';
import { shellQuote } from '../report/shell.ts';
import { onSuddenExit } from './exits.ts';

const WORK = 'checkpoint';
const RESULTS = 'results';
const REPLACED = 'replaced';
const SOURCE = 'source.safetensors';
const RESULT = 'result.json';
const CHECKPOINT = /^checkpoint-\d+\.safetensors$/;
/** What stands in `checkpoint/`: these and nothing else are ever removed. */
const OWN = new RegExp(
  `^(${RESULTS}|${REPLACED}|\\.?(checkpoint-\\d+|source)\\.safetensors(\\..*\\.partial)?)$`,
);

export class OutFolder {
  readonly checkpoints: CheckpointFolder;
  /** The model after the first phase, as a checkpoint. */
  readonly source: string;
  /** Where results are written until `publish`. */
  readonly results: string;
  /** As the user wrote it. */
  readonly name: string;
  readonly #path: string;
  readonly #work: string;
  readonly #isNew: boolean;
  readonly #forget: () => void;
  /** There is a checkpoint; #isSaved: one of this process. */
  #isKept: boolean;
  #isSaved = false;

  private constructor(name: string, { isNew, isKept }: { isNew: boolean; isKept: boolean }) {
    this.name = name;
    this.#path = realpathSync(name);
    this.#work = join(this.#path, WORK);
    this.#isNew = isNew;
    this.#isKept = isKept;
    this.checkpoints = new CheckpointFolder(this.#work);
    this.source = join(this.#work, SOURCE);
    this.results = join(this.#work, RESULTS);
    this.#forget = onSuddenExit(() => this.leave());
  }

  /**
   * Takes a folder for a new run; it is made where there is none.
   * @param force take one that holds something: files of our names are replaced, others stay.
   * @throws Error where the path is no folder, holds something, or can't be written.
   */
  static create(name: string, { force = false } = {}): OutFolder {
    const entries = entriesOf('--out', name);
    const work = join(name, WORK);
    const left = entries?.includes(WORK) ? entriesOf('--out', work) : null;
    const others = entries?.filter((entry) => entry !== WORK) ?? [];
    const foreign = left?.find((entry) => !OWN.test(entry));
    if (foreign) throw new Error(`--out: ${work} must be ours to use: it holds ${foreign}`);
    if (left?.some((entry) => CHECKPOINT.test(entry)) && !force) {
      throw new Error(
        `--out: ${name} holds a run that isn't finished (--resume ${shellQuote(name)} goes on with it, --force begins anew)`,
      );
    }
    if (others.length > 0 && !force) {
      throw new Error(
        `--out: folder must be new or empty: ${name} holds ${others[0]}${others.length > 1 ? ' and more' : ''} ` +
          `(--force replaces results in it)`,
      );
    }
    return explained(() => {
      // Each by itself: where a file system is read-only, a recursive mkdir speaks of a missing folder.
      mkdirSync(dirname(resolve(name)), { recursive: true });
      if (!entries) mkdirSync(name);
      if (!left) mkdirSync(work);
      for (const entry of left ?? []) rmSync(join(work, entry), { recursive: true, force: true });
      if (force) mkdirSync(join(work, REPLACED));
      return new OutFolder(name, { isNew: entries === null, isKept: false });
    });
  }

  /**
   * The folder of a run that isn't finished.
   * @throws Error where there is none.
   */
  static reopen(name: string): OutFolder {
    const entries = entriesOf('--resume', name);
    if (!entries) throw new Error(`--resume: no such folder: ${name}`);
    if (!entries.includes(WORK)) {
      const why = entries.includes(RESULT) ? 'its run is finished' : 'no run was saved there';
      throw new Error(`--resume: nothing to go on with in ${name}: ${why}`);
    }
    if (!entriesOf('--resume', join(name, WORK))?.some((entry) => CHECKPOINT.test(entry))) {
      throw new Error(
        `--resume: ${name} has no checkpoint so far: --out ${shellQuote(name)} begins its run again`,
      );
    }
    return explained(() => {
      const out = new OutFolder(name, { isNew: false, isKept: true });
      rmSync(out.results, { recursive: true, force: true });
      return out;
    });
  }

  /** @throws Error where the folder holds a run that isn't finished. */
  static expectFinished(operation: string, name: string): void {
    if (existsSync(join(name, WORK)) && !existsSync(join(name, RESULT))) {
      throw new Error(
        `${operation}: ${name} holds a run that isn't finished (degelo transfer --resume ${shellQuote(name)} goes on with it)`,
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
        if (taken) throw new Error(`${join(this.#path, taken)} is there already`);
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
    rmSync(this.#work, { recursive: true, force: true });
  }

  /** Leaves no trace of a run that can't be finished. */
  discard(): void {
    this.#forget();
    if (existsSync(this.#work)) {
      for (const name of readdirSync(this.#work)) {
        if (OWN.test(name)) rmSync(join(this.#work, name), { recursive: true, force: true });
      }
      removeIfEmpty(this.#work);
    }
    if (this.#isNew) removeIfEmpty(this.#path);
  }

  /**
   * Ends the use of the folder with the run unfinished: what there is to go on with stays, else no trace.
   * @returns how to go on
   */
  leave(): string | undefined {
    this.#forget();
    if (this.#isKept) return `go on with: degelo transfer --resume ${shellQuote(this.name)}`;
    this.discard();
    return undefined;
  }
}

/** Names in a folder; null where there is nothing at that path. @throws Error where it is no folder, or closed to us. */
function entriesOf(option: string, path: string): string[] | null {
  return explained(() => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) return null;
    if (!stats.isDirectory()) throw new Error(`must be a folder: ${path} is a file`);
    return readdirSync(path);
  }, option);
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Others put something there: it is theirs.
  }
}

/** Has a message begin with the option. */
function explained<T>(work: () => T, option = '--out'): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${option}: ${messageOf(error)}`, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
