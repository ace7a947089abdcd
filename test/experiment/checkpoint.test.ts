/** A run of the experiment that is saved, stopped and resumed. */
import { describe, expect, it } from 'vitest';
import {
  checkSameRun,
  parseTransferCheckpoint,
  runOptions,
  type TransferCheckpoint,
} from '../../src/experiment/checkpoint.ts';
import type { SafePoint } from '../../src/experiment/observer.ts';
import type { PhaseHistory, TransferResult } from '../../src/experiment/result.ts';
import { runTransfer } from '../../src/experiment/transfer.ts';
import { encodeCheckpoint } from '../../src/formats/checkpoint.ts';
import { FormatError } from '../../src/formats/errors.ts';
import { dense, sequential } from '../../src/index.ts';
import { tinyMnist } from './tiny.ts';

const data = tinyMnist();
const quick = { data, epochs: 2, batchSize: 16, threads: 0 } as const;
/** Of a phase: its beginning; 4 batches, 2 of validation and the end of each epoch. */
const POINTS = 1 + 2 * (4 + 2 + 1);

/** A result without its times. */
function timeless(result: TransferResult) {
  const phase = ({ history, seconds, ...rest }: TransferResult['source']) => {
    const { seconds: _, ...figures }: PhaseHistory = history;
    expect(history.seconds).toHaveLength(2);
    expect(Math.min(seconds, ...history.seconds)).toBeGreaterThan(0);
    return { ...rest, history: figures };
  };
  return { ...result, source: phase(result.source), target: phase(result.target) };
}

async function savedRun(): Promise<{
  result: TransferResult;
  points: { point: SafePoint; bytes: Uint8Array }[];
}> {
  const points: { point: SafePoint; bytes: Uint8Array }[] = [];
  const result = await runTransfer(quick, {
    everyBatch: true,
    async onSafePoint(point) {
      points.push({ point, bytes: await point.encode({ n: points.length }) });
    },
  });
  return { result, points };
}

const { result, points } = await savedRun();
const parse = (i: number): Promise<TransferCheckpoint> => parseTransferCheckpoint(points[i].bytes, 'file');

describe('a run of the experiment', () => {
  it('can be saved at the beginning of a phase, after every batch and after every epoch', async () => {
    expect(points).toHaveLength(2 * POINTS);
    const told = points.map(({ point }) => `${point.phase} ${point.kind} ${point.step}`);
    expect(told.slice(0, 9)).toEqual([
      ...['source begin 0', 'source batch 1', 'source batch 2', 'source batch 3', 'source batch 4'],
      ...['source batch 4', 'source batch 4', 'source epoch 4', 'source batch 5'],
    ]);
    expect(told[POINTS]).toBe('target begin 8');
    expect((await parse(3)).notes).toEqual({ n: 3 });
  });

  it.each(Array.from({ length: Math.ceil((2 * POINTS) / 3) }, (_, i) => 3 * i))(
    'resumed from moment %i ends as if it had never stopped',
    async (i) => {
      const resumed = await runTransfer({ ...quick, resumeFrom: await parse(i) });
      expect(timeless(resumed)).toEqual(timeless(result));
    },
  );

  it('goes on with another strict kernel and another cache to the same weights', async () => {
    const resumed = await runTransfer({
      ...quick,
      kernel: 'plain',
      featureCacheMB: 0,
      resumeFrom: await parse(20),
    });
    expect(resumed.weights_sha256).toBe(result.weights_sha256);
  });

  it.each([
    ['reverse', { reverse: true }, 'reverse must be as in the run that was saved: expected false, got true'],
    [
      'targetClasses',
      { targetClasses: [0, 1, 2, 4, 3] },
      'targetClasses must be as in the run that was saved: expected 0,1,2,3,4, got 0,1,2,4,3',
    ],
    ['epochs', { epochs: 3 }, 'epochs must be as in the run that was saved: expected 2, got 3'],
    ['batchSize', { batchSize: 17 }, 'batchSize must be as in the run that was saved: expected 16, got 17'],
    [
      'learningRate',
      { learningRate: 0.5 },
      'learningRate must be as in the run that was saved: expected 1, got 0.5',
    ],
    ['seed', { seed: 1 }, 'seed must be as in the run that was saved: expected 0, got 1'],
    [
      'convolution',
      { convolution: 'direct' },
      'convolution must be as in the run that was saved: expected auto',
    ],
    [
      'data',
      { data: tinyMnist({ train: 12, test: 5 }) },
      'the data must be as in the run that was saved: expected sha',
    ],
  ] as const)('is not resumed with another %s', async (_name, options, message) => {
    const run = runTransfer({ ...quick, ...options, resumeFrom: await parse(4) });
    await expect(run).rejects.toThrow(RangeError);
    await expect(run).rejects.toThrow(`resume: ${message}`);
  });

  it('is not resumed by another version, nor with fma where it began without, which has other bits', async () => {
    const checkpoint = await parse(4);
    const run = { options: checkpoint.options, data: checkpoint.data };
    const older = { ...checkpoint, contents: { ...checkpoint.contents, version: '0.0.9' } };
    expect(() => checkSameRun(older, run)).toThrow(
      /^resume: the version of degelo must be .* expected 0.0.9, got /,
    );
    for (const [saved, now] of [
      ['fma', 'simd'],
      ['simd', 'fma'],
    ] as const) {
      const [from, to] = [saved, now].map((kernel) => runOptions({ ...run.options, kernel }));
      expect(() => checkSameRun({ ...checkpoint, options: from }, { ...run, options: to })).toThrow(
        `resume: kernel must be as in the run that was saved: expected ${saved}, got ${now}`,
      );
    }
  });
});

