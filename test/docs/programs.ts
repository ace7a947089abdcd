/** Programs of a page: which of its blocks run together, and how each kind is run. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { readMnist } from '../../src/formats/mnist-node.ts';
import { idx } from '../data/files.ts';
import { type Block, outputPattern, type Page, ROOT } from './pages.ts';

const run = promisify(execFile);
const PYTHON = process.env.PYTHON ?? '/usr/bin/python3';

/** Node as on a machine of one core: other test files run beside this one, and the bits are the same for any number of threads. */
const ONE_CORE = [
  '--import',
  `data:text/javascript,${encodeURIComponent(`
    import os from 'node:os';
    import { syncBuiltinESMExports } from 'node:module';
    os.availableParallelism = () => 1;
    syncBuiltinESMExports();`)}`,
];

export interface Program {
  /** Its file's name. */
  readonly name: string;
  readonly kind: 'js' | 'python' | 'sh';
  /** Grows as the cells of a page are joined. */
  text: string;
  /** What it must print, in this order. */
  readonly outputs: Block[];
  readonly line: number;
  /** It runs with few digits, and the figures that it prints aren't compared. */
  readonly few: boolean;
}

/** Whether programs that train for long run with all digits too. Vitest puts its `--mode` there. */
const ALL_DIGITS = process.env.MODE === 'all-digits';

/**
 * The programs of a page in their order. JavaScript and TypeScript are one program a page, as the cells of a notebook are, until
 * a block begins with a file's name (`// other.mjs`), which begins another; each Python block is a program, and each shell
 * block that is marked `run`.
 */
export function programsOf({ blocks }: Pick<Page, 'blocks'>): Program[] {
  const programs: Program[] = [];
  const begin = (program: Omit<Program, 'outputs' | 'few'>, mark: Block['mark']): Program => {
    programs.push({ ...program, outputs: [], few: mark?.kind === 'few digits' && !ALL_DIGITS });
    return programs[programs.length - 1];
  };
  /** Whose outputs come next, and the one that further cells belong to. */
  let last: Program | null = null;
  let notebook: Program | null = null;
  for (const block of blocks) {
    const { language, text, line, mark } = block;
    if (mark?.kind === 'skip' || mark?.kind === 'from') continue;
    if (mark?.kind === 'output') {
      if (!last) throw new Error(`line ${line}: an output must stand behind a program`);
      last.outputs.push(block);
    } else if (language === 'js' || language === 'ts') {
      const cell = language === 'ts' ? withoutTypes(text) : text;
      const name = text.match(/^\/\/ (\S+\.m?[jt]s)$/m)?.[1];
      if (notebook && name === undefined) notebook.text += `\n${cell}`;
      else
        notebook = begin(
          { name: (name ?? 'page.mjs').replace(/\.ts$/, '.mjs'), kind: 'js', text: cell, line },
          mark,
        );
      last = notebook;
    } else if (language === 'python') {
      last = begin({ name: `line-${line}.py`, kind: 'python', text, line }, mark);
    } else if (language === 'sh' && mark?.kind === 'run') {
      last = begin({ name: `line-${line}.sh`, kind: 'sh', text, line }, mark);
    }
  }
  return programs;
}

function withoutTypes(text: string): string {
  const { ESNext } = ts.ModuleKind;
  return ts
    .transpileModule(text, {
      compilerOptions: { module: ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true },
    })
    .outputText.replace(/^"use strict";\n/, '');
}

/** What the program prints. @throws what it throws, or Error where it fails. */
export async function runProgram({ name, kind, text, few }: Program, folder: string): Promise<string> {
  const options = { cwd: folder, maxBuffer: 2 ** 24 };
  if (kind === 'sh') {
    let printed = '';
    for (const [program, ...args] of commandLines(text)) {
      const [file, first] =
        program === 'degelo'
          ? [process.execPath, `${ROOT}dist/cli/main.js`]
          : [program, join(ROOT, args.shift() ?? '')];
      if (program !== 'degelo' && program !== 'node')
        throw new Error(`${program}: only node and degelo are run`);
      printed += (await run(file === 'node' ? process.execPath : file, [first, ...args], options)).stdout;
    }
    return printed;
  }
  const program = few ? withSource(text, await fewDigits(folder)) : text;
  writeFileSync(join(folder, name), program);
  const ran =
    kind === 'js' ? run(process.execPath, [...ONE_CORE, name], options) : run(PYTHON, [name], options);
  const { stdout, stderr } = await ran;
  return stdout + stderr; // where progress goes
}

/** The program with its digits from another place. @throws Error where it takes none. */
export function withSource(text: string, source: string): string {
  const given = text.replace(/\bloadMnist\((?:\{|(?=\)))/g, (call) =>
    call.endsWith('{') ? `${call} source: '${source}',` : `${call}{ source: '${source}' }`,
  );
  if (given === text) throw new Error('few digits: the program calls no loadMnist');
  return given;
}

/** Whether this machine can run it. */
export async function canRun({ kind, text }: Program): Promise<boolean> {
  if (kind !== 'python') return true;
  const modules = Array.from(text.matchAll(/^(?:import|from) (\w+)/gm), ([, name]) => name);
  return run(PYTHON, ['-c', `import ${['sys', ...modules].join(', ')}`]).then(
    () => true,
    () => false,
  );
}

/** The words of each command of a shell block, comments left out, continued lines joined; `a && b` is two. */
export function commandLines(text: string): string[][] {
  return text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').replace(/^\$ /, ''))
    .flatMap((line) => line.split(/&&|;/))
    .map((line) =>
      Array.from(
        line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g),
        ([, double, single, bare]) => double ?? single ?? bare,
      ),
    )
    .filter((words) => words.length > 0);
}

/** Of MNIST's digits that come with degelo the first of each kind, as IDX files in `folder`. @returns their folder */
async function fewDigits(folder: string): Promise<string> {
  const path = join(folder, 'few-digits');
  if (existsSync(path)) return path;
  mkdirSync(path);
  const mnist = await readMnist(undefined);
  for (const [name, { images, labels }, most] of [
    ['train', mnist.train, 16],
    ['t10k', mnist.test, 8],
  ] as const) {
    const counts = new Map<number, number>();
    const first = Array.from(labels.keys()).filter((n) => {
      const count = (counts.get(labels[n]) ?? 0) + 1;
      counts.set(labels[n], count);
      return count <= most;
    });
    const size = images.length / labels.length;
    const pixels = Uint8Array.from(
      first.flatMap((n) => Array.from(images.subarray(n * size, (n + 1) * size))),
    );
    writeFileSync(join(path, `${name}-images-idx3-ubyte`), idx([first.length, 28, 28], pixels));
    writeFileSync(
      join(path, `${name}-labels-idx1-ubyte`),
      idx(
        [first.length],
        Uint8Array.from(first, (n) => labels[n]),
      ),
    );
  }
  return path;
}

/** The outputs that didn't come, each after the one before. */
export function missingOutputs({ outputs, few }: Program, printed: string): Block[] {
  let rest = `${printed}\n`;
  return outputs.filter((block) => {
    const match = outputPattern(block.text, !few).exec(rest);
    if (match) rest = rest.slice(match.index + match[0].length);
    return !match;
  });
}
