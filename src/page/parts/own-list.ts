/** The classes that a user makes: names, and the examples of each by the numbers that the Worker gave them. */

import type { Drawing } from '../view/strokes.ts';

export interface Example {
  /** The number that the Worker gave it; null: no Worker knows it yet. */
  readonly id: number | null;
  /** null: a photo, which isn't kept. */
  readonly drawing: Drawing | null;
  readonly thumbnail: { readonly side: number; readonly data: Uint8ClampedArray<ArrayBuffer> };
}

export interface NamedClass {
  /** Tells it apart where its name changes. */
  readonly key: number;
  name: string;
  examples: Example[];
}

/** A class as it is kept from one visit to the next. */
export interface KeptClass {
  readonly name: string;
  readonly drawings: readonly Drawing[];
}

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
    return numbers(gone.examples);
  }

  /** Takes the last example of a class back. @returns what is gone */
  undo({ examples }: NamedClass): number[] {
    const last = examples.pop();
    return last ? numbers([last]) : [];
  }

  clear(): void {
    this.classes.length = 0;
    this.chosen = null;
  }

  /** What is worth keeping: all names, and the drawings of each. */
  get kept(): KeptClass[] {
    return this.classes.map(({ name, examples }) => ({
      name,
      drawings: examples.flatMap(({ drawing }) => (drawing ? [drawing] : [])),
    }));
  }

  /** Takes classes that were kept instead of those that are there. @param thumbnailOf draws one */
  restore(kept: readonly KeptClass[], thumbnailOf: (drawing: Drawing) => Example['thumbnail']): void {
    this.clear();
    for (const { name, drawings } of kept) {
      const examples = drawings.map((drawing) => ({ id: null, drawing, thumbnail: thumbnailOf(drawing) }));
      this.add(name).examples = examples;
    }
    this.chosen = this.classes[0] ?? null;
  }

  get examples(): number {
    return this.classes.reduce((sum, { examples }) => sum + examples.length, 0);
  }

  /** Classes that have examples, as they are learnt. */
  get taught(): readonly NamedClass[] {
    return this.classes.filter(({ examples }) => examples.length > 0);
  }

  /** A name that two classes have that are learnt; null: none. @param nameOf as it is shown, also where nobody gave one */
  sameName(nameOf: (each: NamedClass) => string): string | null {
    const names = this.taught.map(nameOf);
    return names.find((name, i) => names.indexOf(name) < i) ?? null;
  }
}

const numbers = (examples: readonly Example[]): number[] => examples.flatMap(({ id }) => id ?? []);

/** A name of `from` as `to` has it; what isn't among them stays. */
export function translated(name: string, from: readonly string[], to: readonly string[]): string {
  return to[from.indexOf(name)] ?? name;
}

/** What no file's name may hold on some system, and what stands between names. */
const NOT_IN_FILES = /[\p{Cc}\\/:*?"<>|+.]/gu;

/** Names of classes as a file's name, by which people know it again: `heart+star+fish.keras`. They are in the file too. */
export function fileNameOf(names: readonly string[]): string {
  return `${names.map((name) => name.replace(NOT_IN_FILES, '').trim() || 'class').join('+')}.keras`;
}

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Nko}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** A name as it stands in a sentence, whose order one that is written from right to left would turn round: isolated by Unicode's marks. */
export function inSentence(name: string): string {
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}

/**
 * The names in such a file's name, where there are `count` of them, each another: of files that have none in them, as the page made them
 * before. Browsers add ` (1)` to a second download.
 */
export function namesIn(file: string, count: number): readonly string[] | null {
  const names = file.replace(/(\s*\(\d+\))?\.\w+$/, '').split('+');
  return names.length === count && count > 1 && new Set(names).size === count ? names : null;
}
