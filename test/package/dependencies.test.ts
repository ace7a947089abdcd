import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

describe('CONTRIBUTING’s table of dependencies', () => {
  it('has a row for each that package.json has, and no other', () => {
    const page = readFileSync(new URL('../../CONTRIBUTING.md', import.meta.url), 'utf8');
    const [, section] = page.split('## Dependencies at run time');
    const rows = Array.from(section.matchAll(/^\| ([@\w/, -]+?) \|/gm), ([, names]) => names.split(', '))
      .flat()
      .filter((name) => name !== 'package' && name !== '---');
    expect(rows.sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });
});
