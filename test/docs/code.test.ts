/** The programs of the pages run, and print what the pages say. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyProject } from '../empty-project.ts';
import { fastPackage } from '../fast-package.ts';
import { outputPattern, pages, parsePage, ROOT } from './pages.ts';
import { canRun, missingOutputs, programsOf, runProgram, withSource } from './programs.ts';

describe.each(pages.filter(({ hasOwnTest }) => !hasOwnTest).map((page) => [page.path, page] as const))(
  '%s',
  (_, page) => {
    const programs = programsOf(page);
    const quotes = page.blocks.filter(({ mark }) => mark?.kind === 'from');
    let folder = '';
    beforeAll(async () => {
      if (programs.length > 0) folder = emptyProject(await fastPackage());
    });

    for (const program of programs) {
      it(`line ${program.line}: ${program.name} runs and prints what stands behind it`, async (context) => {
        if (!(await canRun(program))) context.skip();
        const printed = await runProgram(program, folder);
        const missing = missingOutputs(program, printed).map(({ text }) => text);
        if (missing.length > 0) expect(printed).toBe(missing.join('\n'));
      }, 240_000);
    }

    for (const { text, line, mark } of quotes) {
      const file = mark?.kind === 'from' ? mark.file : '';
      it(`line ${line}: the code stands so in ${file}`, () => {
        const source = readFileSync(`${ROOT}${file}`, 'utf8');
        expect(unindented(source)).toContain(unindented(text));
      });
    }

    if (programs.length + quotes.length === 0) it.skip('has no programs', () => {});
  },
);

/** A quotation may be indented otherwise than its source. */
const unindented = (text: string): string => text.replace(/^ +/gm, '').trim();

describe('the check itself', () => {
  const page = (text: string) => programsOf(parsePage('page', text));

  it('joins the blocks of a page, and begins another program at a name', () => {
    const text = '```js\nlet a = 1;\n```\n```js\na;\n```\n```ts\n// b.ts\nconst b: number = 2;\n```\n';
    expect(page(text).map(({ name, text }) => [name, text.trim()])).toEqual([
      ['page.mjs', 'let a = 1;\na;'],
      ['b.mjs', '// b.ts\nconst b = 2;'],
    ]);
  });

  it('finds an output that differs, or comes too early', () => {
    const [program] = page(
      '```js\n```\n<!-- test: output -->\n```\none\n```\n<!-- test: output -->\n```\ntwo … s\n```\n',
    );
    const missing = (printed: string) => missingOutputs(program, printed).map(({ text }) => text);
    expect(missing('zero\none\ntwo 0.2 s\n')).toEqual([]);
    expect(missing('two 0.2 s\none\n')).toEqual(['two … s']);
    expect(missing('ones\ntwo 1 s\n')).toEqual(['one']);
    expect(outputPattern('a\n…\nb').test('a\nx\ny\nb\n')).toBe(true);
    expect(outputPattern('took 0.85 s').test('took 12.00 s\n')).toBe(true);
    expect(outputPattern('loss 0.85').test('loss 0.86\n')).toBe(false);
    expect(outputPattern('a.c').test('abc\n')).toBe(false);
  });

  it('gives a program few digits, however it asks for them, and refuses one that asks for none', () => {
    expect(withSource('await loadMnist(); await loadMnist({ classes });', 'few')).toBe(
      "await loadMnist({ source: 'few' }); await loadMnist({ source: 'few', classes });",
    );
    expect(() => withSource("import { loadMnist } from 'degelo/mnist';", 'few')).toThrow(
      'calls no loadMnist',
    );
  });

  it('refuses unknown marks, marks without a block and blocks without an end', () => {
    expect(() => parsePage('p', '<!-- test: perhaps -->\n```js\n```')).toThrow('p:1: unknown mark');
    expect(() => parsePage('p', '<!-- test: skip -->\n```js\n```')).toThrow('p:1: unknown mark');
    expect(() => parsePage('p', '<!-- test: run -->\ntext')).toThrow('p:2: a mark must stand before a block');
    expect(() => parsePage('p', '```js\n')).toThrow('p:1: the block has no end');
  });
});
