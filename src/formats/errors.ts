/** What goes wrong with saved models: one class, so that a caller can tell a bad file from a fault of ours. */
import { DataError, named, oneLine } from '../data/errors.ts';

/** A file of a model, of weights or of a checkpoint that can't be read, or contents that can't be written to one. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  /** The file that the message begins with. */
  readonly file: string;

  /**
   * @param file where the fault is, as the user would recognise it
   * @param problem `rule: expected X, got Y`, with the tensor or the field; the message is `file: problem`
   */
  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(oneLine(`${named(file)}: ${problem}`), options);
    this.file = file;
  }
}

/** Does `work`; what is wrong with an archive, or with packed bytes, is wrong with the model's file that has them. */
export function dataAsFormatError<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    throw new FormatError(cause.file, cause.message.slice(named(cause.file).length + 2), { cause });
  }
}

/** Does `work`; what layers, optimizers or losses say against a file's contents becomes an error of that file. */
export function asFormatError<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof RangeError || cause instanceof TypeError)) throw cause;
    throw new FormatError(file, cause.message, { cause });
  }
}
