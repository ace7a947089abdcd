/** Of a test file that has run: which of the places that are counted (see `reach.mjs`) it reached. */
import { afterAll } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    reached?: number[];
  }
}

// biome-ignore lint/correctness/noEmptyPattern: vitest takes a pattern alone, of fixtures
afterAll(({}, file) => {
  const here = globalThis as { degeloReached?: true[] };
  file.meta.reached = Object.keys(here.degeloReached ?? []).map(Number);
  here.degeloReached = []; // the next file may run in the same process
});
