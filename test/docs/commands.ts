/** Shell commands, as the pages show them, held against what is there: scripts, files, commands and their options. */
import { existsSync, readFileSync } from 'node:fs';
import { type Command, CommanderError } from 'commander';
import { makeProgram } from '../../src/cli/program.ts';
import { ROOT } from './pages.ts';

/** npm's own commands that the pages may use. */
const NPM = ['audit', 'ci', 'i', 'init', 'install', 'pack', 'start', 'test', 'run', 'explain'];

/**
 * What is wrong with a command, or null. Programs that aren't ours (apt-get, sbatch …) are taken as they are.
 * @param words program and arguments
 */
export function faultOf(words: readonly string[]): string | null {
  const [program, ...args] = words.slice(words.findIndex((word) => !/^\w+=/.test(word)));
  switch (program) {
    case 'npm':
      return npmFault(args);
    case 'npx':
      return npxFault(args);
    case 'node':
      return nodeFault(args);
    case 'degelo':
      return degeloFault(args);
    default:
      return null;
  }
}

function npmFault(args: readonly string[]): string | null {
  const at = args.indexOf('--prefix');
  const folder = at < 0 ? '' : `${args[at + 1]}/`;
  const plain = args.filter((word, i) => !word.startsWith('-') && (at < 0 || i !== at + 1));
  const [command, script] = plain;
  if (!NPM.includes(command)) return `npm has no command ${command}`;
  if (!existsSync(`${ROOT}${folder}package.json`)) return `${folder} has no package.json`;
  const { scripts = {} } = JSON.parse(readFileSync(`${ROOT}${folder}package.json`, 'utf8'));
  if (command === 'test' || command === 'start') return command in scripts ? null : `no script ${command}`;
  if (command !== 'run') return null;
  if (!Object.hasOwn(scripts, script)) return `no script ${script}`;
  const own = args.slice(args.indexOf('--') + 1);
  if (script === 'degelo') return args.includes('--') ? degeloFault(own) : null;
  if (!args.includes('--')) return null;
  // The others' options are looked for in the file that they run, and in those beside it.
  const file = scripts[script].split(' ').find((word: string) => existsSync(`${ROOT}${word}`));
  return file ? unknownOption(own, textAround(file)) : null;
}

function npxFault(args: readonly string[]): string | null {
  const [program, ...rest] = args.filter((word) => !word.startsWith('-') && !word.includes('@'));
  if (args.includes('degelo')) return degeloFault(args.slice(args.indexOf('degelo') + 1));
  if (program === 'vitest') return missingFile(rest.slice(1));
  if (args.some((word) => word.startsWith('node@'))) return missingFile([program]);
  return existsSync(`${ROOT}node_modules/.bin/${program}`) ? null : `no program ${program}`;
}

function nodeFault(args: readonly string[]): string | null {
  const [file, ...rest] = args.slice(args.findIndex((word) => !word.startsWith('-')));
  // What the reader is to write, under a plain name, isn't here.
  if (!file?.includes('/')) return null;
  return missingFile([file]) ?? unknownOption(rest, textAround(file));
}

const missingFile = (paths: readonly string[]): string | null => {
  const missing = paths.find((path) => !existsSync(`${ROOT}${path}`));
  return missing === undefined ? null : `no file ${missing}`;
};

/** The text of a script and of those that it imports from its own folder and from lib/. */
function textAround(file: string): string {
  const text = readFileSync(`${ROOT}${file}`, 'utf8');
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const imported = Array.from(
    text.matchAll(/from '\.\/([\w/.-]+)'/g),
    ([, path]) => `${ROOT}${folder}${path}`,
  );
  return [
    text,
    ...imported.filter((path) => existsSync(path)).map((path) => readFileSync(path, 'utf8')),
  ].join('\n');
}

function unknownOption(args: readonly string[], text: string): string | null {
  const unknown = args.find((word) => {
    const name = word.match(/^--([\w-]+)/)?.[1];
    // parseArgs names an option without its dashes.
    return name !== undefined && !new RegExp(`--${name}\\b|['"]?\\b${name}['"]?: \\{`).test(text);
  });
  return unknown === undefined ? null : `no option ${unknown}`;
}

/** What the program itself says of such arguments, without doing anything. */
function degeloFault(args: readonly string[]): string | null {
  if (args.length === 0 || args[0] === 'COMMAND') return null;
  const program = makeProgram();
  const quiet = (command: Command): void => {
    command.configureOutput({ writeErr: () => {}, writeOut: () => {} });
    if (command.commands.length === 0) command.action(() => {});
    command.commands.forEach(quiet);
  };
  program.commands.forEach(quiet);
  program.configureOutput({ writeErr: () => {}, writeOut: () => {} });
  // Where pages say N, a number will be.
  const numbered = args.map((word) => (/^[NMK]$/.test(word) ? '1' : word));
  try {
    program.parse(numbered, { from: 'user' });
    return null;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // A text may name an option without its value: `degelo transfer --out`.
    const isFine = error.exitCode === 0 || error.code === 'commander.optionMissingArgument';
    return isFine ? null : error.message;
  }
}

/** The options that a command of degelo has: `--epochs`. @throws Error where there is no such command. */
export function optionsOf(name: string): string[] {
  const command = makeProgram().commands.find((candidate) => candidate.name() === name);
  if (!command) throw new Error(`degelo has no command ${name}`);
  return command.options.flatMap(({ long }) => long ?? []);
}
