/** What the page is made of: markup, images, axes. */
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axis } from '../../../src/report/html/axis.ts';
import { confusionTable } from '../../../src/report/html/confusion.ts';
import { filterSection } from '../../../src/report/html/filters.ts';
import { shorten } from '../../../src/report/html/line-chart.ts';
import { escapeHtml, html } from '../../../src/report/html/markup.ts';
import { encodePng } from '../../../src/report/html/png.ts';
import { htmlTable } from '../../../src/report/html/table.ts';
import { timeUnit } from '../../../src/report/html/units.ts';
import { english } from '../../../src/report/messages/en.ts';
import { shellQuote } from '../../../src/report/shell.ts';
import { anyCharacter } from '../../any-character.ts';

describe('html', () => {
  it('escapes text, takes markup as it is, joins lists, and leaves null out', () => {
    const inner = html`<b>${'<&>"\''}</b>`;
    expect(html`<p>${inner}${[html`<i>1</i>`, html`<i>2</i>`]}${null}${3}</p>`.text).toBe(
      '<p><b>&lt;&amp;&gt;&quot;&#39;</b><i>1</i><i>2</i>3</p>',
    );
  });

  it('lets no text end its element or its quoted attribute, or hold what HTML forbids', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']|(?!\n)\p{Cc}|\p{Cs}/u);
      }),
    );
    expect(escapeHtml('a\u202eb\ud800c\u0000')).toBe('a\ufffdb\ufffdc\ufffd');
  });
});

