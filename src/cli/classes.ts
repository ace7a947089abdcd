/** Options that say which classes are told apart. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type ClassOptions, phaseClasses } from '../experiment/classes.ts';
import { UsageError } from './usage.ts';

/** Labels are bytes. */
const LAST = 255;

/** A parser of lists of classes: `0-4`, `1,3,7`, `0-4,8`. */
export function classList(text: string): number[] {
  const classes = numbersIn(text);
  if (classes) return classes;
  throw new InvalidArgumentError(`Expected classes from 0 to ${LAST}, each once, such as 0-4 or 1,3,7.`);
}

/** The classes that --classes names for a model of grey images. @throws UsageError where they are no list of numbers. */
export function numbersOf(text: string): number[] {
  const classes = numbersIn(text);
  if (classes) return classes;
  throw new UsageError(
    `--classes: must be classes from 0 to ${LAST}, each once, such as 0-4 or 1,3,7, for a model of grey images: got ${text}`,
  );
}

/** The names that --classes has for a model of photos. @throws UsageError where they aren't as many as its classes, each once. */
export function namesOf(text: string, count: number): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('') || new Set(names).size < names.length) {
    throw new UsageError(`--classes: must be names, each once, such as cat,dog: got ${text}`);
  }
  expectAsMany(names, count);
  return names;
}

/** @throws UsageError where --classes aren't as many as the model's classes. */
export function expectAsMany({ length }: ArrayLike<unknown>, count: number): void {
  if (length === count) return;
  throw new UsageError(`--classes: must be as many as the model's classes: expected ${count}, got ${length}`);
}

/** null: no list of numbers. */
function numbersIn(text: string): number[] | null {
  const classes = text.split(',').flatMap((part) => {
    const [, from, to = from] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part) ?? [];
    const [first, last] = [Number(from), Number(to)];
    return first <= last && last <= LAST
      ? Array.from({ length: last - first + 1 }, (_, i) => first + i)
      : [Number.NaN];
  });
  return classes.includes(Number.NaN) || new Set(classes).size < classes.length ? null : classes;
}

/** Adds --classes, which names the outputs of any model: numbers for grey images, names for photos. */
export function classesOption(): Option {
  return new Option(
    '--classes <list>',
    "the model's classes, in the order of its outputs: numbers, as 0-4 or 1,3,7, for grey images; names, as cat,dog, for photos (default: " +
      "those that the model or the run's result names, else 0, 1, 2, …)",
  );
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
