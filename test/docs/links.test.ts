/** Links from page to page lead somewhere. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pages, ROOT } from './pages.ts';

/** Relative links of a page; what is generated isn't in a checkout. */
const links = pages.flatMap(({ path, prose }) =>
  Array.from(prose.matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => ({ path, target })).filter(
    ({ target }) => !/^[a-z]+:/.test(target) && !target.includes('api/'),
  ),
);

/** The anchors that GitHub gives a page's headings. */
function anchorsOf(text: string): string[] {
  return Array.from(text.matchAll(/^#+ (.+)$/gm), ([, heading]) =>
    heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('links between pages', () => {
  it('lead to files, and to headings that are there', () => {
    const broken = links.filter(({ path, target }) => {
      const [file, anchor] = target.split('#');
      const to = file === '' ? path : join(dirname(path), file);
      if (!existsSync(`${ROOT}${to}`)) return true;
      if (!anchor || statSync(`${ROOT}${to}`).isDirectory()) return false;
      return !anchorsOf(readFileSync(`${ROOT}${to}`, 'utf8')).includes(anchor);
    });
    expect(broken).toEqual([]);
    expect(links.length).toBeGreaterThan(30);
  });

  it('reach every page of docs/ from the README, or from a page that it reaches', () => {
    const reached = new Set(['README.md']);
    for (const from of reached) {
      for (const { path, target } of links)
        if (path === from) reached.add(join(dirname(path), target.split('#')[0]));
    }
    expect(
      pages.map(({ path }) => path).filter((path) => path.startsWith('docs/') && !reached.has(path)),
    ).toEqual([]);
  });
});
