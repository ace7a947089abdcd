import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { classList, givenClasses } from '../../src/cli/classes.ts';
import { temporaryFolder } from '../temporary.ts';
import { degeloHere, tinyIdxFolder } from './degelo.ts';

const folder = temporaryFolder();
const data = tinyIdxFolder(folder);

describe('lists of classes', () => {
  it('are numbers and ranges with commas between them, up to 255', () => {
    expect(['0-4', '7', '1,3,7', '250-255', '0-1,9,4-5'].map(classList)).toEqual([
      [0, 1, 2, 3, 4],
      [7],
      [1, 3, 7],
      [250, 251, 252, 253, 254, 255],
      [0, 1, 9, 4, 5],
    ]);
  });

  it('are nothing else: not empty, no class twice, no range the wrong way round', () => {
    for (const text of [
      '',
      ',',
      '1,',
      '4-0',
      '256',
      '0-256',
      '1,1',
      '0-4,3',
      '-1',
      'a',
      '1..3',
      ' 1',
      '1e1',
      '٣',
    ]) {
      expect(() => classList(text), text).toThrow(InvalidArgumentError);
    }
  });

  it('are only given on where they are said', () => {
    expect(givenClasses({})).toEqual({});
    expect(givenClasses({ targetClasses: [1, 2, 3, 4, 0] })).toEqual({ targetClasses: [1, 2, 3, 4, 0] });
  });
});

describe('transfer --source-classes --target-classes', () => {
  it('runs the experiment on these classes, also when it is resumed, and tells apart as many', async () => {
    const { code, stdout } = await degeloHere(
      ...['transfer', '--data', data, '--epochs', '1', '--batch-size', '16', '--threads', '1', '--json'],
      ...['--source-classes', '1,3,5-6', '--target-classes', '0,2,4,9'],
    );
    expect(code).toBe(0);
    const { source, target } = JSON.parse(stdout);
    expect([source.digits, target.digits]).toEqual([
      [1, 3, 5, 6],
      [0, 2, 4, 9],
    ]);
    expect(source.samples).toEqual({ train: 48, test: 16 });
  });

  it.each([
    [
      ['--source-classes', ''],
      "'' is invalid. Expected classes from 0 to 255, each once, such as 0-4 or 1,3,7.",
    ],
    [
      ['--source-classes', '7'],
      '--source-classes: must be at least two different classes, each once: got 7\n',
    ],
    [['--target-classes', '0-3'], '--target-classes: must be as many as --source-classes, since'],
    [
      ['--target-classes', '4-8'],
      '--target-classes: must differ from --source-classes: got 5, 6, 7, 8 in both\n',
    ],
  ])('%j is wrong usage, which shows before any data is read', async (args, message) => {
    for (const command of ['transfer', 'study']) {
      const outcome = await degeloHere(command, '--data', join(data, 'nowhere'), ...args);
      expect(outcome).toMatchObject({ code: 2, stdout: '' });
      expect(outcome.stderr).toContain(message);
    }
  });

  it('fails in one line where the data has no image of a class', async () => {
    const outcome = await degeloHere(
      ...[
        'transfer',
        '--data',
        data,
        '--json',
        '--threads',
        '1',
        '--source-classes',
        '5,6',
        '--target-classes',
        '1,10',
      ],
    );
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(
      /^degelo: classes: every class needs an image: .* class 10, got 120 images .*\n$/,
    );
  });
});
