/** Sites to open: the packed package, installed as npm installs it, with each bundler and without one. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { goldenImages } from '../golden/images.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const HERE = fileURLToPath(new URL('.', import.meta.url));

/** A folder with the package installed, and the page's program. */
export function install() {
  const folder = mkdtempSync(join(tmpdir(), 'degelo-browsers-'));
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: ROOT });
  const [tarball] = readdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
  execFileSync('npm', ['i', '--silent', '--no-audit', '--no-fund', `./${tarball}`], { cwd: folder });
  cpSync(join(HERE, 'page.mjs'), join(folder, 'page.mjs'));
  const golden = readFileSync(join(ROOT, 'test/golden/run.mjs'), 'utf8');
  writeFileSync(join(folder, 'golden.mjs'), golden.replace('../../dist/index.js', 'degelo'));
  return folder;
}

/**
 * How a site is made, by its name: what the bundler says meanwhile is returned.
 * @type {Readonly<Record<string, (folder: string, site: string) => Promise<string[]>>>}
 */
export const SITES = {
  async unbundled(folder, site) {
    cpSync(join(folder, 'node_modules/degelo/dist'), join(site, 'dist'), { recursive: true });
    cpSync(join(folder, 'node_modules/flatbuffers/mjs'), join(site, 'flatbuffers'), { recursive: true });
    cpSync(join(folder, 'golden.mjs'), join(site, 'golden.mjs'));
    cpSync(join(folder, 'page.mjs'), join(site, 'page.mjs'));
    page(site, 'page.mjs', {
      degelo: './dist/index.js',
      flatbuffers: './flatbuffers/flatbuffers.js',
      '#files': './dist/formats/files-none.js',
      '#save': './dist/formats/save-none.js',
      '#unpacker': './dist/formats/unpacker-none.js',
      '#photos': './dist/data/photos/folder-none.js',
      '#libjpeg-turbo': './dist/data/libjpeg-turbo/wasm.mjs',
      '#pool': './dist/training/threads/pool-web.js',
    });
    return [];
  },
  async prebuilt(folder, site) {
    cpSync(join(folder, 'node_modules/degelo/dist/browser'), join(site, 'degelo'), { recursive: true });
    for (const name of ['golden.mjs', 'page.mjs']) {
      const text = readFileSync(join(folder, name), 'utf8');
      writeFileSync(join(site, name), text.replace("from 'degelo'", "from './degelo/degelo.js'"));
    }
    page(site, 'page.mjs');
    return [];
  },
  async esbuild(folder, site) {
    const { build } = await import('esbuild');
    const { warnings } = await build({
      entryPoints: { page: join(folder, 'page.mjs'), worker: 'degelo/worker' },
      absWorkingDir: folder,
      outdir: site,
      bundle: true,
      format: 'esm',
      logLevel: 'silent',
    });
    page(site, 'page.js');
    return warnings.map(({ text }) => text);
  },
  async vite(folder, site) {
    const { build } = await import('vite');
    const warnings = [];
    const note = (/** @type {string} */ text) => void warnings.push(text);
    page(folder, 'page.mjs');
    await build({
      configFile: false,
      root: folder,
      customLogger: {
        info() {},
        warn: note,
        warnOnce: note,
        error: note,
        clearScreen() {},
        hasErrorLogged: () => false,
        hasWarned: false,
      },
      build: { outDir: site, emptyOutDir: false, target: 'es2022' },
    });
    return warnings;
  },
  async rollup(folder, site) {
    const { rollup } = await import('rollup');
    const warnings = [];
    const bundle = await rollup({
      input: join(folder, 'page.mjs'),
      onwarn: ({ message }) => void warnings.push(message),
      plugins: [await browserResolve(folder)],
    });
    await bundle.write({ dir: site, format: 'es', entryFileNames: 'page.js' });
    cpSync(join(folder, 'node_modules/degelo/dist/browser/worker.js'), join(site, 'worker.js'));
    page(site, 'page.js');
    return warnings;
  },
  async webpack(folder, site) {
    const { default: webpack } = await import('webpack');
    const stats = await new Promise((resolve, reject) =>
      webpack(
        {
          mode: 'production',
          context: folder,
          entry: './page.mjs',
          output: { path: site, filename: 'page.js', module: true },
          experiments: { outputModule: true },
          performance: { hints: false },
        },
        (error, result) => (error ? reject(error) : resolve(result)),
      ),
    );
    const { warnings = [], errors = [] } = stats.toJson({ all: false, warnings: true, errors: true });
    page(site, 'page.js');
    return [...errors, ...warnings].map(({ message }) => message);
  },
};

/** What @rollup/plugin-node-resolve does, as far as this package needs it. @param {string} folder */
async function browserResolve(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'node_modules/degelo/package.json'), 'utf8'));
  return {
    name: 'browser-resolve',
    /** @param {string} id */
    resolveId(id) {
      if (id === 'flatbuffers') return join(folder, 'node_modules/flatbuffers/mjs/flatbuffers.js');
      const own = manifest.imports[id] ?? (id === 'degelo' ? manifest.exports['.'] : null);
      if (!own) return null;
      const path = typeof own === 'string' ? own : (own.browser ?? own.default);
      return join(folder, 'node_modules/degelo', path);
    },
  };
}

/** Writes index.html and the images. @param {string} site @param {string} program @param {object} [imports] an import map */
function page(site, program, imports) {
  mkdirSync(site, { recursive: true });
  const map = imports ? `<script type="importmap">${JSON.stringify({ imports })}</script>` : '';
  writeFileSync(
    join(site, 'index.html'),
    `<!doctype html><meta charset="utf-8"><title>degelo</title>${map}<script type="module" src="./${program}"></script>`,
  );
  const images = goldenImages().map((bytes) => Array.from(bytes));
  mkdirSync(join(site, 'public'), { recursive: true });
  for (const path of ['images.json', 'public/images.json'])
    writeFileSync(join(site, path), JSON.stringify(images));
}
