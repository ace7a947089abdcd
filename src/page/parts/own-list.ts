/** The classes that a user makes: names, and the examples of each by the numbers that the Worker gave them. */

export interface Example {
  readonly id: number;
  readonly thumbnail: { readonly side: number; readonly data: Uint8ClampedArray<ArrayBuffer> };
}

export interface NamedClass {
  /** Tells it apart where its name changes. */
  readonly key: number;
  name: string;
  examples: Example[];
}

/** Classes that the page has room for. */
export const MOST = 12;

export class OwnList {
  readonly classes: NamedClass[] = [];
  /** The class that new examples go to. */
  chosen: NamedClass | null = null;
  #next = 0;

  add(name: string): NamedClass {
    const made: NamedClass = { key: this.#next++, name, examples: [] };
    this.classes.push(made);
    this.chosen = made;
    return made;
  }

  /** @returns the examples that are gone with it */
  remove(gone: NamedClass): number[] {
    this.classes.splice(this.classes.indexOf(gone), 1);
    if (this.chosen === gone) this.chosen = this.classes[0] ?? null;
    return gone.examples.map(({ id }) => id);
  }

  /** Takes the last example of a class back. @returns what is gone */
  undo({ examples }: NamedClass): number[] {
    const last = examples.pop();
    return last ? [last.id] : [];
  }

  clear(): void {
    this.classes.length = 0;
    this.chosen = null;
  }

  get examples(): number {
    return this.classes.reduce((sum, { examples }) => sum + examples.length, 0);
  }

  /** Classes that have examples, as they are learnt. */
  get taught(): readonly NamedClass[] {
    return this.classes.filter(({ examples }) => examples.length > 0);
  }

  /** A name that two classes have that are learnt; null: none. */
  get sameName(): string | null {
    const names = this.taught.map(({ name }) => name);
    return names.find((name, i) => names.indexOf(name) < i) ?? null;
  }
}

/** Names of classes as a file's name, whose format has no place for them: `heart+star+fish.keras`. */
export function fileNameOf(names: readonly string[]): string {
  return `${names.map((name) => name.replace(/[^\p{L}\p{N} _-]/gu, '').trim() || 'class').join('+')}.keras`;
}

/** The names in such a file's name, where there are `count` of them; browsers add ` (1)` to a second download. */
export function namesIn(file: string, count: number): readonly string[] | null {
  const names = file.replace(/(\s*\(\d+\))?\.\w+$/, '').split('+');
  return names.length === count && count > 1 ? names : null;
}
