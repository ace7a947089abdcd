/** What commands say: results on stdout, all else on stderr, and nothing that would steer a terminal. */
import { shownJson, shownLines } from '../data/shown.ts';

/** Writes a result for people, of one line or several. */
export function print(text: string): void {
  process.stdout.write(`${shownLines(text)}\n`);
}

/** Writes a result for programs. */
export function printJson(json: string): void {
  process.stdout.write(`${shownJson(json)}\n`);
}

/** Writes a line that isn't part of a result. */
export function warn(text: string): void {
  process.stderr.write(`${shownLines(text)}\n`);
}
