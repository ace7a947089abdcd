/**
 * The built package with each entry in a file or two: a program begins with these in a third of the time that it takes to load some four
 * hundred, and tests start dozens of programs. For tests of what programs do; the package as it is published is tested in test/package/.
 */
import { existsSync, mkdtempSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Each module goes on to say that it lies where it was built, beside which it finds its threads' program and its digits. */
const ADDRESSES: Plugin = {
  name: 'addresses',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/].*\.m?js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return { contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)) };
    });
  },
};

/** Its folder, which the first to ask makes for all test files of the run. */
export async function fastPackage(): Promise<string> {
  const folder = join(tmpdir(), 'fast-package');
  if (existsSync(folder)) return folder;
  const own = mkdtempSync(`${folder}-`);
  const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8');
  writeFileSync(join(own, 'package.json'), manifest);
  await build({
    entryPoints: ['index', 'core', 'ndarray', 'mnist', 'cli/main'].map((name) =>
      join(ROOT, `dist/${name}.js`),
    ),
    ...{ outdir: join(own, 'dist'), outbase: join(ROOT, 'dist'), plugins: [ADDRESSES], logLevel: 'error' },
    ...{
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      tsconfigRaw: {},
    },
  });
  // What isn't a module of the library is the package's own.
  for (const name of ['node_modules', 'dist/browser', 'dist/data', 'docs'])
    symlinkSync(join(ROOT, name), join(own, name), 'junction');
  try {
    renameSync(own, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // another file was faster
  }
  return folder;
}
