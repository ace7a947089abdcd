/**
 * Part of the build: the page of `degelo page`, by vite, from src/page to dist/page. It needs the images that pack-mnist.mjs packs, and is
 * made only where a source is newer than it.
 *
 *   index.html, main.js, main.css   the page
 *   worker.js                       the library in a Worker, and the program of its threads, thread.js; both share chunks. What
 *                                   isn't needed to train is loaded where it is wanted: parts further down, models of others, own classes, Portuguese
 *   isolate.js                      a service worker for hosts without headers
 *   mnist/                          the images; the package has them once, in dist/data/mnist
 */
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const OUT = path('../dist/page/');

/** Modules, as the library's own files import them, for which page/work/never.ts stands. */
const NEVER = [
  '../model/rehearsals.ts',
  '../model/summary.ts',
  './stream.ts',
  './loop/stream-source.ts',
  './loop/split.ts',
  './callbacks/progress-line.ts',
  './printed.ts',
  './kind.ts', // of the images, beside data/idx.ts: the page says in its own words that they are damaged
];

if (isOld()) {
  const { build } = await import('vite');
  await build({
    configFile: false,
    root: path('./page/'),
    base: './',
    logLevel: 'warn',
    resolve: {
      // What package.json's "imports" say for browsers, of the sources.
      alias: {
        '#files': path('./formats/files-none.ts'),
        '#save': path('./formats/save-none.ts'),
        '#unpacker': path('./formats/unpacker-none.ts'),
        '#libjpeg-turbo': path('../dist/data/libjpeg-turbo/wasm.mjs'),
        '#photos': path('./data/photos/folder-none.ts'),
        '#mnist': path('./formats/mnist-web.ts'),
        '#pool': path('./training/threads/pool-web.ts'),
        // What the page never does.
        ...Object.fromEntries(NEVER.map((module) => [module, path('./page/work/never.ts')])),
      },
    },
    plugins: [places(), noProperties(), flush(), plainImports()],
    // Comlink's licence stays with it.
    esbuild: { legalComments: 'inline' },
    build: {
      outDir: OUT,
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: false,
      assetsInlineLimit: 0,
      rollupOptions: {
        // Parts that are loaded later import what they share with a Worker's program from a chunk, never from the program's own file:
        // WebKit runs that once more then, and two studios answer each call.
        preserveEntrySignatures: 'strict',
        input: {
          main: path('./page/index.html'),
          worker: path('./page/worker.ts'),
          thread: path('./page/thread.ts'),
        },
        output: {
          // Smaller chunks are packed worse than as a part of others.
          experimentalMinChunkSize: 700,
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name].js',
          assetFileNames: '[name][extname]',
        },
      },
    },
  });
  // Vite copies what is in public/ as it is.
  const { transform } = await import('esbuild');
  const isolate = await transform(readFileSync(`${OUT}isolate.js`, 'utf8'), { minify: true });
  writeFileSync(`${OUT}isolate.js`, isolate.code);
  cpSync(path('../dist/data/mnist/'), `${OUT}mnist`, { recursive: true });
}

/** Threads' program and images are beside the Worker's program, which the addresses are relative to; what the page never says is left out. */
function places() {
  const edits = [
    [/pool-web\.ts$/, "'./worker-web.js', import.meta.url", "'./thread.js', self.location.href"],
    // The page's own pool sends nothing else.
    [/threads\/worker\.ts$/, 'expectTask(task);', ''],
    // The page asks between two steps.
    [/(buildable-layer|connected-layers|training\/model)\.ts$/, /expectBetweenSteps\(.*?;/gs, ''],
    [/formats\/sha256\.ts$/, /await betweenSteps\(.*?, \(\) => (.*?)\)\);\n/, '$1);\n'],
    // Its models share no layers.
    [/layers\/turns\.ts$/, /const who = .*?;/s, "const who = 'this model';"],
    // There is no command line.
    [/session-memory\.ts$/, ' (on the command line: --memory)', ''],
    // What to do the page says in its own words.
    [/web-thread\.ts$/, /(the workers' program can't be loaded): .*?;/s, '$1";'],
    [/mnist-web\.ts$/, /(IN_(BUNDLES|FOLDERS)) =.*?;/gs, "$1 = '';"],
    [/mnist-web\.ts$/, /'\.\.\/data\/(mnist\/[\w-]+\.gz)', import\.meta\.url/g, "'./$1', self.location.href"],
  ];
  return {
    name: 'places',
    enforce: /** @type {const} */ ('pre'),
    transform(/** @type {string} */ code, /** @type {string} */ id) {
      let edited = code;
      for (const [file, from, to] of edits) {
        if (!file.test(id)) continue;
        if (edited === edited.replace(from, to)) throw new Error(`${id}: expected ${from}`);
        edited = edited.replace(from, to);
      }
      return edited === code ? null : { code: edited, map: null };
    },
  };
}

/** What refuses assignments isn't in the page, where nobody can make any. */
function noProperties() {
  return {
    name: 'no-properties',
    enforce: /** @type {const} */ ('pre'),
    load: (/** @type {string} */ id) =>
      id === path('./checks/properties.ts')
        ? readFileSync(path('./page/work/no-properties.ts'), 'utf8')
        : null,
  };
}

/** index.html without its indentation, empty lines and comments, which nobody sees. */
function flush() {
  return {
    name: 'flush',
    transformIndexHtml: (/** @type {string} */ html) => html.replace(/^\s*<!--.*-->\n|^\s+/gm, ''),
  };
}

/** Parts that are loaded later are imported without vite's helper: page/load-again.mjs says why. */
function plainImports() {
  return {
    name: 'plain-imports',
    enforce: /** @type {const} */ ('pre'),
    load: (/** @type {string} */ id) =>
      id === '\0vite/preload-helper.js' ? readFileSync(path('./page/load-again.mjs'), 'utf8') : null,
  };
}

/** Whether a source was changed since the page was made. */
function isOld() {
  const made = statSync(`${OUT}index.html`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const src = path('./');
  return readdirSync(src, { recursive: true, encoding: 'utf8' }).some(
    (file) => /\.(ts|mjs|js|css|html)$/.test(file) && statSync(src + file).mtimeMs > made,
  );
}
