import { describe, expect, it } from 'vitest';
import { describeLayers } from '../../src/experiment/details.ts';
import type { Phase } from '../../src/experiment/observer.ts';
import { makeClassificationLayers, makeFeatureLayers } from '../../src/experiment/transfer.ts';
import { batchNormalization, dense, sequential } from '../../src/index.ts';
import { LANGUAGES } from '../../src/report/messages.ts';
import { epochHeader, epochRow } from '../../src/report/progress.ts';
import { countedLayers, summaryText } from '../../src/report/summary.ts';
import { closingReport, phaseHeading } from '../../src/report/transfer.ts';
import { run } from './runs.ts';

const { en, pt } = LANGUAGES;

describe('Portuguese', () => {
  it('has a message of its own for each of English, but for names that are the same', () => {
    const same = Object.entries(flat(en)).filter(([key, text]) => flat(pt)[key] === text);
    expect(same.map(([key]) => key).sort()).toEqual([
      ...['finetune.baseHash', 'finetune.baseOption', 'finetune.dropoutOption'],
      ...['page.kernel', 'page.threads', 'sourceName', 'study.threads'],
    ]);
    expect(Object.keys(flat(pt))).toEqual(Object.keys(flat(en)));
  });

  it('closes a run with its own words and commas', () => {
    const report = closingReport(run([0.9, 0.95, 0.992], [0.991, 0.995, 0.998]), pt);
    expect(report).toMatch(/Parâmetros treinados +600\.165 +590\.597/);
    expect(report).toMatch(/Acurácia no teste após 3 épocas +99,2 % +99,8 %/);
    expect(report.replaceAll('\n', ' ')).toContain(
      'os dígitos 0–4 chegam a 99,1 % de acurácia no teste; os dígitos 5–9 chegaram a 99,2 % após 3 épocas completas: ' +
        'as características se transferem. Uma época congelada levou 0,50 s em vez de 2,00 s, 4,0 vezes mais rápida.',
    );
    expect(Math.max(...report.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it('has headings that fit the columns of epochs', () => {
    const phase: Phase = {
      name: 'target',
      digits: [0, 1],
      frozen: true,
      epochs: 3,
      trainShape: [9, 2, 2, 1],
      samples: { train: 9, test: 3 },
    };
    const logs = { loss: 0.5, accuracy: 0.8, val_loss: 0.25, val_accuracy: 0.9 };
    expect(epochHeader(phase, pt)).toMatch(/^ +perda +acurácia +val_perda +val_acurácia +segundos$/);
    expect(epochRow(phase, 0, logs, 7.25, pt)).toMatch(/^Época 1\/3 +0,5000 +0,8000 +0,2500 +0,9000 +7,25$/);
    expect(epochHeader(phase, pt).length).toBe(epochRow(phase, 0, logs, 7.25, pt).length);
    expect(phaseHeading(phase, pt)).toContain('características congeladas');
  });
});

describe('the summary of a model', () => {
  const layers = makeFeatureLayers([28, 28, 1]);
  const model = sequential({ layers: [...layers, ...makeClassificationLayers(5)], name: 'transfer' });
  for (const layer of layers) layer.trainable = false;

  it('is in English what model.summary() prints', () => {
    const lines: string[] = [];
    model.summary((line) => lines.push(line));
    expect(summaryText('transfer', describeLayers(model), en)).toBe(lines.join('\n'));
  });

  it('is in Portuguese in Portuguese', () => {
    const text = summaryText('transfer', describeLayers(model), pt);
    expect(text).toContain('Total de parâmetros: 600.165\nParâmetros treináveis: 590.597');
    expect(text).toMatch(/^conv2d \(Conv2D\) +\[lote, 26, 26, 32\] +320 {2}congelada$/m);
  });
});

describe('the summary of a model whose layers are trained in part', () => {
  const inner = sequential([dense({ units: 2, inputShape: [3] }), batchNormalization()]);
  const model = sequential({ layers: [inner, batchNormalization(), dense({ units: 1 })], name: 'parts' });
  inner.layers[0].trainable = false;

  it('counts what is trained in each language alike', () => {
    const lines: string[] = [];
    model.summary((line) => lines.push(line));
    expect(summaryText('parts', countedLayers(model), en)).toBe(lines.join('\n'));
    const text = summaryText('parts', countedLayers(model), pt);
    expect(text).toContain('Parâmetros treináveis: 11\nParâmetros não treináveis: 16');
    expect(text).toMatch(/^batch_normalization.* 8 {2}4 deles$/m);
  });
});

/** Messages by name; functions are called with names of places, which no word is like. */
function flat(messages: object, path = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(messages).flatMap(([key, value]) => {
      if (typeof value === 'object') return Object.entries(flat(value, `${path}${key}.`));
      return [[path + key, typeof value === 'function' ? value('A', 'B', 'C', 'D', 'E') : value]];
    }),
  );
}
