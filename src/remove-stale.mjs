/**
 * Part of the build: removes from dist/ what an earlier build made of a source that is gone since. tsc leaves it there, and the
 * package would hold it.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const SRC = fileURLToPath(new URL('./', import.meta.url));

for (const name of readdirSync(DIST, { recursive: true })) {
  const declared = name.match(/^(.*)\.d\.(c?)ts$/); // tsc alone writes these
  if (declared === null) continue;
  const [, stem, c] = declared;
  if (existsSync(`${SRC}${stem}.${c}ts`)) continue;
  for (const end of [`.d.${c}ts`, `.${c}js`, `.${c}js.map`]) rmSync(`${DIST}${stem}${end}`, { force: true });
}
