/** What a user may type: parsers of option values, each of which says what would be right. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { suggest } from '../checks/suggest.ts';
import type { Part } from '../experiment/cells.ts';
import { LANGUAGES } from '../report/messages.ts';
import { note } from './output.ts';

/** More threads than any machine has cores for, and fewer than exhaust its memory. */
export const MOST_THREADS = 256;

/** Wrong usage that only shows once the command runs; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A parser of whole numbers from `min` to `max`, written in decimal digits. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new InvalidArgumentError(`Expected a whole number ${range}.`);
  };
}

/** A parser of decimal numbers such as `1`, `0.001` and `1e-3`; all but those above 0 are refused if `positive`. */
export function decimal({ positive }: { positive: boolean }): (text: string) => number {
  return (text) => {
    const value = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (Number.isFinite(value) && (value > 0 || !positive)) return value;
    throw new InvalidArgumentError(`Expected a number ${positive ? 'above 0' : 'of at least 0'}.`);
  };
}

/** A parser of any text but none. */
export function someText(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError("Expected a text that isn't empty.");
}

/** `17/100`: the eighteenth of a hundred. */
export function part(text: string): Part {
  const [, i, n] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  if (i === undefined || Number(i) >= Number(n)) {
    throw new InvalidArgumentError(
      'Expected i/n, two whole numbers with 0 ≤ i < n: the first of 100 parts is 0/100.',
    );
  }
  return { part: Number(i), parts: Number(n) };
}

/** `--lang`, of every command that speaks to people in more than one language. */
export function languageOption(): Option {
  return new Option('--lang <language>', 'of what is shown and reported: English or Portuguese')
    .choices(Object.keys(LANGUAGES))
    .default('en');
}

/** `--memory`, of commands that run a model from a file. */
export function memoryOption(): Option {
  return new Option(
    '--memory <MB>',
    'most megabytes that the model may take for a batch of images (default: 2048)',
  ).argParser(integer(1));
}

/** The command that `args` name, `fetch` of `data fetch`; options may be before it. Undefined where they name none. */
export function commandOf(program: Command, args: readonly string[]): Command | undefined {
  for (const [i, word] of args.entries()) {
    const command = program.commands.find((each) => each.name() === word);
    if (command) return commandOf(command, args.slice(i + 1)) ?? command;
  }
  return undefined;
}

/**
 * Which option of a command was meant by one that it hasn't, where commander's own comparison of letters finds none: `--lr` is `--learning-rate`;
 * or which commands have it.
 * @param text commander's message
 */
export function meantOption(text: string, command: Command | undefined): string {
  const [, unknown] = /unknown option '--([\w-]+)'$/.exec(text) ?? [];
  if (unknown === undefined || !command) return '';
  const own = command.options.find((option) => option.long === `--${unknown}`);
  if (own) return `\n(${own.long} comes after its command: degelo ${pathOf(command)} ${own.long})`;
  const meant = suggest(
    unknown,
    command.options.map((option) => option.attributeName()),
  );
  const option = command.options.find((each) => each.attributeName() === meant);
  if (option) return `\n(Did you mean ${option.long}?)`;
  const others = namesOfThoseWith(`--${unknown}`, rootOf(command));
  return others.length > 0 ? `\n(--${unknown} is an option of ${others.join(', ')})` : '';
}

/** The commands below this one that have an option, as they are typed. */
function namesOfThoseWith(long: string, command: Command): string[] {
  return command.commands.flatMap((each) => [
    ...(each.options.some((option) => option.long === long) ? [pathOf(each)] : []),
    ...namesOfThoseWith(long, each),
  ]);
}

function rootOf(command: Command): Command {
  return command.parent ? rootOf(command.parent) : command;
}

/** `data fetch`: a command's name after those that it is below. */
function pathOf(command: Command): string {
  const above = command.parent;
  return above?.parent ? `${pathOf(above)} ${command.name()}` : command.name();
}

/**
 * A message of the library with options as they are typed: `batchSize` is `--batch-size`. Only names of several words, which nothing else
 * is called by, and none in quotes or paths.
 */
export function withFlags(message: string, command: Command | undefined): string {
  return message.replace(/(?<![\w.'"/\\-])[a-z]+(?:[A-Z][A-Za-z]*)+(?![\w.'"/\\(-])/g, (name) => {
    const isIt = (option: Option): boolean => option.attributeName().toLowerCase() === name.toLowerCase();
    return command?.options.find(isIt)?.long ?? name;
  });
}

/**
 * Has a command, and those below it, say where an option is given twice: the last value counts, as commander has it and scripts with
 * options of their own before the user's need it.
 */
export function noteRepeated(command: Command): void {
  for (const option of command.options) {
    if (option.isBoolean() || option.variadic) continue;
    let before: string | null = null;
    command.on(`option:${option.name()}`, (value: string) => {
      if (before !== null && before !== value) {
        note([`option '${option.flags}' is given twice: '${value}' counts, '${before}' doesn't`]);
      }
      before = value;
    });
  }
  command.commands.forEach(noteRepeated);
}
