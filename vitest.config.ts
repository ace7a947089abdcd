import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

// Relaxed SIMD, which the fma kernels need, is behind a flag until Node 22.
const relaxedSimd =
  Number(process.versions.node.split('.')[0]) < 22 ? ['--experimental-wasm-relaxed-simd'] : [];

/** Test files that need a process of their own, and why. */
const ALONE = [
  'test/cli/saver.test.ts', // replaces a module
  'test/gradcheck/command.test.ts', // replaces a module
  'test/training/{extending,own-parts}.test.ts', // register layers, losses, optimizers and metrics for good
  'test/training/long-use.test.ts', // measures the memory of its process
  'test/fuzz/fuzz.test.ts', // so does this
];

/** Test files that calculate for long and reach little that others don't: without coverage, whose counters slow the engine by a third. */
const UNCOUNTED = [
  'test/formats/odd-values.test.ts',
  'test/mutants/*.test.ts',
  'test/golden/golden.test.ts',
  'test/gradcheck/suite.test.ts',
  'test/kernels/{plain64,sums-accuracy}.test.ts',
  'test/kernels/simd/{simd,long-sums}.test.ts',
  'test/parity/{applications,keras-networks,torch}.test.ts',
  'test/properties/{library,training}.test.ts',
  'test/report/errors-pt.test.ts',
];

/** What tools say of the package: `npm run lint`. */
const PACKAGE = ['test/package/{lint,types}.test.ts'];

export default defineConfig({
  resolve: {
    // package.json's "imports" point into dist/; tests run the sources.
    alias: {
      '#files': fileURLToPath(new URL('src/formats/files-node.ts', import.meta.url)),
      '#save': fileURLToPath(new URL('src/formats/save-model.ts', import.meta.url)),
      '#unpacker': fileURLToPath(new URL('src/formats/unpacker-node.ts', import.meta.url)),
      '#libjpeg-turbo': fileURLToPath(new URL('dist/data/libjpeg-turbo/wasm.mjs', import.meta.url)),
      '#photos': fileURLToPath(new URL('test/photos.ts', import.meta.url)),
      '#mnist': fileURLToPath(new URL('src/formats/mnist-node.ts', import.meta.url)),
      '#pool': fileURLToPath(new URL('test/pool.ts', import.meta.url)),
    },
  },
  test: {
    // What index.ts does first: tests of one module know layers, losses and optimizers by their names too.
    setupFiles: ['src/everything.ts'],
    globalSetup: ['test/temporary.ts'],
    // One file at a time more than there are cores, since many wait: for child processes, browsers, threads. All but those that stand
    // alone share a process with files before them, which loads and compiles the sources once: a process a file costs more than most
    // files' tests.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'alone', include: ALONE } },
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [...ALONE, ...UNCOUNTED, ...PACKAGE],
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'uncounted', include: UNCOUNTED, isolate: false, env: { UNCOUNTED: 'yes' } },
      },
      { extends: true, test: { name: 'package', include: PACKAGE } },
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    execArgv: relaxedSimd,
    // What users get is loaded by Node itself, without the alias above.
    server: { deps: { external: [/\/dist\//] } },
    // Of the sources alone: child processes and worker threads run dist/, which counts as nothing here.
    coverage: {
      provider: 'custom',
      customProviderModule: fileURLToPath(new URL('test/coverage.ts', import.meta.url)),
      include: ['src/**/*.ts'],
      // What runs in browsers alone is tested there, from the packed package: npm run browsers.
      exclude: [
        'src/training/threads/{pool-web,web-program,web-thread,worker-web}.ts',
        'src/training/saved/{browser-files,indexed-db}.ts',
        'src/page/*.ts',
        'src/page/{parts,view}/!(own-list|bars|chart|flow|pixels|strokes).ts',
        'src/page/work/studio.ts',
      ],
      reporter: ['text-summary'],
      thresholds: { lines: 97, branches: 94 },
    },
  },
});
