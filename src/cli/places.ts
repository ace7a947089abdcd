/** Files and folders as users type them: a path, or a file: URL, which browsers and file managers copy. */
import { type Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { pathOf } from '../formats/places.ts';
import { someText } from './usage.ts';

/** What help calls values that name files or folders. Of these, models may be URLs. */
const PLACES = /^(file|folders?|images|modules|place|source|to)$/;
const MODELS = /^(from|model)$/;

/**
 * Has a command, and those below it, take file: URLs for paths, and refuse an empty text, which names nothing: a script's variable that
 * isn't set. Options with choices or a parser of their own check what they get.
 */
export function readPlaces(command: Command): void {
  for (const taker of [...command.options, ...command.registeredArguments]) {
    const name = taker instanceof Option ? (/[<[]([a-z]+)/.exec(taker.flags)?.[1] ?? '') : taker.name();
    if (name !== '' && !taker.parseArg) parseWith(taker, name);
  }
  command.commands.forEach(readPlaces);
}

function parseWith(taker: Option | Argument, name: string): void {
  const none = taker.defaultValue;
  taker.argParser((text: string, before: unknown) => {
    const value = read(name, text);
    if (!taker.variadic) return value;
    return before === none || !Array.isArray(before) ? [value] : [...before, value];
  });
}

function read(name: string, text: string): string {
  someText(text);
  if (!PLACES.test(name) && !MODELS.test(name)) return text;
  if (/^https?:/i.test(text) && PLACES.test(name)) {
    throw new InvalidArgumentError('Expected a file or folder: download it first.');
  }
  if (!/^file:/i.test(text)) return text;
  try {
    return pathOf(name, text);
  } catch {
    throw new InvalidArgumentError('Expected a whole file: URL, such as file:///home/me/photo.jpg.');
  }
}
