/** Which known name was meant by an unknown one: the same in another writing, another library's name, or one with a typing mistake. */
import { describe, isLayerLike } from './describe.ts';

/** What others call things, and what to do instead of what isn't there: names.ts, and instead.ts for what goes by its name. */
interface OthersNames {
  readonly synonyms: Readonly<Record<string, readonly string[]>>;
  readonly absent: Readonly<Record<string, string>>;
  readonly instead: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** None in a bundle of degelo/core: names are refused there all the same, with those that are known, and slips are still told. */
let others: OthersNames = { synonyms: {}, absent: {}, instead: new Map() };

/** To be called once, where messages shall know these. */
export function knowNames(names: OthersNames): void {
  others = names;
}

/** The known name that was meant by `name`; null where that can't be told. */
export function suggest(name: string, known: readonly string[]): string | null {
  const same = sameLetters(name, known);
  if (same !== null) return same;
  const plain = plainName(name);
  const synonyms = Object.hasOwn(others.synonyms, plain) ? others.synonyms[plain] : [];
  const synonym = synonyms.find((other) => known.includes(other));
  return synonym ?? nearest(plain, known);
}

/** The known name that differs in nothing but case and underscores; null where there is none. */
export function sameLetters(name: string, known: readonly string[]): string | null {
  const plain = plainName(name);
  return known.find((other) => plainName(other) === plain) ?? null;
}

/**
 * Which of `choices` was meant by what was handed in for one of them: ` (did you mean 'relu'?)` for a slip, for the function `reLU`
 * and for a ReLU layer; nothing where that can't be told.
 */
export function didYouMean(value: unknown, choices: readonly string[]): string {
  const name = isLayerLike(value) ? value.className : typeof value === 'function' ? value.name : value;
  const meant = typeof name === 'string' ? suggest(name, choices) : null;
  return meant === null ? '' : ` (did you mean '${meant}'?)`;
}

/**
 * What comes behind a name that is none of `names`: `got 'l1': use 'meanAbsoluteError'` for one that is known elsewhere, else as didYouMean; else
 * how one's own becomes known.
 * @param kind what such a thing is called: a loss, an optimizer
 */
export function gotInstead(kind: string, name: unknown, names: readonly string[]): string {
  const use = typeof name === 'string' && others.instead.get(kind)?.get(plainName(name));
  return `got ${describe(name)}${use ? `: use ${use}` : didYouMean(name, names) || advice(`own ${kind}`)}`;
}

/** What to do instead of what models haven't, or don't take, by a word of ours, behind a message. Nothing in a bundle of degelo/core. */
export function advice(word: string): string {
  return others.instead.get('model')?.get(word) ?? '';
}

/** What to do instead, where it is something that degelo hasn't: a sentence; null where nothing is known of it. */
export function absence(where: string, name: string): string | null {
  const plain = plainName(name);
  for (const key of [`${where}.${plain}`, plain])
    if (Object.hasOwn(others.absent, key)) return others.absent[key];
  return null;
}

/** learning_rate, learning-rate and LearningRate are all learningrate. */
function plainName(name: string): string {
  return name.replace(/[_\-\s]/g, '').toLowerCase();
}

/** The known name that takes the fewest slips; null where all take more than one in four letters. */
function nearest(plain: string, known: readonly string[]): string | null {
  if (Object.hasOwn(others.absent, plain)) return null;
  let best: string | null = null;
  let fewest = Math.max(1, Math.floor(plain.length / 4)) + 1;
  for (const other of known) {
    const letters = plainName(other);
    // Each letter more or less is a slip; so names of thousands of letters, of a hostile file, are compared with none.
    if (Math.abs(plain.length - letters.length) >= fewest) continue;
    const slips = distance(plain, letters);
    if (slips < fewest) [best, fewest] = [other, slips];
  }
  return plain.length < 3 ? null : best;
}

/**
 * Letters left out, added, changed or swapped with their neighbour (Damerau 1964, "optimal string alignment").
 *
 *     d[i, j] = min(d[i−1, j] + 1, d[i, j−1] + 1, d[i−1, j−1] + (a[i] ≠ b[j]), d[i−2, j−2] + 1 if both were swapped)
 */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, changed);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length];
}
