import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary.ts';
import { groupIsAlive, start, tinyIdxFolder } from './degelo.ts';

const folder = temporaryFolder();
const data = tinyIdxFolder(folder);
const endless = ['transfer', '--data', data, '--epochs', '1000000', '--threads', '2'];

describe('a signal ends the program at once', () => {
  it.each([
    ['SIGINT', 130, 'degelo: interrupted\n'],
    ['SIGTERM', 143, 'degelo: terminated\n'],
    ['SIGHUP', 129, 'degelo: terminated\n'],
  ] as const)('%s in an epoch: exit code %d, one line, no process left', async (signal, code, line) => {
    const running = await start(...endless);
    await running.until('Epoch       3/1000000');
    running.child.kill(signal);
    const outcome = await running.outcome;
    expect(outcome.code).toBe(code);
    expect(outcome.stdout).toBe('');
    expect(outcome.stderr.endsWith(`\n${line}`)).toBe(true);
    expect(groupIsAlive(running)).toBe(false);
  });

  // One step of 1,500 samples takes the plain kernels several seconds on any machine of today.
  it('SIGINT in the middle of a long step', async () => {
    const running = await start('transfer', '--kernel', 'plain', '--batch-size', '1500', '--threads', '2');
    await running.until('val_accuracy');
    await sleep(500);
    running.child.kill('SIGINT');
    const outcome = await running.outcome;
    expect(outcome.code).toBe(130);
    expect(outcome.stderr).not.toContain('Epoch 1/5');
    expect(groupIsAlive(running)).toBe(false);
  });
});

describe('a reader that goes away', () => {
  it('from stdout: the program ends quietly', async () => {
    const running = await start('transfer', '--data', data, '--epochs', '1', '--json');
    running.child.stdout?.destroy();
    expect(await running.outcome).toMatchObject({ code: 0, stderr: '' });
  });

  it('from the help: the program ends quietly', async () => {
    for (const args of [['--help'], ['transfer', '--help']]) {
      const running = await start(...args);
      running.child.stdout?.destroy();
      expect(await running.outcome).toMatchObject({ code: 0, stderr: '' });
    }
  });

  it('from stderr: the program ends at once, as by SIGPIPE', async () => {
    const running = await start(...endless);
    await running.until('x_train');
    running.child.stderr?.destroy();
    expect((await running.outcome).code).toBe(141);
  });
});
