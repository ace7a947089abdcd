/** When a run is saved, and what happens where that fails: with moments of the test's own making. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { OutFolder } from '../../src/cli/out-folder.ts';
import { publishResults } from '../../src/cli/publish.ts';
import { saver } from '../../src/cli/saver.ts';
import type { Phase, SafePoint } from '../../src/experiment/observer.ts';
import type { PhaseResult } from '../../src/experiment/result.ts';
import { dense, sequential } from '../../src/index.ts';
import { english } from '../../src/report/messages.ts';
import { temporaryFolder } from './degelo.ts';

const folder = temporaryFolder();
const exits = vi.hoisted(() => ({ finish: async (): Promise<void> => {} }));
vi.mock('../../src/cli/exits.ts', () => ({
  onSuddenExit: () => () => {},
  onInterrupt: (finish: () => Promise<void>) => {
    exits.finish = finish;
    return () => {};
  },
}));

function point(kind: SafePoint['kind'], step: number): SafePoint {
  return { phase: 'source', kind, step, encode: async () => Uint8Array.of(step) };
}

function newRun(name: string, steps = Infinity) {
  const out = OutFolder.create(join(folder, name));
  const saving = saver(out, { steps, notes: {} });
  const checkpoints = () => readdirSync(join(folder, name, 'checkpoint'));
  return { out, saving, checkpoints };
}

describe('a run is saved', () => {
  it('at the beginning of a phase and after an epoch, not after a batch', async () => {
    const { saving, checkpoints } = newRun('epochs');
    await saving.onSafePoint(point('begin', 0));
    await saving.onSafePoint(point('batch', 1));
    expect(checkpoints()).toEqual(['checkpoint-000001.safetensors']);
    await saving.onSafePoint(point('epoch', 1));
    expect(checkpoints()).toHaveLength(2);
  });

  it('on request after so many steps since the last time, whatever was tested in between', async () => {
    const { saving, checkpoints } = newRun('steps', 3);
    const newest = async (kind: SafePoint['kind'], step: number) => {
      await saving.onSafePoint(point(kind, step));
      return checkpoints().sort().at(-1);
    };
    expect(await newest('begin', 0)).toBe('checkpoint-000001.safetensors');
    expect(await newest('batch', 2)).toBe('checkpoint-000001.safetensors');
    expect(await newest('batch', 3)).toBe('checkpoint-000002.safetensors');
    expect(await newest('batch', 3)).toBe('checkpoint-000002.safetensors');
    expect(await newest('epoch', 4)).toBe('checkpoint-000003.safetensors');
    expect(await newest('batch', 6)).toBe('checkpoint-000003.safetensors');
    expect(await newest('batch', 7)).toBe('checkpoint-000004.safetensors');
  });

  it('after the step at hand when it is interrupted, and goes no further', async () => {
    const { saving, checkpoints } = newRun('interrupted');
    await saving.onSafePoint(point('begin', 0));
    const finished = exits.finish();
    const next = vi.fn();
    void Promise.resolve(saving.onSafePoint(point('batch', 1))).then(next);
    await finished;
    expect(checkpoints()).toHaveLength(2);
    await new Promise(setImmediate);
    expect(next).not.toHaveBeenCalled();
  });

  it('not at all when it is interrupted before it trains: there is nothing to wait for', async () => {
    const { checkpoints } = newRun('at once');
    await exits.finish();
    expect(checkpoints()).toEqual([]);
  });
});

describe('where nothing more can be written', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

  it('a run ends with what can’t be written and why; the checkpoint before stays', async () => {
    const { out, saving, checkpoints } = newRun('full');
    await saving.onSafePoint(point('begin', 0));
    vi.spyOn(out.checkpoints, 'write').mockRejectedValueOnce(full);
    await expect(saving.onSafePoint(point('epoch', 1))).rejects.toThrow(
      "--out: the checkpoint can't be written: ENOSPC: no space left on device, write",
    );
    expect(checkpoints()).toEqual(['checkpoint-000001.safetensors']);
    expect(out.leave()).toMatch(/^go on with: /);
  });

  it('so it does where the models or the results can’t be', async () => {
    const { out, saving } = newRun('blocked');
    const model = sequential([dense({ units: 1, inputShape: [1] })]);
    const end = (name: Phase['name']) => saving.onPhaseEnd({ name } as Phase, {} as PhaseResult, model); // no more is used
    mkdirSync(join(out.source, 'in the way'), { recursive: true });
    await expect(end('source')).rejects.toThrow(/^--out: the source model can't be written: E/);
    rmSync(out.source, { recursive: true });
    await end('source');
    writeFileSync(out.results, 'in the way');
    await expect(end('target')).rejects.toThrow(/^--out: the target model can't be written: E/);
    const run = {} as Parameters<typeof publishResults>[1]; // it doesn't come to that
    await expect(publishResults(out, run, [], english)).rejects.toThrow(
      /^--out: the results can't be written: E/,
    );
    expect(readdirSync(join(folder, 'blocked'))).toEqual(['checkpoint']);
  });
});
