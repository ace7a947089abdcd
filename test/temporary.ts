/**
 * Where tests write: in a folder of this run's own below the system's temporary one, which goes away after the last test with all that is
 * in it. So no test has to clean up, not even one that fails, nor the programs and browsers that it starts.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const NAME = 'degelo-tests-';

/** Vitest calls it before the tests, once for each project: the first makes the folder. @returns what it calls after the last one */
export function setup(): (() => void) | undefined {
  if (basename(tmpdir()).startsWith(NAME)) return;
  const folder = mkdtempSync(join(tmpdir(), NAME));
  // tmpdir() asks these, on Windows too.
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

/** A new folder there. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'test-'));
}
