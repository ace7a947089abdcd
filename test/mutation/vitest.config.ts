/** The project's own tests, with one mistake in the sources: the one in the environment. */
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

const { file, from, to, text } = JSON.parse(process.env.DEGELO_MUTANT ?? '{}');

export default mergeConfig(
  base,
  defineConfig({
    root: fileURLToPath(new URL('../..', import.meta.url)),
    plugins: [
      {
        name: 'mutant',
        enforce: 'pre',
        transform: (code, id) =>
          file && id.endsWith(`/${file}`) ? code.slice(0, from) + text + code.slice(to) : null,
      },
    ],
  }),
);
