/** The built package in bundles, as servers and pages have them. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { build as viteBuild } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyProject } from '../empty-project.ts';
import { findChromium } from '../engines/find-chromium.mjs';
import { goldenImages } from '../golden/images.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = emptyProject();
  for (const name of ['dot', 'spot']) {
    mkdirSync(join(folder, 'photos', name), { recursive: true });
    writeFileSync(join(folder, 'photos', name, '1.png'), Buffer.from(DOT, 'base64'));
  }
});

/** A photo of one pixel. */
const DOT =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/**
 * What a server's program is made of, and what it prints: epochs trained, threads, what becomes of asking for threads, a batch of photos,
 * and what becomes of asking for digits.
 */
const SERVER = `import { dense, imageDataset, sequential } from 'degelo';
import { loadMnist } from 'degelo/mnist';
const model = sequential([dense({ units: 3, activation: 'softmax', inputShape: [4] })]);
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
model.fit(new Float32Array(40), new Int32Array(10)).then(({ history }) => {
  console.log(history.loss.length, model.threads);
  try { model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', threads: 2 }); }
  catch (error) { console.log(error.name); }
  try { imageDataset('photos', { size: 8, threads: 2 }); }
  catch (error) { console.log(error.message.slice(0, 38)); }
  return imageDataset('photos', { size: 8 }).train().next();
}).then(({ value }) => {
  console.log(value[1].length);
  return loadMnist();
}).catch(({ message }) => console.log(message));`;

/** Bundlers as servers use them; each gives the program's file. */
const BUNDLERS: Readonly<Record<string, () => Promise<string>>> = {
  'esbuild, esm': () => byEsbuild('esm'),
  'esbuild, esm, with a banner': () => byEsbuild('esm', BANNER),
  'esbuild, cjs': () => byEsbuild('cjs'),
  'vite, ssr': async () => {
    const outDir = join(folder, 'ssr');
    const entry = join(folder, 'server.mjs');
    writeFileSync(entry, SERVER);
    await viteBuild({
      ...{ configFile: false, root: folder, logLevel: 'silent' },
      build: { ssr: entry, outDir },
      ssr: { noExternal: true },
    });
    return join(outDir, 'server.js'); // the project's package.json says that such are modules
  },
};

/** What people put before modules that esbuild makes, for dependencies that are CommonJS. */
const BANNER = `import { createRequire } from 'module'; import { fileURLToPath } from 'url'; import path, { dirname } from 'path';
const require = createRequire(import.meta.url); const __filename = fileURLToPath(import.meta.url); const __dirname = dirname(__filename);`;

async function byEsbuild(format: 'esm' | 'cjs', js = ''): Promise<string> {
  const outfile = join(folder, format === 'esm' ? 'app.mjs' : 'app.cjs');
  await build({
    ...{ stdin: { contents: SERVER, resolveDir: folder }, outfile, format, bundle: true, platform: 'node' },
    // This checkout's own leads to the sources.
    ...{ tsconfigRaw: {}, logLevel: 'silent', banner: { js } },
  });
  return outfile;
}

