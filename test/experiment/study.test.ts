import { describe, expect, it } from 'vitest';
import { selectClasses } from '../../src/data/split.ts';
import { type CellRecord, type StudyOptions, StudyTrainer } from '../../src/experiment/study.ts';
import { fewOfEach } from '../../src/experiment/study-conditions.ts';
import { cellCount } from '../../src/experiment/study-grid.ts';
import { mergeStudy } from '../../src/experiment/study-merge.ts';
import { runTransfer } from '../../src/experiment/transfer.ts';
import { studyReport } from '../../src/report/study.ts';
import { tinyMnist } from './tiny.ts';

const data = tinyMnist();
const options = { data, epochs: 2, batchSize: 16, threads: 0, seeds: 1, samples: ['all', 3] } as const;

async function allCells(options: StudyOptions): Promise<CellRecord[]> {
  const trainer = new StudyTrainer(options);
  const records: CellRecord[] = [];
  for (let i = 0; i < cellCount(trainer.study); i++) records.push(await trainer.train(i));
  return records;
}

const directions = ['forward', 'reverse'] as const;
const inOrder = await allCells({ ...options, directions });

describe('StudyTrainer', () => {
  it('trains every condition, all for the same number of steps, and the source digits once for neighbours', async () => {
    const trainer = new StudyTrainer(options);
    const heard: string[] = [];
    for (const index of [0, 1]) await trainer.train(index, { onTraining: (what) => heard.push(what) });
    const five = ['transfer', 'random', 'scratch', 'fine-tune', 'new head'];
    expect(heard).toEqual(['source digits', ...five, ...five]);
    // 60 target images in batches of 16 make 4 steps an epoch; 15 images make one.
    const counts = inOrder.map(({ figures: { samples, epochs, steps } }) => [samples, epochs, steps]);
    expect(counts).toEqual([
      [60, 2, 8],
      [15, 8, 8],
      [60, 2, 8],
      [15, 8, 8],
    ]);
    for (const { origin } of inOrder) expect(origin.seconds.conditions.scratch).toBeGreaterThan(0);
  }, 60_000);

  it('has in its transfer condition just the experiment', async () => {
    for (const [index, reverse] of [
      [0, false],
      [2, true],
    ] as const) {
      const { source, conditions } = inOrder[index].figures;
      const experiment = await runTransfer({ data, epochs: 2, batchSize: 16, threads: 0, reverse });
      expect(source).toMatchObject({ accuracy: experiment.source.test.accuracy });
      expect(conditions.transfer).toEqual({
        test: experiment.target.test,
        first_epoch_accuracy: experiment.target.history.val_accuracy[0],
        weights_sha256: experiment.weights_sha256,
      });
    }
  }, 60_000);

  it('finds the same figures for a cell by itself, with another strict kernel, as in a row', async () => {
    const alone = await new StudyTrainer({ ...options, directions, kernel: 'plain' }).train(3);
    expect({ ...alone, origin: null }).toEqual({ ...inOrder[3], origin: null });
    expect(alone.origin.kernel).toBe('plain');
  }, 60_000);

  it('takes a training that diverges for what it found, and goes on where it can', async () => {
    const [record] = await allCells({ ...options, samples: [3], learningRates: [1e30] });
    const { source, conditions } = record.figures;
    expect([source, ...Object.values(conditions)]).toEqual(Array(6).fill({ diverged: true }));
    expect(record.origin.seconds.conditions.scratch).toBeGreaterThan(0);
    const report = studyReport(mergeStudy([{ file: 'a', content: record }]));
    expect(report).toContain('test accuracy — over 1 seed (1 of 1 diverged)');
    expect(report).toMatch(/\(c\) from scratch, all layers \(1 of 1 diverged\) +— +— +— /);
  }, 60_000);

  it('ends with the signal’s reason where it is aborted', async () => {
    const controller = new AbortController();
    const { threads: _, ...unsaid } = options;
    const onTraining = (what: string): void => {
      if (what === 'transfer') controller.abort(new Error('enough'));
    };
    const cell = new StudyTrainer({ ...unsaid, signal: controller.signal }).train(0, { onTraining });
    await expect(cell).rejects.toThrow('enough');
  });
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
