import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Relaxed SIMD, which the fma kernels need, is behind a flag until Node 22.
const relaxedSimd =
  Number(process.versions.node.split('.')[0]) < 22 ? ['--experimental-wasm-relaxed-simd'] : [];

export default defineConfig({
  resolve: {
    // package.json's "imports" point into dist/; tests run the sources.
    alias: {
      '#files': fileURLToPath(new URL('src/formats/files-node.ts', import.meta.url)),
      '#pool': fileURLToPath(new URL('test/pool.ts', import.meta.url)),
    },
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    execArgv: relaxedSimd,
    // What users get is loaded by Node itself, without the alias above.
    server: { deps: { external: [/\/dist\//] } },
    // Of the sources alone: child processes and worker threads run dist/, which counts as nothing here.
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary'],
      thresholds: { lines: 95, branches: 95 },
    },
  },
});
