/** What pages of the repository say of the code, as far as a test can know it. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);

describe('CONTRIBUTING’s table of dependencies', () => {
  it('has a row for each that package.json has, and no other', () => {
    const page = readFileSync(at('CONTRIBUTING.md'), 'utf8');
    const [, section] = page.split('## Dependencies at run time');
    const rows = Array.from(section.matchAll(/^\| ([@\w/, -]+?) \|/gm), ([, names]) => names.split(', '))
      .flat()
      .filter((name) => name !== 'package' && name !== '---');
    expect(rows.sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });
});

describe('SECURITY', () => {
  const page = readFileSync(at('SECURITY.md'), 'utf8');

  it('names files that are there', () => {
    const files = Array.from(page.matchAll(/`([\w-]+\/[\w/-]+\.ts)`/g), ([, file]) => file);
    expect(files.length).toBeGreaterThan(15);
    expect(files.filter((file) => !existsSync(at(`src/${file}`)))).toEqual([]);
  });

  it('names every package that users get', () => {
    expect(Object.keys(manifest.dependencies).filter((name) => !page.includes(name))).toEqual([]);
  });
});
