/**
 * The folder that `--out` names. Files are written into a temporary one beside it and take their place at the
 * very end, all together: whoever finds the folder finds whole results.
 */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { onSuddenExit } from './exits.ts';

export class OutFolder {
  /** Where to write until `publish`. */
  readonly temporary: string;
  readonly #path: string;
  readonly #exists: boolean;
  readonly #forget: () => void;
  #isFinal = false;

  /**
   * @param force take a folder that holds something: files of our names are replaced, others stay.
   * @throws Error where the path is no folder, holds something, or can't be written.
   */
  constructor(path: string, { force = false } = {}) {
    const entries = entriesOf(path);
    if (entries !== null && entries.length > 0 && !force) {
      throw new Error(
        `--out: folder must be new or empty: ${path} holds ${entries[0]}${entries.length > 1 ? ' and more' : ''} ` +
          `(--force replaces results in it)`,
      );
    }
    this.#exists = entries !== null;
    // Always on the same file system as the folder itself, so that a rename will do.
    this.#path = this.#exists ? realpathSync(path) : resolve(path);
    const parent = this.#exists ? this.#path : dirname(this.#path);
    mkdirSync(parent, { recursive: true });
    this.temporary = mkdtempSync(join(parent, `.${basename(this.#path)}.partial-`));
    this.#forget = onSuddenExit(() => this.#remove());
  }

  /**
   * Moves everything to its place.
   * @throws Error where that fails; the message says where the results, which took a while, are instead.
   */
  publish(): void {
    this.#forget();
    this.#isFinal = true;
    try {
      if (this.#exists) this.#moveEntries();
      else this.#moveFolder();
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      throw new Error(`--out: the results are in ${this.temporary}, since moving them failed: ${reason}`);
    }
  }

  /** Leaves no trace of what isn't published. */
  discard(): void {
    this.#forget();
    if (!this.#isFinal) this.#remove();
  }

  #moveFolder(): void {
    // mkdtemp makes folders for one's own eyes; this one is like any other.
    chmodSync(this.temporary, 0o777 & ~process.umask());
    renameSync(this.temporary, this.#path);
  }

  #moveEntries(): void {
    const replaced = mkdtempSync(join(this.#path, '.replaced-'));
    for (const name of readdirSync(this.temporary)) {
      const place = join(this.#path, name);
      if (statSync(place, { throwIfNoEntry: false })) renameSync(place, join(replaced, name));
      renameSync(join(this.temporary, name), place);
    }
    rmSync(replaced, { recursive: true });
    this.#remove();
  }

  #remove(): void {
    rmSync(this.temporary, { recursive: true, force: true });
  }
}

/** Names in a folder; null where there is nothing at that path. @throws Error where it is no folder. */
function entriesOf(path: string): string[] | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return null;
  if (!stats.isDirectory()) throw new Error(`--out: must be a folder: ${path} is a file`);
  return readdirSync(path);
}
