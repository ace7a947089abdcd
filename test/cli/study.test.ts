import { describe, expect, it } from 'vitest';
import { degeloHere, degeloOnTerminal, temporaryFolder, tinyIdxFolder } from './degelo.ts';

const data = tinyIdxFolder(temporaryFolder());
const tiny = ['study', '--data', data, '--epochs', '2', '--batch-size', '32', '--seeds', '1'];

describe('degelo study', () => {
  it('prints a table for each number of samples on stdout, and nothing else', async () => {
    const { code, stdout, stderr } = await degeloHere(...tiny, '--samples', 'all,3', '--threads', '1');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Source digits, 2 epochs: test accuracy \d\.\d{4} ± .* over 1 seed\n/);
    expect(stdout).toContain('\nTarget digits, all samples a digit (60 in all, 4 steps in 2 epochs)\n');
    expect(stdout).toContain('\nTarget digits, 3 samples a digit (15 in all, 4 steps in 4 epochs)\n');
    // One seed has no interval.
    expect(stdout).toMatch(/\(c\) from scratch, all layers .* [+−]\d\.\d{4} +\d/);
  });

  it('--json prints every training, --reverse the other way round; a terminal shows which is at work', async () => {
    const { code, stdout, stderr } = await degeloOnTerminal(
      ...tiny,
      '--samples',
      'all',
      '--reverse',
      '--json',
    );
    expect(code).toBe(0);
    const { seeds, source, cells } = JSON.parse(stdout);
    expect([seeds, source.length, cells.length]).toEqual([1, 1, 5]);
    expect(cells[0]).toMatchObject({ condition: 'transfer', samples_per_digit: 'all', steps: 4 });
    expect(stderr).toMatch(/[1-6]\/6 seed 0: .*, about \d+ min left/);
    expect(stderr.endsWith('\r\x1b[K')).toBe(true);
  });

  it.each([['0'], ['all,'], ['few'], ['1.5'], ['all,-1']])('refuses --samples %s', async (list) => {
    const { code, stdout, stderr } = await degeloHere(...tiny, '--samples', list);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Expected numbers of at least 1 and the word all, with commas between them.');
  });

  it('fails in one line where a digit has fewer samples than asked for', async () => {
    const { code, stdout, stderr } = await degeloHere(...tiny, '--samples', '100', '--threads', '1');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^degelo: study: class \d must have 100 samples, got 12\n$/);
  });
});
