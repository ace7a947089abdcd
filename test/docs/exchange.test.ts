/** The programs of docs/exchange.md, run in their order in one folder, as its readers would; what they print must agree. */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { degeloHere } from '../cli/degelo.ts';
import { fastPackage } from '../fast-package.ts';
import { temporaryFolder } from '../temporary.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
// But for blocks that say why they can't be run.
const page = readFileSync(at('docs/exchange.md'), 'utf8').replace(
  /^<!-- test: skip .*-->\n```[\s\S]*?^```$/gm,
  '',
);
const PYTHON = process.env.PYTHON ?? '/usr/bin/python3';
const TFJS = at('bench/node_modules/@tensorflow');

interface Program {
  readonly name: string;
  readonly text: string;
}

const programs: readonly Program[] = Array.from(
  page.matchAll(/^```(?:js|python|sh)\n(?:\/\/|#) (\S+)\n([\s\S]*?)^```$/gm),
  ([, name, text]) => ({ name, text }),
);

const hasTfjs = existsSync(TFJS);
/** Whether they are installed; to import PyTorch takes seconds. */
const FIND = "from importlib.util import find_spec as find; assert find('numpy') and find('torch')";
const hasPython = succeeds(() => execFileSync(PYTHON, ['-c', FIND], { stdio: 'ignore' }));

/** What a program needs that isn't there; '' where nothing is missing. */
function missing(name: string): string {
  if (/^tfjs-/.test(name) && !hasTfjs) return 'TensorFlow.js (npm ci --prefix bench)';
  if (/\.py$|^from-torch/.test(name) && !hasPython) return `NumPy and PyTorch for ${PYTHON}`;
  return '';
}

let folder: string;
const said = new Map<string, string>();
beforeAll(async () => {
  folder = temporaryFolder();
  // A package of its own, whatever is in the folders above.
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(await fastPackage(), join(folder, 'node_modules', 'degelo'));
  if (hasTfjs) symlinkSync(TFJS, join(folder, 'node_modules', '@tensorflow'));
  // A model by TensorFlow.js, which tfjs-write.mjs replaces where it can.
  cpSync(at('fixtures/exchange/tfjs'), join(folder, 'their-model'), { recursive: true });
});

async function run({ name, text }: Program): Promise<string> {
  writeFileSync(join(folder, name), text);
  if (name.endsWith('.sh')) return runCommands(text);
  const program = name.endsWith('.py') ? PYTHON : process.execPath;
  return (await promisify(execFile)(program, [name], { cwd: folder })).stdout;
}

/** The commands of degelo, in this process. */
async function runCommands(text: string): Promise<string> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    let printed = '';
    for (const line of text.split('\n').filter((line) => line.startsWith('degelo '))) {
      const { code, stdout, stderr } = await degeloHere(...wordsOf(line));
      expect({ code, stderr }, line).toEqual({ code: 0, stderr: '' });
      printed += stdout;
    }
    return printed;
  } finally {
    process.chdir(before);
  }
}

/** The arguments of a command line without quotes, up to its comment. */
function wordsOf(line: string): string[] {
  return line.replace(/ #.*/, '').trim().split(/\s+/).slice(1);
}

/** Numbers that a program printed last. */
const numbers = (name: string): number[] =>
  (said.get(name) ?? '').trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];

/** What must hold of a program's output. */
const checks: Readonly<Record<string, (output: string) => void>> = {
  'make.mjs': () => expectSame('make.mjs', 'make.mjs'),
  'convert.sh': (output) => {
    expect(output.match(/4 tensors, 151 parameters/g)).toHaveLength(8);
    for (const file of ['weights.npz', 'weights.safetensors']) {
      expect(readFileSync(join(folder, file))).toEqual(
        readFileSync(join(folder, `my-model.${file.split('.')[1]}`)),
      );
    }
    for (const file of ['for-the-browser', 'restored-js']) {
      expect(readFileSync(join(folder, file, 'weights.bin'))).toEqual(
        readFileSync(join(folder, 'my-model-js/weights.bin')),
      );
    }
  },
  'tfjs-read.mjs': () => expectSame('tfjs-read.mjs', 'make.mjs'),
  'tfjs-write.mjs': () => expect(existsSync(join(folder, 'their-model/weights.bin'))).toBe(true),
  'train-on.mjs': (output) => expect(output).toBe('true\n'),
  'torch_predict.py': () => expectSame('torch_predict.py', 'make.mjs'),
  'torch_write.py': () => expect(numbers('torch_write.py')).toHaveLength(3),
  'from-torch.mjs': () => expectSame('from-torch.mjs', 'torch_write.py'),
  'safetensors_read.py': (output) => {
    expect(output).toBe(
      'conv2d/kernel (3, 3, 1, 4) True\nconv2d/bias (4,) True\ndense/kernel (36, 3) True\ndense/bias (3,) True\n',
    );
  },
};

/** Predictions of four digits, which may differ by one in the last. */
function expectSame(name: string, other: string): void {
  expect(numbers(name)).toHaveLength(3);
  for (const [i, p] of numbers(name).entries()) expect(Math.abs(p - numbers(other)[i])).toBeLessThan(1.5e-4);
}

describe('docs/exchange.md', () => {
  it('has the programs that are checked here, and no other', () => {
    expect(programs.map(({ name }) => name)).toEqual(Object.keys(checks));
    expect(page.match(/^```\w/gm)).toHaveLength(programs.length);
  });

  for (const program of programs) {
    const why = missing(program.name);
    it.skipIf(why !== '')(
      `${program.name} does what the page says${why && `: skipped, there is no ${why}`}`,
      async () => {
        said.set(program.name, await run(program));
        checks[program.name](said.get(program.name) ?? '');
      },
    );
  }
});

function succeeds(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
