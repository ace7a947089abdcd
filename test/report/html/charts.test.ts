/** What charts say of a run, whatever they look like. */
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { FilterDetails } from '../../../src/experiment/details.ts';
import { barChart } from '../../../src/report/html/bar-chart.ts';
import type { EpochPoint, Timeline } from '../../../src/report/html/epochs.ts';
import { filterSection } from '../../../src/report/html/filters.ts';
import { FRAME, lineChart } from '../../../src/report/html/line-chart.ts';
import { probabilityRow } from '../../../src/report/html/mistakes.ts';
import { LANGUAGES } from '../../../src/report/messages.ts';

const point = (epoch: number): EpochPoint => ({
  ...{ epoch, elapsed: epoch, seconds: 1 },
  ...{ loss: 1, accuracy: 0.5, val_loss: 1, val_accuracy: 0.5 },
});

const timelineOf = (epochs: number): Timeline => ({
  source: Array.from({ length: epochs }, (_, i) => point(i + 1)),
  target: [point(1)],
});

const WORDS = {
  ...{ id: 'a', title: 'Title', description: 'Description', epochAxis: 'Epoch', locale: 'en' },
  phases: ['First', 'Second'] as const,
};

const lines = (epochs: number): string =>
  lineChart({ ...WORDS, timeline: timelineOf(epochs), figure: 'accuracy', range: [0, 1], epochs }).text;

describe('charts', () => {
  it.each([
    ['lines', lines(3)],
    ['bars', barChart({ ...WORDS, timeline: timelineOf(3), longestEpoch: 1 }).text],
  ])('of %s name both phases above the frame, each in its own ink', (_, chart) => {
    const [, source] = /<text class="source" [^>]*y="(\d+)"[^>]*>First</.exec(chart) ?? [];
    const [, target] = /<text class="target" [^>]*y="(\d+)"[^>]*>Second</.exec(chart) ?? [];
    for (const y of [source, target].map(Number)) {
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(FRAME.top);
    }
  });

  it.each([
    ['lines', lines(3)],
    ['bars', barChart({ ...WORDS, timeline: timelineOf(3), longestEpoch: 1 }).text],
  ])(
    'of %s have numbers at the left of the frame and below it, and the axis’ name below these, in its middle',
    (_, chart) => {
      const places = (tag: RegExp): number[][] =>
        Array.from(chart.matchAll(tag), ([, ...found]) => found.map(Number));
      const left = places(/<text class="tick" x="(.*?)" y="(.*?)" text-anchor="end"/g);
      const below = places(/<text class="tick" x="(.*?)" y="(.*?)" text-anchor="middle"/g);
      const [[middle, y], ...more] = places(
        /<text class="axis" x="(.*?)" y="(.*?)" text-anchor="middle">Epoch/g,
      );
      expect([left.length > 1, below.length >= 3, more.length]).toEqual([true, true, 0]);
      for (const [x, y] of left) {
        expect(x).toBeGreaterThan(FRAME.left - 10);
        expect(x).toBeLessThan(FRAME.left);
        expect(y).toBeGreaterThan(FRAME.top - 10);
        expect(y).toBeLessThan(FRAME.bottom + 10);
      }
      for (const [x, y] of below) {
        expect(x).toBeGreaterThan(FRAME.left);
        expect(x).toBeLessThan(FRAME.right);
        expect(y).toBeGreaterThan(FRAME.bottom + 10);
        expect(y).toBeLessThan(FRAME.height - 24);
      }
      expect(middle).toBe((FRAME.left + FRAME.right) / 2);
      expect(y).toBeGreaterThan(FRAME.height - 24);
      expect(y).toBeLessThanOrEqual(FRAME.height);
    },
  );

  it.each([2, 3, 10])(
    'of %d epochs have each further right than the one before, as far as the last',
    (epochs) => {
      const [, points = ''] = /<g class="source train"><polyline points="([^"]*)"/.exec(lines(epochs)) ?? [];
      const places = points.split(' ').map((place) => Number(place.split(',')[0]));
      const steps = places.slice(1).map((x, i) => x - places[i]);
      expect(places).toHaveLength(epochs);
      for (const step of steps) expect(step).toBeCloseTo((places[epochs - 1] - places[0]) / (epochs - 1), 0);
      expect([places[0], places[epochs - 1]]).toEqual([FRAME.left + 10, FRAME.right - 10]);
    },
  );

  it('of bars have each stand on the axis, as high as it took seconds, one beside the other within the frame', () => {
    const took = (seconds: number) => ({ ...point(1), seconds });
    const timeline = { source: [1, 0.5, 0.25].map(took), target: [took(0.5)] };
    const { text } = barChart({ ...WORDS, timeline, longestEpoch: 1 });
    const numbers = (tag: RegExp): number[][] =>
      Array.from(text.matchAll(tag), ([, ...found]) => found.map(Number));
    const bars = numbers(/<rect class="bar [^>]*? x="(.*?)" y="(.*?)" width="(.*?)" height="(.*?)"/g);
    const pitch = (FRAME.right - FRAME.left) / 5; // a bar's room, and as much between the phases
    for (const [i, [x, y, width, height]] of bars.entries()) {
      expect(x).toBeCloseTo(FRAME.left + ([0, 1, 2, 4][i] + 0.1) * pitch, 0);
      expect(width).toBeCloseTo(0.8 * pitch, 0);
      expect(y + height).toBeCloseTo(FRAME.bottom, 1);
      expect(height).toBeCloseTo([1, 0.5, 0.25, 0.5][i] * (FRAME.bottom - FRAME.top), 0);
    }
    expect(bars).toHaveLength(4);
    const values = numbers(/<text class="value" x="(.*?)" y="(.*?)"/g);
    expect(values).toHaveLength(4);
    for (const [i, [x, y]] of values.entries()) {
      expect(x).toBeCloseTo(bars[i][0] + bars[i][2] / 2, 0);
      expect(y).toBeLessThan(bars[i][1]);
    }
  });
});

