/** Which tests could notice a mistake in a file: those that reach it by imports, the nearest first. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** What runs the built package, child processes or pages: a mistake in the sources never gets there. */
const ELSEWHERE = /^test\/(package|docs|engines|soak|mutants\/)/;

/**
 * @param {string} root
 * @returns {(file: string) => string[][]} test files in rings: those that import the file themselves, those that import what
 *   imports it, …
 */
export function testsByNearness(root) {
  const files = ['src', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => `${folder}/${file}`)
      .filter((file) => /\.m?ts$/.test(file)),
  );
  /** @type {Map<string, string[]>} what each file is imported by */
  const importers = new Map(files.map((file) => [file, []]));
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, target] of text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)) {
      importers.get(normalize(join(dirname(file), target)))?.push(file);
    }
  }
  return (start) => {
    const seen = new Set([start]);
    const rings = [];
    for (let ring = [start]; ring.length > 0; ) {
      const next = [...new Set(ring.flatMap((file) => importers.get(file) ?? []))].filter(
        (f) => !seen.has(f),
      );
      for (const file of next) seen.add(file);
      const tests = next.filter((file) => file.endsWith('.test.ts') && !ELSEWHERE.test(file));
      if (tests.length > 0) rings.push(tests);
      ring = next;
    }
    return rings;
  };
}