describe('a program for Node that was bundled', () => {
  it.each(Object.keys(BUNDLERS))(
    '(%s) trains on the calling thread after one warning that says what to do',
    async (bundler) => {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [await BUNDLERS[bundler]()], {
        cwd: folder,
      });
      expect(stdout).toMatch(
        /^1 0\nRangeError\nimageDataset: threads must be 0 here: \n2\nnpm package mnist 1.1.0: not beside the library, as in a bundle, .*loadMnist\(\{ source: .*\n$/,
      );
      const warnings = stderr.match(/worker threads can't start: .*/g);
      expect(warnings).toHaveLength(1);
      for (const remedy of ['--external:degelo', 'serverExternalPackages', 'ssr']) {
        expect(warnings?.[0]).toContain(remedy);
      }
    },
  );
});

describe('the built package', () => {
  it('imports users’ modules by what bundlers leave alone, and holds nothing that rollup warns of', () => {
    const text = readFileSync(join(root, 'dist/training/session/importing.js'), 'utf8');
    expect(text).toContain('import(/* webpackIgnore: true */ /* @vite-ignore */ url)');
    expect(text).not.toMatch(/\bthis &&/);
  });

  it('names beside import.meta.url only files that are there, and no package where require is made: Next.js’ bundler looks for them', () => {
    const dist = join(root, 'dist');
    const scripts = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /^(?!page|cli|browser\/).*\.js$/.test(name),
    );
    const named = scripts.flatMap((name) => {
      const text = readFileSync(join(dist, name), 'utf8');
      expect(text).not.toMatch(/\brequireFrom\([^)]*\)\(['"]/);
      const files = text.matchAll(/new URL\(['"]([^'"]+)['"], import\.meta\.url\)/g);
      return Array.from(files, ([, file]) => join(dist, dirname(name), file));
    });
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((file) => !statSync(file, { throwIfNoEntry: false })?.isFile())).toEqual([]);
  });

  it('has no map that leads to a source which it has not: vite’s server warns of each', () => {
    const folder = join(root, 'dist/kernels/plain64');
    expect(readdirSync(folder).filter((name) => name.endsWith('.map'))).toEqual([]);
    expect(readFileSync(join(folder, 'bias.js'), 'utf8')).not.toContain('sourceMappingURL');
  });
});

describe('degelo/browser', () => {
  it('names no package, and starts the worker beside it', async () => {
    const text = readFileSync(join(root, 'dist/browser/degelo.js'), 'utf8');
    // By a parser: messages, too, say what a program may import.
    const { metafile } = await build({
      ...{ entryPoints: [join(root, 'dist/browser/degelo.js')], write: false, metafile: true },
      ...{ bundle: true, packages: 'external', format: 'esm', tsconfigRaw: {} },
    });
    const [input] = Object.values(metafile.inputs);
    expect(input.imports).toEqual([]);
    expect(text).toMatch(/new Worker\(new URL\(["`']\.\/worker\.js["`'],import\.meta\.url\)/);
  });

  it.skipIf(!findChromium())(
    'gives Node’s bits in Chromium, on two threads of an isolated page under a strict policy',
    async () => {
      const { chromium } = await import('playwright-core');
      const { ISOLATION, STRICT_WASM, serve } = await import('../browsers/serve.mjs');
      const golden = readFileSync(join(root, 'test/golden/run.mjs'), 'utf8');
      writeFileSync(
        join(folder, 'golden.mjs'),
        golden.replace('../../dist/index.js', './node_modules/degelo/dist/browser/degelo.js'),
      );
      writeFileSync(join(folder, 'images.json'), JSON.stringify(goldenImages().map((bytes) => [...bytes])));
      writeFileSync(
        join(folder, 'page.mjs'),
        `import { goldenRun } from './golden.mjs';
         const digits = (await (await fetch('images.json')).json()).map((bytes) => Uint8Array.from(bytes));
         globalThis.result = goldenRun(digits, { kernel: 'simd', threads: 2 });`,
      );
      writeFileSync(join(folder, 'index.html'), '<script type="module" src="page.mjs"></script>');
      const site = await serve(folder, { ...ISOLATION, ...STRICT_WASM });
      const browser = await chromium.launch({ executablePath: findChromium() as string });
      try {
        const page = await browser.newPage();
        await page.goto(`${site.origin}/`);
        // A function: the page's policy refuses a text from the second look on.
        const isThere = () => (globalThis as { result?: unknown }).result;
        const result = await page.waitForFunction(isThere, undefined, { polling: 100 });
        expect(await result.jsonValue()).toEqual(
          JSON.parse(readFileSync(join(root, 'test/golden/golden.json'), 'utf8')),
        );
      } finally {
        await browser.close();
        await site.close();
      }
    },
  );
});
