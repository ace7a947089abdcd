import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Phase, Progress } from '../../src/experiment/observer.ts';
import { epochHeader, epochRow, progressLine } from '../../src/report/progress.ts';

const phase: Phase = {
  name: 'source',
  digits: [5, 6, 7, 8, 9],
  frozen: false,
  epochs: 12,
  trainShape: [1000, 28, 28, 1],
  samples: { train: 1000, test: 200 },
};
const training: Progress = {
  phase,
  epoch: 2,
  activity: 'training',
  seen: 250,
  samples: 1000,
  logs: { loss: 0.12344, accuracy: 0.9 },
};

describe('the live line', () => {
  it('shows epoch, bar, running figures and the time left', () => {
    expect(progressLine(training, 4, 79)).toBe(
      'Epoch  3/12 ━━━━━╸────────────────  25%  loss 0.1234  accuracy 0.9000  ETA 12 s',
    );
  });

  it('promises no time before the first batch is done', () => {
    expect(progressLine({ ...training, seen: 0, logs: {} }, 0, 79)).not.toContain('ETA');
  });

  it('of nothing to do is done', () => {
    expect(progressLine({ ...training, seen: 0, samples: 0, logs: {} }, 0, 79)).toContain('100%');
  });

  it('tells validation and the computing of features from training', () => {
    expect(progressLine({ ...training, activity: 'validation', logs: {} }, 1, 79)).toMatch(
      /^Epoch {2}3\/12 .*validating$/,
    );
    const frozen = { ...training, phase: { ...phase, frozen: true } };
    expect(progressLine({ ...frozen, epoch: 0 }, 1, 79)).toMatch(/features$/);
    expect(progressLine({ ...frozen, epoch: 1 }, 1, 79)).not.toContain('features');
  });

  it('fits any width, and keeps the figures longer than the bar', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 1000 }), (columns, seen) => {
        expect(progressLine({ ...training, seen }, 3, columns).length).toBeLessThanOrEqual(columns);
      }),
    );
    expect(progressLine(training, 4, 55)).toBe(
      'Epoch  3/12  25%  loss 0.1234  accuracy 0.9000  ETA 12 s'.slice(0, 55),
    );
  });
});

describe('the row of an epoch', () => {
  it('stands under its header, column by column', () => {
    const logs = { loss: 0.5, accuracy: 0.8, val_loss: 0.25, val_accuracy: 0.9 };
    const header = epochHeader(phase);
    const row = epochRow(phase, 11, logs, 7.125);
    expect(row).toMatch(/^Epoch 12\/12 +0\.5000 +0\.8000 +0\.2500 +0\.9000 +7\.13$/);
    expect(header).toHaveLength(row.length);
    for (const [name, figure] of [
      ['accuracy', '0.8000'],
      ['val_loss', '0.2500'],
      ['val_accuracy', '0.9000'],
      ['seconds', '7.13'],
    ]) {
      expect(header.indexOf(` ${name}`) + name.length).toBe(row.indexOf(` ${figure}`) + figure.length);
    }
  });

  it('is wide as long as the longest of its labels leaves room', () => {
    const nine = { ...phase, epochs: 9 }; // Epoch 9/9 and five columns of 14
    expect([80, 79, 78].map((columns) => epochHeader(nine, undefined, columns).length)).toEqual([79, 79, 60]);
  });

  it('leaves columns out where a terminal is narrow, the test’s accuracy last', () => {
    const nine = { ...phase, epochs: 9 };
    const logs = { loss: 0.1, accuracy: 0.2, val_loss: 0.3, val_accuracy: 0.4 };
    const names = (columns: number) => epochHeader(nine, undefined, columns).trim().split(/ +/);
    const all = ['loss', 'accuracy', 'val_loss', 'val_accuracy', 'seconds'];
    expect(names(60)).toEqual(all);
    expect(names(59)).toEqual(all.slice(1));
    expect(names(51)).toEqual(['accuracy', 'val_accuracy', 'seconds']);
    expect(names(41)).toEqual(['val_accuracy', 'seconds']);
    expect(epochRow(nine, 0, logs, 5, undefined, 41)).toMatch(/^Epoch 1\/9 +0\.4000 +5\.00$/);
    for (const columns of [31, 1]) expect(names(columns)).toEqual(['val_accuracy']);
  });

  it('has a dash where there is no figure', () => {
    expect(epochRow(phase, 0, { loss: 1 }, 1)).toMatch(/^Epoch {2}1\/12 +1\.0000 +– +– +– +1\.00$/);
  });
});
