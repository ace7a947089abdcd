import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import * as degelo from '../../src/index.ts';
import { type CsvLoggerOptions, csvLogger } from '../../src/index.ts';
import { temporaryFolder } from '../temporary.ts';
import { tinyData, tinyModel } from './tiny.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'log', 'training.csv');
});

const read = (): string => readFileSync(path, 'utf8');

const { x, y } = tinyData(12);
const compiled = (): degelo.Sequential => {
  const model = tinyModel(degelo);
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'], threads: 0 });
  return model;
};

describe('csvLogger', () => {
  it('writes each epoch’s figures, by name in alphabetical order, so that they read back as the same numbers', async () => {
    const options = { epochs: 3, validationData: [x, y] } as const;
    const { history } = await compiled().fit(x, y, { ...options, callbacks: [csvLogger({ path })] });
    const [header, ...rows] = read().trimEnd().split('\n');
    expect(header).toBe('epoch,accuracy,loss,val_accuracy,val_loss');
    expect(rows.map((row) => row.split(',').map(Number))).toEqual(
      [0, 1, 2].map((e) => [
        e,
        ...[history.accuracy[e], history.loss[e], history.val_accuracy[e], history.val_loss[e]],
      ]),
    );
    expect(readdirSync(join(folder, 'log'))).toEqual(['training.csv']);
  });

  it('replaces a file that is there, and continues it where told so, the header written once', async () => {
    const model = compiled();
    const whole = csvLogger({ path, separator: ';' });
    await model.fit(x, y, { epochs: 2, callbacks: [whole] });
    const two = read();
    await model.fit(x, y, { epochs: 1, callbacks: [whole] });
    expect(read().split('\n')).toHaveLength(3);

    writeFileSync(path, two.trimEnd()); // as an editor may leave it
    const append = csvLogger({ path, separator: ';', append: true });
    await model.fit(x, y, { epochs: 3, initialEpoch: 2, callbacks: [append] });
    expect(read().startsWith(two)).toBe(true);
    expect(read().slice(two.length)).toMatch(/^2;[\d.]+;[\d.]+\n$/);
  });

  it('begins the file where there is none to go on with', async () => {
    await compiled().fit(x, y, { epochs: 1, callbacks: [csvLogger({ path, append: true })] });
    expect(read()).toMatch(/^epoch,accuracy,loss\n0,[\d.]+,[\d.]+\n$/);
  });

  it('writes NA for a figure that an epoch hasn’t', async () => {
    const logger = csvLogger({ path });
    await logger.onTrainBegin?.();
    await logger.onEpochEnd?.(0, { loss: 1, val_loss: Number.NaN });
    await logger.onEpochEnd?.(1, { loss: 0.5 });
    expect(read()).toBe('epoch,loss,val_loss\n0,1,NaN\n1,0.5,NA\n');
  });

  it('refuses to go on with a file of other columns, and leaves it as it was', async () => {
    const logger = csvLogger({ path: join(folder, 'other.csv'), append: true });
    writeFileSync(join(folder, 'other.csv'), 'epoch,loss\n0,1\n');
    await logger.onTrainBegin?.();
    await expect(logger.onEpochEnd?.(1, { accuracy: 1, loss: 1 })).rejects.toThrow(
      /other.csv: csvLogger: columns must be those of this training: expected epoch,accuracy,loss, got epoch,loss/,
    );
    expect(readFileSync(join(folder, 'other.csv'), 'utf8')).toBe('epoch,loss\n0,1\n');
  });

  it.each([
    [{}, /csvLogger: expected a path or a file: URL, got undefined/],
    [{ path: '' }, /csvLogger: expected a path or a file: URL, got an empty string$/],
    [{ path: 'a', separator: '' }, /separator must be a string that no name or number has, got ''/],
    [{ path: 'a', separator: '.' }, /separator must be/],
    [{ path: 'a', separator: 'loss' }, /separator must be/],
    [{ path: 'a', separator: 5 }, /separator must be .*, got 5/],
  ])('refuses %j', (options, message) => {
    expect(() => csvLogger(options as CsvLoggerOptions)).toThrow(message);
  });
});
