/** Options that say which classes are told apart. */
import { type Command, InvalidArgumentError } from 'commander';
import { type ClassOptions, phaseClasses } from '../experiment/classes.ts';
import { UsageError } from './usage.ts';

/** Labels are bytes. */
const LAST = 255;

/** A parser of lists of classes: `0-4`, `1,3,7`, `0-4,8`. */
export function classList(text: string): number[] {
  const classes = text.split(',').flatMap((part) => {
    const [, from, to = from] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part) ?? [];
    const [first, last] = [Number(from), Number(to)];
    return first <= last && last <= LAST
      ? Array.from({ length: last - first + 1 }, (_, i) => first + i)
      : [Number.NaN];
  });
  if (!classes.includes(Number.NaN) && new Set(classes).size === classes.length) return classes;
  throw new InvalidArgumentError(`Expected classes from 0 to ${LAST}, each once, such as 0-4 or 1,3,7.`);
}

/** Adds the options by which another data set's classes take the place of the digits. */
export function addClassOptions(command: Command): Command {
  return command
    .option('--source-classes <list>', 'classes of the first phase (default: 5-9)', classList)
    .option('--target-classes <list>', 'as many others, of the second phase (default: 0-4)', classList);
}

/** The classes that were given. @throws UsageError where they don't go together. */
export function givenClasses({ sourceClasses, targetClasses }: ClassOptions): ClassOptions {
  const given = { ...(sourceClasses && { sourceClasses }), ...(targetClasses && { targetClasses }) };
  try {
    phaseClasses(given);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(error.message.replace(/(source|target)Classes/g, '--$1-classes'), { cause: error });
  }
  return given;
}
