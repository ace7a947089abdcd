/** Commands and options that the pages show are there. Nothing is run. */
import { describe, expect, it } from 'vitest';
import { faultOf, optionsOf } from './commands.ts';
import { pages } from './pages.ts';
import { commandLines } from './programs.ts';

/** Commands in `sh` blocks, and in the text between backticks. */
const commands = pages.flatMap(({ path, blocks, prose }) => {
  const fenced = blocks
    .filter(({ language, mark }) => language === 'sh' && mark?.kind !== 'skip')
    .flatMap(({ text }) => commandLines(text));
  const inline = Array.from(
    prose.matchAll(/`((?:npm|npx|node|degelo) [^`\n]+)`/g),
    ([, text]) => text,
  ).flatMap(commandLines);
  return [
    ...fenced.map((words) => ({ path, words, isName: false })),
    // In a sentence `degelo predict` is the command's name.
    ...inline.map((words) => ({ path, words, isName: words[0] === 'degelo' && words.length === 2 })),
  ];
});

describe('commands in the pages', () => {
  it('are many', () => {
    expect(commands.length).toBeGreaterThan(40);
  });

  it('are there, with their options', () => {
    const faults = commands
      .map(({ path, words, isName }) => ({ path, command: words.join(' '), isName, fault: faultOf(words) }))
      .filter(({ isName, fault }) => fault !== null && !(isName && /missing required argument/.test(fault)));
    expect(faults).toEqual([]);
  });

  it('have the options of their tables', () => {
    const tables = pages.flatMap(({ path, prose }) =>
      Array.from(
        prose.matchAll(/^\| option of `(\w+)` \|.*\n\|.*\n((?:\|.*\n?)+)/gm),
        ([, command, rows]) => ({ path, command, rows }),
      ),
    );
    expect(tables.length).toBeGreaterThan(0);
    for (const { path, command, rows } of tables) {
      const named = Array.from(rows.matchAll(/`(--[\w-]+)/g), ([, option]) => option);
      const known = optionsOf(command);
      expect(
        named.filter((option) => !known.includes(option)),
        `${path}: ${command}`,
      ).toEqual([]);
    }
  });
});

describe('the check itself', () => {
  it.each([
    ['npm run nothing', 'no script nothing'],
    ['npm instal', 'npm has no command instal'],
    ['npm run --silent degelo -- trensfer', "unknown command 'trensfer'"],
    ['npm run bench -- steps --treads 2', 'no option --treads'],
    ['npm ci --prefix nowhere', 'nowhere/ has no package.json'],
    ['npx vitest run test/nothing', 'no file test/nothing'],
    ['npx nothing', 'no program nothing'],
    ['node test/nothing.mjs', 'no file test/nothing.mjs'],
    ['node test/faults/kill-harness.mjs --kill 1', 'no option --kill'],
    ['degelo transfer --epoch 5', "unknown option '--epoch'"],
    ['degelo transfer --kernel fast', 'Allowed choices'],
  ])('%s: refused', (command, fault) => {
    expect(faultOf(commandLines(command)[0])).toContain(fault);
  });

  it('takes comments, variables and others’ programs as they are', () => {
    const lines = commandLines('A=1 npm test # all\napt-get install x \\\n  y && node mine.mjs\n');
    expect(lines).toEqual([
      ['A=1', 'npm', 'test'],
      ['apt-get', 'install', 'x', 'y'],
      ['node', 'mine.mjs'],
    ]);
    expect(lines.map(faultOf)).toEqual([null, null, null]);
  });
});
