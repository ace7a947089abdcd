/**
 * What commands say: results on stdout, all else on stderr. Everything passes here (and through screen.ts), so that nothing
 * of a file steers a terminal: what isn't to be shown is in it by its number, which leaves JSON the same value.
 */
import { escapeUnshown, shown } from '../checks/shown.ts';
import type { Model } from '../training/model.ts';

let translation = (message: string): string => message;

/** Has messages on stderr go through it: errors are thrown in English, and so is what readers of files say. */
export function setTranslation(translate: (message: string) => string): void {
  translation = translate;
}

/** A message in the user's language. */
export function translated(message: string): string {
  return translation(message);
}

/** Writes a result, or a part of one, as it is. */
export function write(text: string): void {
  process.stdout.write(escapeUnshown(text));
}

/** Writes a result of one line or several. */
export function print(text: string): void {
  write(`${text}\n`);
}

/** Writes a line that isn't part of a result. */
export function warn(text: string): void {
  process.stderr.write(`${escapeUnshown(text)}\n`);
}

/** Has what the library warns of said as all else is. @returns what takes that back */
export function speakForLibrary(): () => void {
  const before = console.warn;
  console.warn = (message: unknown) => warn(translated(String(message)));
  return () => {
    console.warn = before;
  };
}

/** Says of a model that was loaded what of its file isn't in it. */
export function tell({ origin }: Model): void {
  note(origin?.remarks ?? []);
}

/** Says what was left out or changed on the way from a file, one line each: a value that a remark quotes may hold line breaks. */
export function note(remarks: readonly string[]): void {
  for (const remark of remarks) warn(shown(translated(`Note: ${remark}`)));
}