describe('parseTransferCheckpoint', () => {
  /** A checkpoint of another model, with this metadata. */
  const parseOf = async (metadata: Record<string, unknown>): Promise<string> => {
    const bytes = await encodeCheckpoint(sequential([dense({ units: 1, inputShape: [1] })]), metadata);
    const error: unknown = await parseTransferCheckpoint(bytes, 'file').catch((error) => error);
    expect(error).toBeInstanceOf(FormatError);
    return (error as FormatError).message;
  };

  it.each([
    ['options', null, 'metadata.options must be an object, got null'],
    ['data', { sha256: 'x' }, 'metadata.data.source must be a string, got nothing'],
    ['phase', 'third', 'metadata.phase must be "source" or "target", got "third"'],
    [
      'seconds',
      { epochs: [1], epoch: 0, fit: 0 },
      'metadata.seconds.epochs must be a list of 0 numbers, got [1]',
    ],
    ['seconds', { epochs: [], epoch: 'x', fit: 0 }, 'metadata.seconds.epoch must be a number, got "x"'],
    ['notes', 1, 'metadata.notes must be an object, got 1'],
  ])('refuses wrong %s in one line', async (name, value, message) => {
    const { metadata } = (await parse(0)).contents;
    expect(await parseOf({ ...metadata, [name]: value })).toBe(`file: ${message}`);
  });

  it.each([
    ['reverse', 1],
    ['sourceClasses', [-1]],
    ['targetClasses', '0-4'],
    ['epochs', 1.5],
    ['batchSize', '16'],
    ['learningRate', null],
    ['seed', -1],
    ['kernel', 'cuda'],
    ['convolution', 'fft'],
    ['threads', -1],
    ['featureCacheMB', []],
  ])('refuses a senseless option %s', async (name, value) => {
    const { metadata } = (await parse(0)).contents;
    const options = { ...(metadata.options as object), [name]: value };
    expect(await parseOf({ ...metadata, options })).toContain(`file: metadata.options.${name} must be `);
  });

  it('refuses a first phase whose result isn’t whole', async () => {
    const { metadata } = (await parse(POINTS)).contents;
    const source = metadata.source as Record<string, object>;
    const changes: [object | null, string][] = [
      [null, 'metadata.source must be an object'],
      [{ ...source, digits: ['5'] }, 'metadata.source.digits must be a list of digits'],
      [{ ...source, params: undefined }, 'metadata.source.params must be an object'],
      [{ ...source, test: { loss: 1 } }, 'metadata.source.test.accuracy must be a number'],
      [{ ...source, history: { ...source.history, val_loss: [1] } }, 'val_loss must be a list of 2 numbers'],
    ];
    for (const [changed, message] of changes) {
      expect(await parseOf({ ...metadata, source: changed })).toContain(message);
    }
  });

  it('fails in one line where the model isn’t the experiment’s', async () => {
    const { metadata } = (await parse(0)).contents;
    const bytes = await encodeCheckpoint(sequential([dense({ units: 1, inputShape: [1] })]), metadata);
    const resumeFrom = await parseTransferCheckpoint(bytes, 'file');
    await expect(runTransfer({ ...quick, resumeFrom })).rejects.toThrow(/^file: .*$/);
  });
});
