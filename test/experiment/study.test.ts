import { describe, expect, it } from 'vitest';
import { selectClasses } from '../../src/data/split.ts';
import { fewOfEach, runStudy } from '../../src/experiment/study.ts';
import { runTransfer } from '../../src/experiment/transfer.ts';
import { studyReport } from '../../src/report/study.ts';
import { tinyMnist } from './tiny.ts';

const data = tinyMnist();
const options = { data, epochs: 2, batchSize: 16, threads: 0 } as const;

describe('runStudy', () => {
  it('trains every condition for every seed and sample count, all for the same number of steps', async () => {
    const heard: string[] = [];
    const result = await runStudy(
      { ...options, seeds: 2, samples: ['all', 3] },
      { onCell: (what, done, total) => heard.push(`${done}/${total} ${what}`) },
    );
    expect(result.cells).toHaveLength(2 * 2 * 5);
    expect(heard).toHaveLength(2 + result.cells.length);
    expect(heard[1]).toBe('1/22 seed 0: transfer, all samples a digit');
    // 60 target images in batches of 16 make 4 steps an epoch; 15 images make one.
    for (const { samples_per_digit, samples, epochs, steps } of result.cells) {
      expect([samples, epochs, steps]).toEqual(samples_per_digit === 'all' ? [60, 2, 8] : [15, 8, 8]);
    }
    const report = studyReport(result);
    expect(report).toContain('over 2 seeds');
    expect(report).toMatch(/Target digits, 3 samples a digit \(15 in all, 8 steps in 8 epochs\)/);
    expect(report).toMatch(/\(b\) random features, frozen .* \[[+−]\d\.\d{4}, [+−]\d\.\d{4}\]/);
  }, 60_000);

  it('ends with the signal’s reason when aborted', async () => {
    const controller = new AbortController();
    const { threads: _, ...unsaid } = options;
    const study = runStudy(
      { ...unsaid, seeds: 1, signal: controller.signal },
      { onCell: (_, done) => done === 1 && controller.abort(new Error('enough')) },
    );
    await expect(study).rejects.toThrow('enough');
  });

  it('has in its transfer condition just the experiment', async () => {
    const { cells, source } = await runStudy({ ...options, seeds: 1, samples: ['all'] });
    const experiment = await runTransfer(options);
    const transfer = cells.find(({ condition }) => condition === 'transfer');
    expect(source[0].accuracy).toBe(experiment.source.test.accuracy);
    expect(transfer?.test).toEqual(experiment.target.test);
    expect(transfer?.first_epoch_accuracy).toBe(experiment.target.history.val_accuracy[0]);
  }, 60_000);
});

describe('fewOfEach', () => {
  const selection = selectClasses(data.train, [0, 1, 2, 3, 4]);

  it('draws so many of each class, the same for the same seed, with their own targets', () => {
    const few = fewOfEach(selection, 4, 7, false);
    expect(few.labels).toHaveLength(20);
    for (const k of [0, 1, 2, 3, 4]) expect(few.labels.filter((label) => label === k)).toHaveLength(4);
    for (const [n, label] of few.labels.entries()) expect(few.y.at(n, label)).toBe(1);
    expect(fewOfEach(selection, 4, 7, false)).toEqual(few);
    expect(fewOfEach(selection, 4, 8, false)).not.toEqual(few);
  });

  it('refuses more than there are', () => {
    expect(() => fewOfEach(selection, 13, 0, false)).toThrow(/study: class \d must have 13 samples, got 12/);
  });
});
