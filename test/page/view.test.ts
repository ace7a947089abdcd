/** What the page draws and says, as far as no browser is needed. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { english as first } from '../../src/page/messages/en.ts';
import { later } from '../../src/page/messages/later-en.ts';
import { portuguese } from '../../src/page/messages/pt.ts';
import { preferred } from '../../src/page/messages.ts';
import {
  fileNameOf,
  inSentence,
  type NamedClass,
  namesIn,
  OwnList,
  translated,
} from '../../src/page/parts/own-list.ts';
import { barsOf } from '../../src/page/view/bars.ts';
import { chartOf, legendOf, rangeOf } from '../../src/page/view/chart.ts';
import { flowOf, thickness } from '../../src/page/view/flow.ts';
import { diverging, filterSheet, largestOf, mapSheet } from '../../src/page/view/network-sheets.ts';
import { digitSheet, sheetOf } from '../../src/page/view/pixels.ts';
import { type Brush, moved, type Point, Strokes } from '../../src/page/view/strokes.ts';

const page = readFileSync(new URL('../../src/page/index.html', import.meta.url), 'utf8');

const english = { ...first, ...later };

describe('the page’s texts', () => {
  it('stand in index.html in English, one text by one name, and each is there in Portuguese too', async () => {
    const shown = Array.from(page.matchAll(/data-t="(\w+)"[^>]*>([^<]*)</g), ([, key, text]) => [key, text]);
    expect(shown.length).toBeGreaterThan(50);
    const labels = Array.from(
      page.matchAll(/data-t-label="(\w+)"[^>]*aria-label="([^"]*)"/g),
      ([, key, text]) => [key, text],
    );
    expect(labels).toHaveLength(page.match(/data-t-label=/g)?.length ?? 0);
    const all = [...shown, ...labels];
    const texts = Object.fromEntries(all);
    expect(all.filter(([key, text]) => text === '' || texts[key] !== text)).toEqual([]);
    expect(Object.keys(portuguese.text).sort()).toEqual(Object.keys(texts).sort());
  });

  it('say all that they are given, in both languages, and one thing as one', async () => {
    const given = ['«1»', '«2»', '«3»'];
    for (const messages of [english, portuguese]) {
      for (const [key, message] of Object.entries(messages)) {
        if (typeof message !== 'function' || key.startsWith('layer')) continue;
        const said = (message as (...given: string[]) => string)(...given.slice(0, message.length));
        expect(
          given.filter((each) => said.includes(each)),
          said,
        ).toHaveLength(message.length);
      }
      const counted = [messages.threadsOf, messages.drawings, messages.reading];
      for (const count of counted) {
        expect(count(1)).toContain('1 ');
        expect(count(1)).not.toBe(count(2).replace('2', '1'));
      }
      for (const layer of [messages.layer, messages.layerShort]) {
        expect(new Set([layer('Conv2D', 1), layer('Conv2D', 2), layer('Dense', 1)]).size).toBe(3);
      }
    }
  });

  it('are those of the first language that the browser prefers and the page speaks', () => {
    expect(preferred(['de', 'pt-PT', 'en'])).toBe('pt');
    expect(preferred(['fr', 'en-GB', 'pt'])).toBe('en');
    expect(preferred(['de'])).toBe('en');
  });

  it('ask nothing of another host', () => {
    expect(page).not.toMatch(/(?:src|href|url)[=(]\s*["']?(?:https?:)?\/\//);
  });
});

const CURVES = [
  {
    name: 'frozen',
    style: 'frozen',
    mark: 'circle',
    points: [
      [1, 0.9],
      [2, 0.95],
    ],
  },
  { name: 'thawed', style: 'thawed', mark: 'square', points: [[1, 0.8]] },
  { name: 'fresh', style: 'fresh', mark: 'triangle', points: [[2, 0.7]] },
  { name: '<b>', style: 'source', mark: 'none', points: [] },
] as const;

describe('a chart', () => {
  const chart = (whole: boolean, percent: boolean): string =>
    chartOf({
      ...{ id: 'c', title: 'Accuracy', description: 'rises', curves: CURVES, locale: 'en' },
      x: { range: [1, 2], name: 'epoch', whole },
      y: { range: [0.7, 1], percent },
    }).text;

  it('has a curve with marks of its own for each way, and is described', () => {
    const text = chart(true, true);
    expect(text.match(/<polyline/g)).toHaveLength(4);
    expect([/<circle/g, /<rect/g, /class="mark"/g].map((mark) => text.match(mark)?.length)).toEqual([
      2, 1, 1,
    ]);
    expect(text).toContain('<title id="c-t">Accuracy</title><desc id="c-d">rises</desc>');
    expect(text).toContain('>100 %<');
    expect(chart(true, false)).toContain('>0.7<');
  });

  it('marks whole epochs alone, but fractions of seconds', () => {
    const marks = (text: string) => Array.from(text.matchAll(/middle">([\d.]+)</g), ([, mark]) => mark);
    expect(marks(chart(true, true))).toEqual(['1', '2']);
    expect(marks(chart(false, true))).toContain('1.5');
  });

  it('keeps names from becoming markup', () => {
    expect(legendOf(CURVES).text).toContain('&lt;b&gt;');
    expect(rangeOf([0.5, 2], 0.9, 1)).toEqual([0.5, 2]);
  });
});

describe('the flow of the gradient', () => {
  const layers = [
    { name: 'conv 1', frozen: true, norm: 0, passesOn: false },
    { name: 'conv 2', frozen: true, norm: 0, passesOn: true },
    { name: 'dense 1', frozen: false, norm: 0.5, passesOn: true },
  ];

  it('ends where no layer before wants it', () => {
    const { text } = flowOf({ title: 'back', image: 'image', error: 'error', layers });
    // Of the error itself, and of two of the three layers.
    expect(text.match(/class="backward"/g)).toHaveLength(3);
    expect(text.match(/class="flake"/g)).toHaveLength(2);
  });

  it('is thicker the larger it is, within bounds', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 1, max: 100, noNaN: true }),
        (norm, times) => {
          expect(thickness(norm * times)).toBeGreaterThanOrEqual(thickness(norm));
          expect(thickness(norm)).toBeGreaterThanOrEqual(3);
          expect(thickness(norm)).toBeLessThanOrEqual(13);
        },
      ),
    );
  });
});

describe('sheets of pixels', () => {
  it('hold images in rows, see-through between them', () => {
    const { width, height, data } = sheetOf(3, [1, 2], { columns: 2, gap: 1, scale: 1 }, (i) => [i, 0, 0]);
    expect([width, height]).toEqual([5, 3]);
    const alpha = Array.from({ length: 15 }, (_, p) => data[p * 4 + 3] / 255);
    expect(alpha).toEqual([1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0]);
    expect(data[3 * 4]).toBe(1);
    expect(data[10 * 4]).toBe(2);
  });

  it('show filters by sign, maps by brightness, and frame digits that are wrong', () => {
    expect(diverging(0, 1)).toEqual([38, 38, 38]);
    expect(diverging(-2, 1)).toEqual([64, 156, 255]);
    expect(diverging(1, 0)).toEqual([255, 138, 61]);
    expect(largestOf([1, -3], [2])).toBe(3);
    expect(filterSheet(new Float32Array(9 * 32), 1).width).toBe(8 * 28 - 4);
    expect(mapSheet(Uint8Array.of(7), [1, 1, 1]).data).toEqual(Uint8ClampedArray.of(7, 7, 7, 255));
    const frame = (wrong: boolean) => [...digitSheet(Uint8Array.of(100), 1, [wrong]).data.subarray(0, 3)];
    expect(frame(true)).not.toEqual(frame(false));
  });

  it('beside bars of probabilities mark the largest', () => {
    const { text } = barsOf(['a', 'b'], [0.2, 0.8], 'en');
    expect(text).toMatch(/<li><span class="name">a<.*<li class="best"><span class="name">b</s);
    expect(barsOf(['a'], [], 'en').text).toContain('0.0 %');
  });
});

describe('strokes', () => {
  it('are drawn as they were made, and taken back one by one', () => {
    const lines: (string | number)[][] = [];
    const brush = new Proxy({} as Brush, {
      get:
        (_, name) =>
        (...args: number[]) =>
          lines.push([String(name), ...args]),
      set: () => true,
    });
    const count = (strokes: Strokes): number => {
      lines.length = 0;
      strokes.paint(brush, 100);
      return lines.filter(([name]) => name === 'stroke').length;
    };
    const strokes = new Strokes();
    strokes.extend([0, 0]);
    expect(strokes.isEmpty).toBe(true);
    strokes.begin([0.1, 0.2]);
    strokes.extend([0.5, 0.5]);
    strokes.begin([0.9, 0.9]);
    expect(count(strokes)).toBe(2);
    expect(lines).toContainEqual(['lineTo', 50, 50]);
    // Over whatever is drawn, the outermost pixels are as dark as the ground, on which `fitDigit` relies.
    expect(lines.at(-1)).toEqual(['strokeRect', 0, 0, 100, 100]);
    strokes.undo();
    expect(count(strokes)).toBe(1);
    strokes.clear();
    expect(strokes.isEmpty).toBe(true);
  });

  it('can be made with arrow keys, which stay within the area', () => {
    const keys = fc.array(fc.constantFrom('ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'a'));
    fc.assert(
      fc.property(keys, (pressed) => {
        const end = pressed.reduce<Point>(moved, [0.5, 0.5]);
        expect(end.every((value) => value >= 0 && value <= 1)).toBe(true);
      }),
    );
    expect(moved([0.5, 0.5], 'ArrowUp')).toEqual([0.5, 0.45]);
    expect(moved([0.5, 0.5], 'ArrowRight')).toEqual([0.55, 0.5]);
  });
});

describe('a list of own classes', () => {
  const thumbnail = { side: 1, data: new Uint8ClampedArray(4) };
  const example = (id: number) => ({ id, drawing: null, thumbnail });

  it('teaches the classes that have examples, and forgets what is taken back or removed', () => {
    const list = new OwnList();
    const [heart, star, fish] = ['heart', 'star', 'heart'].map((name) => list.add(name));
    heart.examples.push(example(1), example(2));
    star.examples.push(example(3));
    expect(list.taught).toEqual([heart, star]);
    expect(list.examples).toBe(3);
    const shown = ({ name, key }: NamedClass): string => name || `class ${key + 1}`;
    expect(list.sameName(shown)).toBeNull();
    fish.examples.push(example(4));
    expect(list.sameName(shown)).toBe('heart');
    // Of two that have no name each is called by its number.
    heart.name = fish.name = '';
    expect(list.sameName(shown)).toBeNull();
    star.name = 'class 3';
    expect(list.sameName(shown)).toBe('class 3');
    expect(list.undo(heart)).toEqual([2]);
    expect(list.chosen).toBe(fish);
    expect(list.remove(fish)).toEqual([4]);
    expect(list.chosen).toBe(heart);
    list.remove(star);
    expect(list.chosen).toBe(heart);
    expect(list.undo(list.add('new'))).toEqual([]);
  });

  it('comes back from what is kept of it: names and drawings, without photos', () => {
    const list = new OwnList();
    const dot = [[[0.5, 0.5]]] as const;
    list.add('heart').examples.push(example(1), { ...example(2), drawing: dot });
    list.add('');
    const later = new OwnList();
    later.restore(structuredClone(list.kept), () => thumbnail);
    expect(later.classes.map(({ name }) => name)).toEqual(['heart', '']);
    expect(later.classes[0].examples).toEqual([{ id: null, drawing: dot, thumbnail }]);
    expect(later.chosen).toBe(later.classes[0]);
    expect(later.kept).toEqual([
      { name: 'heart', drawings: [dot] },
      { name: '', drawings: [] },
    ]);
    // No Worker knows it yet.
    expect(later.undo(later.classes[0])).toEqual([]);
    later.restore([], () => thumbnail);
    expect(later.chosen).toBeNull();
  });

  it('has names that follow the language, where nobody changed them', async () => {
    const { defaultNames } = portuguese;
    const names = ['fish', 'boat', ''].map((name) => translated(name, english.defaultNames, defaultNames));
    expect(names).toEqual(['peixe', 'boat', '']);
  });

  it('has names that are written from right to left isolated in sentences, so that what stands beside them keeps its order', () => {
    expect(['heart', 'سمكة', 'דג'].map(inSentence)).toEqual(['heart', '\u2068سمكة\u2069', '\u2068דג\u2069']);
  });

  it('has its names in the name of a file, from which they come back', () => {
    expect(fileNameOf(['heart', 'a/b: "c"', '??', 'v1.2+'])).toBe('heart+ab c+class+v12.keras');
    expect(namesIn('heart+star+fish (1).keras', 3)).toEqual(['heart', 'star', 'fish']);
    // Letters with marks, and what is no letter at all.
    const names = ['मछली', '👩‍👧 🐟', 'سمكة'];
    expect(namesIn(fileNameOf(names), 3)).toEqual(names);
    expect(namesIn('heart+star.keras', 3)).toBeNull();
  });
});
