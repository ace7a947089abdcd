/**
 * A folder of checkpoints, numbered as they were made: `checkpoint-000007.safetensors`. Each is written whole or not
 * at all, and the one before stays, so that there is one to continue with whatever happens to the machine or to a file.
 */
import { listFolder, readWholeFile, removeFile, writeFileAtomic } from '#files';
import { FormatError } from './errors.ts';

/** The newest, and the one before it. */
const KEPT = 2;

const NAME = /^checkpoint-(\d{1,15})\.safetensors$/;
/** What a process that was killed in the middle of writing left. */
const LEFTOVER = /^\.checkpoint-.*\.partial$/;

export class CheckpointFolder {
  readonly path: string;
  /** Number of the newest file, whole or not; null: not looked at yet. */
  #newest: number | null = null;
  #damaged: readonly string[] = [];

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Adds a checkpoint and then removes all but the last two.
   * @returns its path
   * @throws what the file system throws; the ones that are there stay as they are then.
   */
  async write(bytes: Uint8Array): Promise<string> {
    if (this.#newest === null) {
      for (const name of await listFolder(this.path)) {
        if (LEFTOVER.test(name)) await removeFile(this.#pathOf(name));
      }
    }
    const number = (this.#newest ?? numberOf((await this.#names())[0])) + 1;
    const path = this.#pathOf(`checkpoint-${String(number).padStart(6, '0')}.safetensors`);
    await writeFileAtomic(path, bytes);
    this.#newest = number;
    const whole = (await this.#names()).filter((name) => !this.#damaged.includes(name));
    for (const name of [...this.#damaged, ...whole.slice(KEPT)]) await removeFile(this.#pathOf(name));
    this.#damaged = [];
    return path;
  }

  /**
   * The newest checkpoint that is whole.
   * @param parse reads one; its FormatError says that it isn't whole.
   * @returns what `parse` made of it, its path, and the faults of newer ones.
   * @throws FormatError where there is none.
   */
  async read<T>(
    parse: (bytes: Uint8Array, file: string) => Promise<T>,
  ): Promise<{ contents: T; path: string; faults: readonly FormatError[] }> {
    const faults: FormatError[] = [];
    for (const name of await this.#names()) {
      const path = this.#pathOf(name);
      try {
        return { contents: await parse(await readWholeFile(path), path), path, faults };
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        faults.push(error);
        this.#damaged = [...this.#damaged, name];
      }
    }
    if (faults.length > 0) throw faults[0];
    throw new FormatError(
      this.path,
      'no checkpoint there: expected a file such as checkpoint-000001.safetensors',
    );
  }

  /** The checkpoints' names, newest first. */
  async #names(): Promise<string[]> {
    const names = (await listFolder(this.path)).filter((name) => NAME.test(name));
    return names.sort((a, b) => numberOf(b) - numberOf(a));
  }

  #pathOf(name: string): string {
    return `${this.path}/${name}`;
  }
}

function numberOf(name: string | undefined): number {
  return Number(NAME.exec(name ?? '')?.[1] ?? 0);
}
