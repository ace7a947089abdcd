import { describe, expect, it } from 'vitest';
import type { TransferCheckpoint } from '../../src/experiment/checkpoint.ts';
import { resultJson } from '../../src/report/json.ts';
import {
  closingReport,
  conclusion,
  epochSeconds,
  learningRateNote,
  phaseFooting,
  phaseHeading,
  resumeLine,
} from '../../src/report/transfer.ts';
import { run } from './runs.ts';

const success = run([0.9, 0.95, 0.992], [0.991, 0.995, 0.998]);

describe('what the notebook prints', () => {
  it('before a phase: the shape of x_train and the numbers of samples', () => {
    const heading = phaseHeading({
      name: 'target',
      digits: [0, 1, 2, 3, 4],
      frozen: true,
      epochs: 5,
      trainShape: [4106, 28, 28, 1],
      samples: { train: 4106, test: 1025 },
    });
    expect(heading.split('\n')).toEqual([
      'Target: digits 0–4, classification layers only, features frozen',
      'x_train shape: (4106, 28, 28, 1)',
      '4106 train samples',
      '1025 test samples',
    ]);
    const source = { name: 'source', digits: [5, 6, 7, 8, 9], frozen: false, epochs: 5 } as const;
    expect(phaseHeading({ ...source, trainShape: [1], samples: { train: 1, test: 1 } })).toMatch(
      /^Source: digits 5–9, all layers\n/,
    );
  });

  it.each([
    [null, 'epoch 1/5'],
    [{ epoch: 1, sums: { samples: 0 } }, 'epoch 2/5'],
    [{ epoch: 1, sums: { samples: 1280 } }, 'epoch 2/5, after 1,280 samples'],
    [{ epoch: 5, sums: { samples: 0 } }, 'its test'],
  ])('where a resumed run goes on: from %j with %s', (position, where) => {
    const saved = { phase: 'target', options: { epochs: 5 }, contents: { position } };
    // No more of a checkpoint is told.
    expect(resumeLine(saved as unknown as TransferCheckpoint)).toBe(
      `Going on with the target digits: ${where}`,
    );
  });

  it('after a phase: training time, test score and test accuracy', () => {
    expect(phaseFooting(success.source).split('\n')).toEqual([
      'Training time: 7.00 s',
      'Test score: 0.0312',
      'Test accuracy: 0.9920',
    ]);
  });
});

describe('the closing report', () => {
  it('sets the accuracies and the times of both phases side by side', () => {
    const lines = closingReport(success).split('\n');
    const row = (name: string) =>
      lines
        .find((line) => line.startsWith(name))
        ?.slice(name.length)
        .trim();
    expect(lines[1].trim()).toMatch(/^5–9, all layers {2}0–4, frozen$/);
    expect(row('Parameters trained')).toMatch(/^600,165 +590,597$/);
    expect(row('Test accuracy after 1 epoch')).toMatch(/^90\.0 % +99\.1 %$/);
    expect(row('Test accuracy after 3 epochs')).toMatch(/^99\.2 % +99\.8 %$/);
    expect(row('Test loss')).toMatch(/^0\.0312 +0\.0312$/);
    expect(row('Time of the first epoch')).toMatch(/^3\.00 s +1\.00 s$/);
    expect(row('Time of a later epoch')).toMatch(/^2\.00 s +0\.50 s$/);
    expect(row('Training time')).toMatch(/^7\.00 s +2\.00 s$/);
    expect(row('Test accuracy, by epoch')).toMatch(/^▁▅█ +▇██$/);
    expect(row('Test loss, by epoch')).toMatch(/^█▄▁ +▂▁▁$/);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it('of one epoch has no rows for later ones', () => {
    const report = closingReport(run([0.95], [0.96]));
    expect(report).not.toContain('later epoch');
    expect(report).not.toMatch(/undefined|NaN/);
    expect(report).toContain('1 full epoch:');
  });

  it('of two epochs has all rows', () => {
    const report = closingReport(run([0.9, 0.95], [0.96, 0.97]));
    expect(report).toMatch(/\nTest accuracy after 2 epochs +95\.0 % +97\.0 %\n/);
    expect(report).toMatch(/\nTime of a later epoch +2\.00 s +0\.50 s\n/);
    expect(report).toContain('\nTest loss, by epoch');
  });

  it('explains the trap at a learning rate of 0.001, and only there', () => {
    expect(closingReport({ ...success, learning_rate: 0.001 })).toContain('0.001 in tf.keras');
    expect(closingReport(success)).not.toContain('Note');
    expect(learningRateNote(0.01)).toBe('');
    expect(learningRateNote(0.001)).toMatch(/meant a rate of 1\.0 .* means 0\.001/);
  });
});

describe('the conclusion', () => {
  it('compares one frozen epoch with all full ones', () => {
    expect(conclusion(success)).toBe(
      'After one epoch on frozen features, digits 0–4 reach 99.1 % test accuracy; digits 5–9 reached 99.2 % ' +
        'after 3 full epochs: the features carry over. A frozen epoch took 0.50 s instead of 2.00 s, 4.0 times faster.',
    );
  });

  it('says where the claim fails, and by how much', () => {
    expect(conclusion(run([0.9, 0.95, 0.99], [0.9, 0.95, 0.99]))).toContain(
      '9.0 points less, so the features carry over only in part.',
    );
  });

  it('judges no features where the first phase learned too little', () => {
    expect(conclusion(run([0.2, 0.3, 0.594], [0.302, 0.436, 0.559]))).toContain('learned too little');
  });

  it('claims no speed that was not there', () => {
    const seconds = { source: [1, 1, 1], target: [2, 2, 2] };
    expect(conclusion(run([0.9, 0.9, 0.99], [0.99, 0.99, 0.99], seconds))).toMatch(/: no faster\.$/);
  });
});

describe('epochSeconds', () => {
  it('keeps the first epoch apart from the mean of the later ones', () => {
    expect(epochSeconds(success.source.history)).toEqual({ first: 3, later: 2 });
    expect(epochSeconds(run([1], [1]).source.history)).toEqual({ first: 3, later: null });
  });
});

describe('resultJson', () => {
  it('is the result, field for field in the documented order, with lists on one line', () => {
    const json = resultJson(success);
    expect(JSON.parse(json)).toEqual(success);
    expect(Object.keys(JSON.parse(json)).join()).toBe(
      'version,engine,data,reverse,feature_cache_mb,seed,threads,kernel,convolution,learning_rate,batch_size,epochs,source,target,weights_sha256',
    );
    expect(json).toContain('"digits": [5, 6, 7, 8, 9],');
  });
});
