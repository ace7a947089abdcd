/** The golden run as one script, as a bundler makes it for a page or an edge runtime. */

/**
 * @param {{ format: 'iife' | 'esm', contents?: string, conditions?: string[] }} kind `contents`: the program, with goldenRun in ./run.mjs
 * @returns {Promise<string>}
 */
export async function bundle({ format, contents = "export * from './run.mjs';", conditions = [] }) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: new URL('../golden/', import.meta.url).pathname },
    ...{ bundle: true, platform: 'browser', format, conditions, globalName: 'golden', write: false },
    // This checkout's own tsconfig.json leads to the sources; users' bundlers read package.json's "imports".
    ...{ tsconfigRaw: {}, logLevel: 'silent' },
  });
  return outputFiles[0].text;
}
