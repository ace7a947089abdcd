/** The lines that `degelo finetune` shows while it works, and both languages' words for one and for many. */
import { describe, expect, it } from 'vitest';
import type { FinetuneCheckpoint } from '../../src/experiment/finetune/checkpoint.ts';
import type { FinetuneNetwork } from '../../src/experiment/finetune/network.ts';
import { featureCellLine } from '../../src/report/features.ts';
import {
  featureLine,
  finetuneHeading,
  finetuneOpening,
  finetuneResumeLine,
} from '../../src/report/finetune.ts';
import { LANGUAGES } from '../../src/report/messages.ts';

const { pt } = LANGUAGES;

describe('the line of features', () => {
  it('promises no time before the first photo, and leaves the bar out where there is no room', () => {
    expect(featureLine(0, 10, 1, 80)).toMatch(/^Features .*0%$/);
    expect(featureLine(5, 10, 1, 80)).toMatch(/^Features .+ 50% {2}ETA 1 s$/);
    expect(featureLine(5, 10, 1, 24)).toMatch(/^Features 50% {2}ETA/);
    expect(featureLine(5, 10, 1, 12)).toHaveLength(12);
  });
});

it('the line of a cell counts the photos computed now and those that were stored before', () => {
  expect(featureCellLine(2, 9, 30, 12, 1.5)).toBe(
    LANGUAGES.en.finetune.cellDone('2', '9', '42', '12', '1.50 s'),
  );
});

describe('a resumed run', () => {
  const at = (changed: object) =>
    finetuneResumeLine({ phase: 'thawed', isEarly: false, contents: {}, ...changed } as FinetuneCheckpoint);

  it('says where it goes on: with the features, or at an epoch', () => {
    expect(at({ isEarly: true })).toBe(LANGUAGES.en.finetune.goingOnFeatures);
    expect(at({})).toBe(LANGUAGES.en.finetune.goingOn('thawed', '1'));
    expect(at({ contents: { position: { epoch: 2 } } })).toBe(LANGUAGES.en.finetune.goingOn('thawed', '3'));
  });
});

describe('headings', () => {
  it('of thawed layers say how many photos’ activations are kept, where some are', () => {
    const phase = {
      name: 'thawed',
      layers: ['two'],
      frozen: false,
      epochs: 1,
      samples: { train: 8, test: 2 },
    } as const;
    expect(finetuneHeading({ ...phase, kept: null })).not.toContain('\n');
    expect(finetuneHeading({ ...phase, kept: { photos: 3, of: 10 } })).toContain(
      '\nWhat the frozen layers give',
    );
  });

  it('of a run name what a folder has beside its photos, where there is any', () => {
    const network = { cut: 'average', size: [12, 12], width: 6, preprocessing: 'none' } as const;
    const begin = { classes: ['a', 'b'], train: 8, test: 2 };
    const lines = (without: string[]) =>
      finetuneOpening(
        network as unknown as FinetuneNetwork,
        { ...begin, without },
        { base: 'b', images: 'i' },
      ).split('\n');
    expect(lines(['x', 'y']).length).toBe(lines([]).length + 1);
  });
});

describe('Portuguese tells one from many', () => {
  it.each([
    [pt.phase('source', '5–9', false), pt.phase('target', '0–4', true)],
    [pt.goingOn('source', ''), pt.goingOn('target', '')],
    [pt.atEpoch('1', '5', null), pt.atEpoch('1', '5', '128')],
    [pt.claim('0–4', '90 %', '5–9', '91 %', 1), pt.claim('0–4', '90 %', '5–9', '91 %', 5)],
    [pt.study.source(1, '90 %', 1), pt.study.source(5, '90 %', 3)],
    [pt.study.threads(1), pt.study.threads(2)],
  ])('%s', (one, many) => {
    expect(one).not.toBe(many);
  });
});
