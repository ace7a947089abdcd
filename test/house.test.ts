/** The house is as src/README.md draws it: nobody imports from a floor above, and the lower floors run anywhere. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

const FLOORS: Readonly<Record<string, number>> = {
  tensor: 0,
  registry: 0,
  checks: 0,
  kernels: 1,
  data: 1,
  losses: 2,
  layers: 2,
  optimizers: 2,
  metrics: 2,
  model: 3,
  formats: 4,
  gradcheck: 4,
  training: 5,
  experiment: 6,
  report: 7,
  cli: 8,
  page: 8,
};

/** Folders that a browser loads; what differs there is after an import that starts with #. */
const ANYWHERE = [
  'tensor',
  'registry',
  'checks',
  'kernels',
  'layers',
  'losses',
  'optimizers',
  'metrics',
  'model',
  'gradcheck',
];

const src = fileURLToPath(new URL('../src/', import.meta.url));

interface Import {
  readonly file: string;
  readonly target: string;
}

const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.c?ts$/.test(file))
  .sort()
  .map((file) => ({ file, text: readFileSync(join(src, file), 'utf8') }));

/** Sources whose calls have as many arguments as an instruction has operands. */
const OPERANDS = ['kernels/simd/instructions.ts', 'kernels/simd/assembler.ts'];

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

/** What imports with a # lead to, in Node and elsewhere, as paths below src/: package.json names what is built of it. */
const chosen = new Map(
  Object.entries(manifest.imports).map(([name, places]) => [
    name,
    Object.values(places)
      .filter((place) => place.endsWith('.js'))
      .map((place) => place.replace(/^\.\/dist\/(.*)\.js$/, '$1.ts')),
  ]),
);

/** All imports of the sources, relative ones as paths below src/. */
const imports: Import[] = sources.flatMap(({ file, text }) => {
  const found = withoutComments(text).matchAll(/(?:from|import|import\() ?'([^']+)'/g);
  return Array.from(found, ([, target]) => ({
    file,
    target: target.startsWith('.') ? normalize(relative(src, join(src, dirname(file), target))) : target,
  }));
});

/** Files that import one another, directly or by way of others: each circle's, in order. */
function circles(): string[][] {
  const targets = new Map<string, string[]>();
  for (const { file, target } of imports) {
    targets.set(file, [...(targets.get(file) ?? []), ...(chosen.get(target) ?? [target])]);
  }
  const reachable = (from: string): Set<string> => {
    const seen = new Set<string>();
    const visit = (file: string): void => {
      for (const next of targets.get(file) ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        visit(next);
      }
    };
    visit(from);
    return seen;
  };
  const reached = new Map([...targets.keys()].map((file) => [file, reachable(file)]));
  const inCircle = [...reached.keys()].filter((file) => reached.get(file)?.has(file)).sort();
  const groups = inCircle.map((file) =>
    inCircle.filter((other) => reached.get(file)?.has(other) && reached.get(other)?.has(file)),
  );
  return groups.filter((group, i) => group[0] === inCircle[i]);
}

const folder = (path: string): string => path.split('/')[0];

describe('the house', () => {
  it('has a floor for every folder of src', () => {
    const folders = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(FLOORS).sort());
    expect(imports.length).toBeGreaterThan(300);
  });

  it('has no files that import one another in a circle, be it by what # imports choose', () => {
    expect(chosen.get('#files')).toContain('formats/files-node.ts');
    expect(circles()).toEqual([]);
  });

  it('has no import from a floor above', () => {
    const upward = imports.filter(
      ({ file, target }) => FLOORS[folder(target)] > (FLOORS[folder(file)] ?? Number.POSITIVE_INFINITY),
    );
    expect(upward).toEqual([]);
  });

  it('has nothing of Node on the floors that run anywhere', () => {
    const packages = imports.filter(
      ({ file, target }) =>
        ANYWHERE.includes(folder(file)) && !target.includes('/') && !target.endsWith('.ts'),
    );
    expect(packages).toEqual([]);
    expect(
      imports.filter(({ file, target }) => ANYWHERE.includes(folder(file)) && target.startsWith('node:')),
    ).toEqual([]);
  });

  it('has ndarray and ndarray-ops, which make code from strings, at their own entry alone', () => {
    const users = imports
      .filter(({ target }) => /^(ndarray|ndarray-ops)$/.test(target))
      .map(({ file }) => file);
    expect([...new Set(users)]).toEqual(['ndarray.ts']);
  });

  it('has nothing of Node behind its index, but for what # imports choose; of packages flatbuffers alone', () => {
    const reached = new Set<string>();
    const outside: Import[] = [];
    const visit = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const each of imports.filter((one) => one.file.replaceAll('\\', '/') === file)) {
        const target = each.target.replaceAll('\\', '/');
        if (target.endsWith('.ts')) visit(target);
        else if (!target.startsWith('#')) outside.push(each);
      }
    };
    visit('index.ts');
    expect(reached.has('data/png.ts')).toBe(true);
    expect(outside.map(({ file, target }) => `${file}: ${target}`)).toEqual([
      'formats/tflite/flatbuffer.ts: flatbuffers',
    ]);
  });

  it('has an index that registers everything and re-exports core.ts, which re-exports and does nothing', () => {
    const besideExports = (file: string): string =>
      readFileSync(join(src, file), 'utf8')
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/^\/\/.*$/gm, '')
        .replace(/export (type )?(\{[^}]*\}|\*) from '[^']+';/g, '')
        .trim();
    expect(besideExports('index.ts')).toBe("import './everything.ts';\nimport './habits.ts';");
    expect(besideExports('core.ts')).toBe('');
  });

  it('spreads nothing into arguments whose number a file decides: of 130,000 there is no room on the stack', () => {
    const spread =
      /\b(?:push|unshift|splice|concat|max|min|hypot|of|fromCharCode|fromCodePoint|apply)\((?:[^()[{]|\([^()]*\))*?\.\.\./g;
    const found = sources
      .filter(({ file }) => !OPERANDS.includes(file))
      .flatMap(({ file, text }) =>
        Array.from(withoutComments(text).matchAll(spread), ([call]) => `${file}: ${call}`),
      );
    expect(found).toEqual([]);
  });

  it('has commands that speak through one place, where nothing passes that steers a terminal', () => {
    const speaking = sources.filter(
      ({ file, text }) => file.startsWith('cli/') && /std(?:out|err)\.write\(|console\./.test(text),
    );
    // main.ts: the program's own help.
    expect(speaking.map(({ file }) => file)).toEqual(['cli/main.ts', 'cli/output.ts']);
  });

  it('parses JSON and opens files in one place each', () => {
    const using = (name: RegExp): string[] =>
      sources.filter(({ text }) => name.test(withoutComments(text))).map(({ file }) => file);
    expect(using(/JSON\.parse\(/)).toEqual(['formats/json.ts', 'training/threads/worker.ts']);
    expect(using(/\b(?:readFileSync|readFile|createReadStream|openSync)\(/)).toEqual([
      'cli/folder-lock.ts', // Linux' own files about processes
      'data/regular-file.ts',
      'training/threads/processors.ts', // Linux' own files about a process's share of the cores
    ]);
  });
});