describe('the sheets of filters', () => {
  it('draw the mean of each place over the channels, filter by filter', () => {
    const shape = [2, 1, 3, 2];
    // Of the first filter the means are 1 and −1, of the second 0 and 0.5: the largest weight is 2.
    const after = [...[0, 1, 1, -1, 2, 0], ...[-1, 0.5, -2, 0, 0, 1]];
    const section = filterSection({ layer: 'c', shape, before: after.map(() => 0), after }, english);
    const sheets = [...(section?.text ?? '').matchAll(/base64,([^"]+)"/g)].map(([, text]) => {
      const png = Buffer.from(text, 'base64');
      const at = png.indexOf('IDAT');
      const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
      const width = png.readUInt32BE(16);
      expect([width, png.readUInt32BE(20)]).toEqual([8 + 4 + 8, 16]);
      // Grey and alpha, behind the number of the row's filter.
      const pixel = (y: number, x: number) => [
        ...rows.subarray(y * (2 * width + 1) + 1 + 2 * x).subarray(0, 2),
      ];
      return [pixel(7, 7), pixel(8, 0), pixel(0, 9), pixel(7, 12), pixel(15, 19)];
    });
    const filters = [
      [191, 255],
      [64, 255],
      [0, 0],
      [128, 255],
      [159, 255],
    ];
    const grey = [
      [128, 255],
      [128, 255],
      [0, 0],
      [128, 255],
      [128, 255],
    ];
    expect(sheets).toEqual([grey, filters, filters]);
  });
});

describe('encodePng', () => {
  it.each([1, 2, 3] as const)('has the size and the rows of an image of %d channels', (channels) => {
    const [width, height] = [3, 2];
    const data = Uint8Array.from({ length: width * height * channels }, (_, i) => i * 9);
    const png = Buffer.from(encodePng({ width, height, channels, data }));
    expect(png.subarray(0, 8)).toEqual(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
    expect(png.readUInt32BE(16)).toBe(width);
    expect(png.readUInt32BE(20)).toBe(height);
    expect([...png.subarray(24, 29)]).toEqual([8, { 1: 0, 2: 4, 3: 2 }[channels], 0, 0, 0]);
    const at = png.indexOf('IDAT');
    const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
    const row = width * channels;
    expect([...rows]).toEqual([0, ...data.subarray(0, row), 0, ...data.subarray(row)]);
    // Every PNG ends so; the checksum of its end is a known one.
    expect(png.subarray(-12).toString('hex')).toBe('0000000049454e44ae426082');
  });
});

describe('an axis', () => {
  it('has round labels, some four to seven, around its values', () => {
    expect(axis(0, 18, 0, 100).ticks).toEqual([0, 5, 10, 15, 20]);
    const { ticks, decimals, at } = axis(0.71, 1, 200, 0);
    expect(ticks.map((tick) => tick.toFixed(decimals))).toEqual(['0.7', '0.8', '0.9', '1.0']);
    expect([at(0.7), at(0.85), at(1)]).toEqual([200, 100, 0]);
  });

  it.each([1, 2, 5])(
    'takes a step of %d, ten times as much, or a tenth, where that fits exactly',
    (factor) => {
      for (const power of [1e-6, 1e-3, 0.1, 1, 10, 1e6]) {
        const step = factor * power;
        const { ticks } = axis(0, 4 * step, 0, 100);
        expect(ticks.map((tick) => Math.round((1000 * tick) / step))).toEqual([0, 1000, 2000, 3000, 4000]);
        expect(axis(0, 4.001 * step, 0, 100).ticks[1]).toBeGreaterThan(1.5 * step);
      }
    },
  );

  it('holds whatever it is made for, in order, with finite places', () => {
    const value = fc.double({ min: 0, max: 2 ** 128, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [least, most] = [Math.min(a, b), Math.max(a, b)];
        const { ticks, at } = axis(least, most, 0, 100);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(8);
        for (const place of [at(least), at(most)]) {
          expect(place).toBeGreaterThanOrEqual(-0.1);
          expect(place).toBeLessThanOrEqual(100.1);
        }
        expect(at(least)).toBeLessThanOrEqual(at(most));
      }),
    );
  });

  it('of time is in the unit that keeps labels short', () => {
    const units = [0, 179, 180, 10_799, 10_800].map(timeUnit);
    expect(units.map(({ name }) => name)).toEqual(['s', 's', 'min', 'min', 'h']);
    expect(units.map(({ seconds }) => seconds)).toEqual([1, 1, 60, 60, 3600]);
  });
});

describe('a table of the page', () => {
  const hints = (names: readonly string[], cells: readonly string[]): boolean => {
    const columns = names.map((name) => ({ name }));
    return htmlTable('Table', columns, [cells], 'It scrolls.').text.includes('It scrolls.');
  };

  it('says that it scrolls where columns, and two letters between each, are more than 40 letters', () => {
    expect(hints(['a', 'b'], ['x'.repeat(18), 'x'.repeat(18)])).toBe(false);
    expect(hints(['a', 'b'], ['x'.repeat(18), 'x'.repeat(19)])).toBe(true);
  });

  it('takes long texts for broken ones, and names of columns for broken between words', () => {
    expect(hints(['a', 'b'], ['x'.repeat(100), 'x'.repeat(12)])).toBe(false);
    expect(hints(['one two three four five six seven eight nine', 'b'], ['x', 'x'.repeat(24)])).toBe(false);
    expect(hints(['x'.repeat(25), 'b'], ['x', 'x'.repeat(12)])).toBe(true);
  });
});

describe('shellQuote', () => {
  it('leaves plain words, and quotes the rest', () => {
    expect(['--data', '/a/b.npz', '1e-3', 'my images', "it's", '$(rm x)'].map(shellQuote)).toEqual([
      ...['--data', '/a/b.npz', '1e-3', "'my images'", "'it'\\''s'", "'$(rm x)'"],
    ]);
  });
});

it('a confusion matrix frames what is right, and tints mistakes by their share of the row', () => {
  const confusion = [
    [1000, 0, 4, 5],
    [20, 900, 30, 50],
    [200, 1, 0, 799],
    [0, 0, 0, 0],
  ];
  const { text } = confusionTable({ digits: ['a', 'b', 'c', 'd'] }, { confusion }, 'x', english);
  const names = Array.from(text.matchAll(/<td class="([\w-]+)">/g), ([, name]) => name.replace('tint-', ''));
  expect(names.join(' ')).toBe('right 0 1 1 3 right 3 4 5 1 right 5 0 0 0 right');
});

it('a name is shortened where it is longer than 24 characters', () => {
  expect(shorten('x'.repeat(24))).toBe('x'.repeat(24));
  expect(shorten('x'.repeat(25))).toBe(`${'x'.repeat(23)}…`);
});
