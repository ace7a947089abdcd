/** What people type at the first try: it works, or one line says what would be right. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeProgram } from '../../src/cli/program.ts';
import { commandOf, withFlags } from '../../src/cli/usage.ts';
import { dense, sequential } from '../../src/index.ts';
import { temporaryFolder } from '../temporary.ts';
import { degeloHere } from './degelo.ts';

describe('an option by another name', () => {
  it.each([
    ['finetune', '--lr', '--learning-rate'],
    ['finetune', '--minibatch', '--batch-size'],
    ['transfer', '--epoch', '--epochs'],
  ])('%s %s: %s was meant', async (command, wrong, right) => {
    const { code, stderr } = await degeloHere(command, wrong, '1');
    expect(code).toBe(2);
    expect(stderr).toContain(`unknown option '${wrong}'\n(Did you mean ${right}?)`);
  });

  it('gets the right suggestion where --verbose stands before the command, and in a command of a command', async () => {
    const { stderr } = await degeloHere('--verbose', 'finetune', '--lr', '1');
    expect(stderr).toContain("unknown option '--lr'\n(Did you mean --learning-rate?)");
    const below = await degeloHere('data', 'fetch', '--output', 'x');
    expect(below.stderr).toContain("unknown option '--output'\n(Did you mean --out?)");
  });

  it('that stands before its command is to stand behind it', async () => {
    const { code, stderr } = await degeloHere('--threads', '2', 'transfer');
    expect(code).toBe(2);
    expect(stderr).toContain('(--threads comes after its command: degelo transfer --threads)');
    const portuguese = await degeloHere('--lang', 'pt', 'data', 'check');
    expect(portuguese.stderr).toContain('(--lang fica depois do comando: degelo data check --lang)');
  });

  it('is named as it is typed in a refusal of the library, whatever stands before the command', () => {
    const command = commandOf(makeProgram(), ['--verbose', 'finetune', '--resume', 'run']);
    expect(withFlags('resume: testSplit must be 0.2', command)).toBe('resume: --test-split must be 0.2');
  });

  it('of another command is said to be that command’s', async () => {
    const { code, stderr } = await degeloHere('transfer', '--hidden', '128');
    expect(code).toBe(2);
    expect(stderr).toContain("unknown option '--hidden'\n(--hidden is an option of finetune)");
    const several = await degeloHere('--verbose', 'data', 'check', '--images', 'photos');
    expect(several.stderr).toMatch(/\(--images is an option of transfer, finetune, features, evaluate\)/);
    const below = await degeloHere('summary', '--mirror', 'x');
    expect(below.stderr).toContain('(--mirror is an option of data fetch)');
    const portuguese = await degeloHere('transfer', '--thaw', '5', '--lang', 'pt');
    expect(portuguese.stderr).toContain('(--thaw é uma opção de finetune)');
  });

  it('that nothing is like is told as before', async () => {
    expect((await degeloHere('transfer', '--frobnicate')).stderr).toMatch(/'--frobnicate'\n\(--help/);
    expect((await degeloHere('--frobnicate')).stderr).toContain("unknown option '--frobnicate'\n(--help");
  });
});

it.each(['3.5', '-3', '0'])('--thaw %s is no name of a layer', async (layers) => {
  const { code, stderr } = await degeloHere('finetune', '--thaw', layers);
  expect(code).toBe(2);
  expect(stderr).toContain('Expected a whole number of at least 1.');
});

it('folders of photos are told from folders of IDX files', async () => {
  const photos = temporaryFolder();
  mkdirSync(join(photos, 'cat'));
  const { code, stderr } = await degeloHere('data', 'check', photos);
  expect(code).toBe(1);
  expect(stderr).toContain('found neither: folders of photos are for --images, or loadImages');
  expect((await degeloHere('data', 'check', join(photos, 'cat'))).stderr).toMatch(/found neither\n$/);
});

it('the folder of a run stands for its model, also in summary and convert', async () => {
  const run = temporaryFolder();
  await sequential({ name: 'mine', layers: [dense({ units: 1, inputShape: [2] })] }).save(
    join(run, 'target-model'),
  );
  expect((await degeloHere('summary', run)).stdout).toContain('Model: mine');
  expect((await degeloHere('convert', run, join(run, 'w.npz'))).code).toBe(0);
});