describe('a probability', () => {
  it.each([0, 0.25, 1])('of %d has a bar of so much of its room', (probability) => {
    const { text } = probabilityRow(3, probability, false, LANGUAGES.en);
    const [, room, bar] = /viewBox="0 0 (\d+) 10".*<rect width="(.*?)"/.exec(text) ?? [];
    expect(Number(bar) / Number(room)).toBe(probability);
  });
});

const textOf = (details: FilterDetails): string => filterSection(details, LANGUAGES.en)?.text ?? '';

describe('the first layer’s filters', () => {
  it('are drawn as squares of one grey a weight, from black for −largest to white, with clear gaps between them', () => {
    const weights = Array.from({ length: 4 * 2 }, (_, i) => (i - 4) / 4); // 2×2, one channel, two filters
    const details = { layer: 'conv2d', shape: [2, 2, 1, 2], before: weights, after: weights };
    const [, width, height] = /<img [^>]*width="(\d+)" height="(\d+)"/.exec(textOf(details)) ?? [];
    const png = Buffer.from(/base64,([^"]*)"/.exec(textOf(details))?.[1] ?? '', 'base64');
    const [at, end] = [png.indexOf('IDAT') + 4, png.indexOf('IEND') - 8];
    const rows = inflateSync(png.subarray(at, end));
    const [side, gap] = [8, 4];
    expect([width, height].map(Number)).toEqual([4 * side + gap, 2 * side]);
    for (let y = 0; y < 2 * side; y++) {
      for (let x = 0; x < 4 * side + gap; x++) {
        const filter = Math.floor(x / (2 * side + gap));
        const column = Math.floor((x % (2 * side + gap)) / side);
        const [grey, alpha] = rows.subarray((1 + 2 * Number(width)) * y + 1 + 2 * x);
        expect(alpha, `${x}, ${y}`).toBe(column < 2 ? 255 : 0);
        const weight = weights[(2 * Math.floor(y / side) + column) * 2 + filter];
        if (column < 2) expect(grey, `${x}, ${y}`).toBe(Math.round(127.5 + 127.5 * weight));
      }
    }
  });

  it.each([
    [1, '3×3'],
    [2, '3×3×2'],
    [3, '3×3×3'],
  ])('of %d channels are said to be %s', (channels, size) => {
    const weights = Array.from({ length: 9 * channels * 4 }, (_, i) => i / 100);
    const details = { layer: 'conv2d', shape: [3, 3, channels, 4], before: weights, after: weights };
    expect(textOf(details)).toMatch(new RegExp(`[^×\\d]${size}[^×\\d]`));
  });
});
