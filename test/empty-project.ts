/** A project of a user's, for tests of the built package. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './temporary.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/**
 * An empty folder in which the built package is installed.
 * @param degelo the package's folder
 */
export function emptyProject(degelo = ROOT): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(degelo, join(folder, 'node_modules', 'degelo'), 'junction');
  return folder;
}
