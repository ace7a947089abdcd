/** A fine-tuning that stops on its way, and continues in its folder. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { photoFolder, tinyBase } from '../experiment/photos.ts';
import { temporaryFolder } from '../temporary.ts';
import { degeloHere, degeloOnTerminal } from './degelo.ts';

const folder = temporaryFolder();
const images = photoFolder(join(folder, 'fruit'), { apple: 5, plum: 5 });
const base = join(folder, 'base');
await tinyBase().save(base);
const args = [
  ...[
    'finetune',
    '--base',
    base,
    '--images',
    images,
    '--threads',
    '1',
    '--size',
    '14x12',
    '--cut',
    'average',
  ],
  ...['--epochs', '2', '--thaw', 'two', '--thaw-epochs', '2'],
];

/** Runs until stderr is to show this text, which then can't be written: the run ends there. */
async function stoppedAt(text: string, ...words: string[]): Promise<{ code: number; said: string }> {
  let said = '';
  const spies = [
    vi.spyOn(process.stdout, 'write').mockReturnValue(true),
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
      said += chunk;
      if (`${chunk}`.includes(text)) throw new Error('the terminal is gone');
      return true;
    }),
  ];
  try {
    return { code: await run(words), said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('degelo finetune --resume', () => {
  it('goes on from a checkpoint of either phase, to the result of a run that never stopped', async () => {
    const whole = JSON.parse((await degeloHere(...args, '--json')).stdout);
    const out = join(folder, 'stopped');
    const begun = await stoppedAt('Epoch 2/2', ...args, '--out', out);
    expect(begun.code).toBe(1);
    expect(begun.said).toContain('degelo finetune --resume');
    // Once more in the second phase, with a checkpoint at each step.
    const again = await stoppedAt('Thawed', 'finetune', '--resume', out, '--checkpoint-steps', '1');
    expect(again.said).toContain('Going on');
    const { code, stdout, stderr } = await degeloHere('finetune', '--resume', out, '--threads', '2');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain('Thawed too');
    const result = JSON.parse((await degeloHere('finetune', '--resume', out, '--json')).stdout);
    expect(result.weights_sha256).toBe(whole.weights_sha256);
    expect(result.head.history.loss).toEqual(whole.head.history.loss);
    expect(readdirSync(out)).not.toContain('checkpoint');
  });

  it('shows on a terminal how far the features are', async () => {
    const { code, stderr } = await degeloOnTerminal(...args, '--hidden', '3', '--preprocess', 'none');
    expect(code).toBe(0);
    expect(stderr).toMatch(/features/i);
  });

  it('leaves nothing where training diverges', async () => {
    const out = join(folder, 'diverges');
    const { code, stderr } = await degeloHere(...args, '--learning-rate', '1e38', '--out', out);
    expect({ code, stderr: stderr.trim().split('\n').at(-1) }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^degelo: fit: epoch 1: .* became .*: lower the learning rate$/),
    });
    expect(existsSync(out)).toBe(false);
  });

  it('needs a folder that a fine-tuning began', async () => {
    const other = join(folder, 'other');
    writeFileSync(other, '');
    expect((await degeloHere('finetune', '--resume', other)).code).toBe(1);
    expect((await degeloHere('finetune', '--resume', folder, '--out', other)).stderr).toContain(
      '--out: a resumed run already has its folder: leave out --out',
    );
  });
});
