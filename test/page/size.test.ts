/** How much of the page comes over the network before it trains: what vite made of it, in dist/page. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const site = fileURLToPath(new URL('../../dist/page/', import.meta.url));

/** A program with all that it imports at once, and not what it imports where that is wanted. */
function withImports(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  const text = readFileSync(join(site, file), 'utf8');
  for (const [, target] of text.matchAll(/\b(?:from|import)\s*"(\.\.?\/[^"]+)"/g)) {
    withImports(join(file, '..', target), found);
  }
  return found;
}

const packed = (files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(site, file)), { level: 9 }).length, 0);

describe('the page as it is built', () => {
  const programs = ['main.js', 'worker.js', 'thread.js'];
  const first = programs.reduce((found, file) => withImports(file, found), new Set<string>());

  it('is at most 120 KB, packed, with its Workers and their threads, until it trains', () => {
    const kilobytes = packed([...first, 'index.html', 'main.css', 'isolate.js']) / 1000;
    expect(kilobytes).toBeLessThan(120);
    expect(kilobytes).toBeGreaterThan(80); // the imports were found
  });

  it('loads what shows a trained network, what reads models of others, and Portuguese, where they are wanted', () => {
    const others = readdirSync(join(site, 'chunks')).filter((file) => !first.has(join('chunks', file)));
    const later = (name: RegExp) => others.some((file) => name.test(file));
    const names = [
      /^gradient/,
      /^digit/,
      /^own\./,
      /^proof/,
      /^any-model/,
      /^own-classes/,
      /^pt/,
      /^keras-write/,
    ];
    expect(names.filter((name) => !later(name))).toEqual([]);
  });

  it('has nothing first that the page never asks of the library, and the table of a plan where a training begins', () => {
    const holding = (text: string) =>
      [...first].filter((file) => readFileSync(join(site, file), 'utf8').includes(text));
    const later = [
      'Kept for backward',
      'validationSplit must leave',
      'must have only xs and ys',
      'Evaluation',
      // What only programs of others hear.
      'own threads, got',
      'leaves the files out',
      'put degelo/worker on the server',
    ];
    for (const text of later) expect(holding(text), text).toEqual([]);
    expect(holding("can't be downloaded")).not.toEqual([]); // texts are found
  });

  it('has nothing import a program’s own file, which WebKit would run once more, so that two answer each call', () => {
    const chunks = readdirSync(join(site, 'chunks')).map((file) => join(site, 'chunks', file));
    const importing = chunks.filter((file) =>
      programs.some((program) => readFileSync(file, 'utf8').includes(`"../${program}"`)),
    );
    expect(importing).toEqual([]);
  });

  it('ships no code twice: each kernel stands in one file', () => {
    const files = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.js'),
    );
    const holding = (text: string) =>
      files.filter((file) => readFileSync(join(site, file), 'utf8').includes(text));
    expect(holding('accumulatedDelta')).toHaveLength(1);
    expect(holding('kernel simd needs WebAssembly SIMD')).toHaveLength(1);
  });
});
