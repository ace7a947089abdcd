/**
 * Part of the build: files with all that they import, by esbuild.
 *
 *   formats/noble.js    what is used of @noble/hashes, so that browsers need no name of a package to load it
 *   formats/fflate.js   likewise of fflate
 *   browser/worker.js   `degelo/worker`, the program of a Web Worker, for where nobody makes a file of it: bundlers and pages
 *                       that load dist/index.js find the unbundled one by themselves
 *   browser/degelo.js   `degelo/browser`, the whole library, whose threads run the worker.js beside it
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

/** @type {import('esbuild').BuildOptions} */
const COMMON = {
  outdir: dist,
  bundle: true,
  platform: 'browser',
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  // This checkout's own leads to the sources.
  tsconfigRaw: {},
  logLevel: 'warning',
};

// tsc puts a function around an import of what isn't written out, which is there for `./x.ts`: here it is a user's URL, and rollup
// warns of the function. As many lines stay, for the source map.
const importing = `${dist}training/session/importing.js`;
const text = readFileSync(importing, 'utf8');
const helper = /^var __rewriteRelativeImportExtension = [\s\S]*?^};\n/m;
const call = /__rewriteRelativeImportExtension\((.*)\)\)/;
if (call.test(text)) {
  writeFileSync(importing, text.replace(helper, (lines) => lines.replace(/[^\n]/g, '')).replace(call, '$1)'));
}

/** Puts what is used of a package, with its licence, in the place of the file that imports it. @param folder where its licence is */
async function embed(name, from, folder) {
  // tsc leaves the file alone unless its source changed.
  if (!readFileSync(`${dist}formats/${name}.js`, 'utf8').includes(`from '${from}`)) return;
  const license = readFileSync(join(folder, 'LICENSE'), 'utf8');
  await build({
    ...COMMON,
    entryPoints: { [`formats/${name}`]: `${dist}formats/${name}.js` },
    allowOverwrite: true,
    banner: { js: `/*! ${name}\n${license.trim()} */` },
  });
}

const { resolve } = createRequire(import.meta.url);
await embed('noble', '@noble/hashes/', dirname(resolve('@noble/hashes/sha2.js')));
await embed('fflate', 'fflate', join(dirname(resolve('fflate')), '..'));

/** Images of MNIST and the worker's program are elsewhere from where dist/browser/degelo.js is. */
const places = {
  name: 'places',
  setup({ onLoad }) {
    const edit = (filter, from, to) =>
      onLoad({ filter }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        if (!text.includes(from)) throw new Error(`${path}: expected ${from}`);
        return { contents: text.replaceAll(from, to), loader: 'js' };
      });
    edit(/pool-web\.js$/, "'./worker-web.js'", "'./worker.js'");
  },
};

await build({
  ...COMMON,
  entryPoints: {
    'browser/worker': `${dist}training/threads/worker-web.js`,
    'browser/degelo': `${dist}browser.js`,
  },
  plugins: [places],
  minify: true,
});
