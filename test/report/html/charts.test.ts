/** What charts say of a run, whatever they look like. */
import { describe, expect, it } from 'vitest';
import { barChart } from '../../../src/report/html/bar-chart.ts';
import type { EpochPoint, Timeline } from '../../../src/report/html/epochs.ts';
import { filterSection } from '../../../src/report/html/filters.ts';
import { lineChart } from '../../../src/report/html/line-chart.ts';
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
  ])('of %s name both phases, each in its own ink', (_, chart) => {
    expect(chart).toMatch(/<text class="source"[^>]*>First</);
    expect(chart).toMatch(/<text class="target"[^>]*>Second</);
  });

  it.each([2, 3, 10])(
    'of %d epochs have each further right than the one before, as far as the last',
    (epochs) => {
      const [, points = ''] = /<g class="source train"><polyline points="([^"]*)"/.exec(lines(epochs)) ?? [];
      const places = points.split(' ').map((place) => Number(place.split(',')[0]));
      const steps = places.slice(1).map((x, i) => x - places[i]);
      expect(places).toHaveLength(epochs);
      for (const step of steps) expect(step).toBeCloseTo((places[epochs - 1] - places[0]) / (epochs - 1), 0);
      expect(places[epochs - 1] - places[0]).toBeGreaterThan(100);
    },
  );
});

describe('the first layer’s filters', () => {
  it.each([
    [1, '3×3'],
    [2, '3×3×2'],
    [3, '3×3×3'],
  ])('of %d channels are said to be %s', (channels, size) => {
    const weights = Array.from({ length: 9 * channels * 4 }, (_, i) => i / 100);
    const details = { layer: 'conv2d', shape: [3, 3, channels, 4], before: weights, after: weights };
    const text = filterSection(details, LANGUAGES.en)?.text ?? '';
    expect(text).toMatch(new RegExp(`[^×\\d]${size}[^×\\d]`));
  });
});
