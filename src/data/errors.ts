import { shown } from '../checks/shown.ts';

/**
 * What goes wrong with data files: one class, so that a caller can tell "your file is bad" (one line for
 * the user) from a fault of the program (a stack trace for us).
 */
export class DataError extends Error {
  override readonly name = 'DataError';
  /** The file, member or source that the message begins with. */
  readonly file: string;

  /**
   * @param file where the fault is, as the user would recognise it
   * @param problem `rule: expected X, got Y`; the message is `file: problem`, on one line
   */
  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(oneLine(`${named(file)}: ${problem}`), options);
    this.file = file;
  }
}

/** An error that says what to do about another, whose message begins with the file. */
export function advised(file: string, message: string, advice: string): DataError {
  return new DataError(file, `${message.slice(named(file).length + 2)}: ${advice}`);
}

/** The longest path that a message says whole, in characters; of a longer one it says both ends. */
const LONGEST_PATH = 500;

/** A file as messages begin with it. */
export function named(file: string): string {
  const half = LONGEST_PATH / 2;
  return shown(file.length > LONGEST_PATH ? `${file.slice(0, half)}…${file.slice(-half)}` : file);
}

/** The longest message, in characters: room for a path and a rule. Names and shapes in a file may be of any length. */
const LONGEST = 2000;

/** Text for a message: paths may hold line breaks, messages may not. What is too long is cut. */
export function oneLine(text: string): string {
  const line = shown(text);
  return line.length > LONGEST ? `${shown(line.slice(0, LONGEST))}…` : line; // half a surrogate pair may be left
}
