/** A bundle that holds a layer or an optimizer holds the kernels that it calls: the module itself, or one that it imports, needs their groups. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { KernelGroup } from '../../src/kernels/groups.ts';

const source = fileURLToPath(new URL('../../src', import.meta.url));
const textOf = (file: string): string => readFileSync(file, 'utf8');
const filesOf = (folder: string): string[] =>
  readdirSync(join(source, folder)).map((name) => join(source, folder, name));

/** By a kernel, the groups that have it; what any model that is compiled has too isn't asked for. */
const groups = new Map<string, string[]>();
const training = textOf(join(source, 'kernels/groups/training.ts'));
for (const file of filesOf('kernels/groups')) {
  if (basename(file) === 'training.ts' || training.includes(`./${basename(file)}`)) continue;
  const exported = (await import(/* @vite-ignore */ file)) as Record<string, KernelGroup>;
  for (const [name, { plain }] of Object.entries(exported)) {
    for (const kernel of Object.keys(plain ?? {})) groups.set(kernel, [...(groups.get(kernel) ?? []), name]);
  }
}

/** The groups that a module needs, or what it imports of the same folder. */
function neededBy(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = textOf(file);
  const own = [...text.matchAll(/^needKernels\(([^)]*)\)/gm)].flatMap(([, names]) => names.split(', '));
  const imports = [...text.matchAll(/^import (?!type).*? from '(\.\/[^']+)'/gms)].map(([, path]) =>
    join(dirname(file), path),
  );
  return [...own, ...imports.flatMap((each) => neededBy(each, seen))];
}

/** Of a ReLU that is cut off: it may be folded into the layer before, and brings them. */
const FOLDED = /^clippedRelu/;

const callers = [...filesOf('layers'), ...filesOf('optimizers')]
  .filter((file) => file.endsWith('.ts'))
  .map((file) => {
    const called = [...textOf(file).matchAll(/[kK]ernels\.(\w+)\(/g)].map(([, kernel]) => kernel);
    return {
      file,
      kernels: [...new Set(called)].filter((kernel) => groups.has(kernel) && !FOLDED.test(kernel)),
    };
  })
  .filter(({ kernels }) => kernels.length > 0);

describe('the kernels that a module calls', () => {
  it('are those of many layers and optimizers', () => {
    expect(groups.size).toBeGreaterThan(30);
    expect(callers.length).toBeGreaterThan(20);
  });

  it.each(['relu.ts', 'more-activations.ts'])('%s: those of a ReLU that is cut off come with it', (name) => {
    expect(neededBy(join(source, 'layers', name))).toContain('clippedReluGroup');
  });

  it.each(callers.map(({ file, kernels }) => [basename(file), file, kernels] as const))(
    '%s: come with it',
    (_, file, kernels) => {
      const needed = neededBy(file);
      const absent = kernels.filter((kernel) => !groups.get(kernel)?.some((name) => needed.includes(name)));
      expect(absent).toEqual([]);
    },
  );
});
