/** The report's page as text; browser.test.ts opens it. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FilterDetails } from '../../../src/experiment/details.ts';
import { type NamedRun, reportPage } from '../../../src/report/html/page.ts';
import { SCHEMES } from '../../../src/report/html/style.ts';
import { english } from '../../../src/report/messages/en.ts';
import { LANGUAGES } from '../../../src/report/messages.ts';
import { anyCharacter } from '../../any-character.ts';
import { savedRun } from '../runs.ts';

const one = savedRun();
const other: NamedRun = { ...savedRun([0.8], [0.7]), name: 'second' };
const page = reportPage([one]);
const several = reportPage([one, other]);

describe('the page', () => {
  it('is one file: no script, no event, no inline style, no address but within it', () => {
    for (const text of [page, several]) {
      expect(text).not.toMatch(/<script|\son\w+=|\sstyle=|javascript:|@import/i);
      const addresses = Array.from(text.matchAll(/(?:href|src|url)(?:="|\()([^")]+)/g), ([, url]) => url);
      expect(addresses.length).toBeGreaterThan(8);
      expect(
        addresses.filter((url) => !/^(#[\w-]+|data:image\/png;base64,[\w+/=]+|data:,)$/.test(url)),
      ).toEqual([]);
    }
  });

  it('has a policy that allows its own style sheet by hash, images within it, and nothing else', () => {
    const [, policy] = page.match(/http-equiv="Content-Security-Policy" content="([^"]+)"/) ?? [];
    const [, style] = page.match(/<style>([^<]*)<\/style>/) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(policy.replaceAll('&#39;', "'").split('; ')).toEqual([
      ...["default-src 'none'", `style-src 'sha256-${hash}'`, 'img-src data:', "base-uri 'none'"],
      "form-action 'none'",
    ]);
  });

  it('closes every element that it opens, in order, and has no id twice', () => {
    for (const text of [page, several]) {
      expect(unclosed(text)).toEqual([]);
      const ids = Array.from(text.matchAll(/\sid="([^"]+)"/g), ([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const [, list] of text.matchAll(/(?:aria-labelledby|href)="#?([\w -]+)"/g)) {
        for (const id of list.split(' ')) expect(ids).toContain(id);
      }
    }
  });

  it('has one h1, and no heading a level too deep', () => {
    for (const text of [page, several]) {
      const levels = Array.from(text.matchAll(/<h(\d)/g), ([, level]) => Number(level));
      expect(levels.filter((level) => level === 1)).toHaveLength(1);
      expect(levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1)).toEqual([]);
    }
  });

  it('names every table and column, and has words for every image and drawing', () => {
    for (const [table] of several.matchAll(/<table[\s\S]*?<\/table>/g)) {
      expect(table).toMatch(/^<table[^>]*><caption/);
      expect(table).not.toMatch(/<th(?=[\s>])(?![^>]* scope=)/);
    }
    expect(several).not.toMatch(/<img(?![^>]* alt="[^"]+")/);
    for (const [svg] of several.matchAll(/<svg[\s\S]*?<\/svg>/g)) {
      expect(svg).toMatch(
        /^<svg[^>]*(aria-hidden="true"|role="img"[^>]*>\n<title[^>]*>[^<]+<\/title><desc[^>]*>[^<]+<)/,
      );
    }
  });

  it('shows what there is: figures, confusions, mistakes, filters, the frozen part, options, the command', () => {
    for (const text of [
      '<h1>Transfer learning: digits 5–9, then 0–4</h1>',
      'the features carry over.',
      '>99.1 %<',
      '5–9, all layers, test: from 0.9000 to 0.9920; 0–4, frozen, test: from 0.9910 to 0.9980',
      '5–9, all layers: first 3.00 s, later ones 2.00 s on average',
      '5–9, all layers: 15 of 965 test samples wrong',
      '<strong>5, predicted 6</strong>',
      'Before training: 32 filters, weights from -0.080 to 0.080',
      '<tr class="frozen"><th scope="row">conv2d (Conv2D)</th><td>trained</td><td>❄\u00a0frozen</td>',
      'node 20.20.2 linux x64, V8 11.3',
      'A Processor, 2 cores',
      'npx degelo@0.1.0 transfer \\\n  --data &#39;/data/my images&#39; \\\n  --epochs 3</code>',
    ]) {
      expect(page).toContain(text);
    }
    expect(page.match(/<figcaption><strong>/g)).toHaveLength(6);
    expect(page.length).toBeLessThan(100_000);
  });

  it('sets several runs side by side, on the same scales, and says which options differ', () => {
    expect(several).toContain('<th scope="colgroup" colspan="2">first</th>');
    // The corner stands beside both rows of names; beside one, where there is one run.
    expect(several).toContain(`<tr><th scope="col" rowspan="2">${english.page.measure}</th>`);
    expect(page).toContain(`<tr><th scope="col">${english.page.measure}</th>`);
    expect(several.match(/<h3>(first|second)<\/h3>/g)).toHaveLength(14);
    expect(several).toContain('Epochs of each phase <small>(differs)</small>');
    expect(several).not.toContain('Batch size <small>');
    expect(several).toContain('Test accuracy after the last epoch');
    const scales = Array.from(several.matchAll(/aria-labelledby="run\d-loss-t[\s\S]*?<\/svg>/g), ([svg]) =>
      Array.from(svg.matchAll(/class="tick"[^>]*>([^<]+)/g), ([, label]) => label).join(),
    );
    expect(scales).toHaveLength(2);
    expect(scales[0]).toBe(scales[1]);
  });

  it('is in Portuguese on request, numbers too', () => {
    const text = reportPage([one], LANGUAGES.pt);
    expect(text).toContain('<html lang="pt-BR">');
    expect(text).toContain('<h1>Transferência de aprendizado: dígitos 5–9, depois 0–4</h1>');
    expect(text).toContain('99,1\u00a0% de acurácia');
    expect(text).toContain('600.165');
    expect(text).toContain('31 de janeiro de 2025');
    const words = text.replace(/<style>[\s\S]*<\/style>|<pre>[\s\S]*?<\/pre>|<[^>]*>/g, ' ');
    expect(words.match(/\b(frozen|training|epochs?|loss|accuracy|with|and|of|the)\b/gi)).toBe(null);
  });

  it('says so where there are no mistakes, where their images were too large, and where a kernel can’t be drawn', () => {
    const { source } = one.details;
    const perfect = source.confusion.map((row, i) => row.map((count, k) => (i === k ? count : 0)));
    const drawn = (changed: object) => {
      const details = { ...one.details, source: { ...source, mistakes: [], ...changed } };
      return reportPage([{ ...one, details }]);
    };
    expect(drawn({ confusion: perfect })).toContain('None: every test sample was right.');
    expect(drawn({})).toContain('too large to be kept');
    const filters = { ...(one.details.filters as FilterDetails), shape: [1, 288, 1, 1] };
    expect(reportPage([{ ...one, details: { ...one.details, filters } }])).not.toContain('class="filters"');
  });

  it('of a thousand epochs is smaller than 500 kB, and says that it shows some of them', () => {
    const many = Array.from({ length: 1000 }, (_, i) => 1 - 1 / (i + 2));
    const long = savedRun();
    const history = { loss: many, accuracy: many, val_loss: many, val_accuracy: many, seconds: many };
    const phase = { ...long.result.source, history };
    const result = { ...long.result, epochs: 1000, source: phase, target: phase };
    const text = reportPage([{ ...long, result }]);
    expect(text.length).toBeLessThan(500_000);
    expect(text).toContain('Every epoch: 100 of 1,000 epochs, evenly spread');
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('text from files', () => {
  const hostile = '</style></title><script>alert(1)</script><img src=x onerror="alert(1)">\'"&\u202e\u0000';

  it('injects nothing, wherever it stands', () => {
    const poisoned = JSON.parse(JSON.stringify(one), (key, value) =>
      typeof value === 'string' && !['pixels', 'finished', 'kernel', 'convolution'].includes(key)
        ? hostile
        : value,
    );
    const text = reportPage([poisoned, { ...poisoned, name: `${hostile}2` }]);
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toMatch(/<script|<img src=x|<\/style><\/title>/);
    expect(unclosed(text)).toEqual([]);
    const tags = (page: string) => new Set(page.match(/<\/?[\w!]+/g));
    expect(tags(text)).toEqual(tags(several));
  });

  it('changes no element of the page, whatever it is', () => {
    const outline = (text: string) => text.replace(/>[^<]*</g, '><').replace(/"[^"]*"/g, '""');
    const expected = outline(reportPage([one]));
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, minLength: 1 }), (text) => {
        const details = { ...one.details, arguments: [text], machine: { ...one.details.machine, cpu: text } };
        const result = { ...one.result, engine: text, data: { source: text, sha256: text } };
        expect(outline(reportPage([{ name: text, details, result }]))).toBe(expected);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the colours of both schemes', () => {
  const schemes = Object.entries(SCHEMES).map(([name, css]) => {
    const colours = Array.from(css.matchAll(/--([\w-]+): (#\w{6});/g), ([, key, value]) => [key, value]);
    return [name, Object.fromEntries(colours) as Record<string, string>] as const;
  });

  it.each(schemes)('%s: text has a contrast of 4.5 at least, lines that mean something 3', (_, c) => {
    const text = [
      ...['page', 'card', 'band'].map((paper) => ['text', paper]),
      ...['page', 'card'].map((paper) => ['quiet', paper]),
      ...['source', 'target', 'link'].map((ink) => [ink, 'page']),
      ...[1, 2, 3, 4, 5].map((n) => ['tinted', `tint-${n}`]),
    ];
    for (const [ink, paper] of text) {
      expect(contrast(c[ink], c[paper]), `${ink} on ${paper}`).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(c.target, c.band), 'target on band').toBeGreaterThanOrEqual(3);
  });
});

/** Contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio" and "relative luminance"). */
function contrast(a: string, b: string): number {
  const luminance = (colour: string): number =>
    [1, 3, 5]
      .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
      .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** Elements that aren't closed, or closed out of order. */
function unclosed(text: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [tag, slash, name] of text.matchAll(/<(\/?)([a-z]\w*)(?:\s[^<>]*)?>/g)) {
    if (['meta', 'link', 'img'].includes(name) || tag.endsWith('/>')) continue;
    if (!slash) open.push(name);
    else if (open.pop() !== name) wrong.push(tag);
  }
  return [...wrong, ...open];
}
