/** When a run is saved, and what happens where that fails: with moments of the test's own making. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { isLock } from '../../src/cli/folder-lock.ts';
import { OutFolder } from '../../src/cli/out-folder.ts';
import { publishResults } from '../../src/cli/publish.ts';
import { saver, savesTarget } from '../../src/cli/saver.ts';
import type { Phase, SafePoint } from '../../src/experiment/observer.ts';
import type { PhaseResult } from '../../src/experiment/result.ts';
import { sha256 } from '../../src/formats/sha256.ts';
import { dense, sequential } from '../../src/index.ts';
import { english } from '../../src/report/messages.ts';
import { temporaryFolder } from '../temporary.ts';

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
  const saving = saver(out, { steps, notes: {}, ...savesTarget(out) });
  const checkpoints = () =>
    readdirSync(join(folder, name, 'checkpoint')).filter((file) => file.startsWith('checkpoint-'));
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

describe('the model after the first phase', () => {
  const model = sequential([dense({ units: 1, inputShape: [1] })]);
  const encode = vi.fn(async () => new Uint8Array(1));
  const inTarget = (kind: SafePoint['kind'], step: number): SafePoint => ({
    ...point(kind, step),
    phase: 'target',
    encode,
  });

  it('is written again at the next checkpoint where it is gone or damaged, and each checkpoint names its hash', async () => {
    const { out, saving } = newRun('source');
    expect(saving.source).toBeNull();
    await saving.onPhaseEnd({ name: 'source' } as Phase, {} as PhaseResult, model); // no more is used
    const whole = readFileSync(out.source);
    expect(saving.source).toEqual(new Uint8Array(whole));
    rmSync(out.source);
    await saving.onSafePoint(inTarget('begin', 1));
    expect(readFileSync(out.source)).toEqual(whole);
    for (const damaged of [
      whole.subarray(1),
      whole.map((byte, i) => (i === 99 ? byte ^ 1 : byte)),
      Buffer.alloc(0),
    ]) {
      writeFileSync(out.source, damaged);
      await saving.onSafePoint(inTarget('epoch', 2));
      expect(readFileSync(out.source)).toEqual(whole);
    }
    expect(encode).toHaveBeenLastCalledWith(
      { source_sha256: await sha256(new Uint8Array(whole)) },
      expect.anything(),
    );
  });

  it('must be published as it was, and so must the other', async () => {
    const { out, saving } = newRun('mixed');
    await saving.onPhaseEnd({ name: 'source' } as Phase, {} as PhaseResult, model);
    await saving.onPhaseEnd({ name: 'target' } as Phase, {} as PhaseResult, model);
    const run = { result: { weights_sha256: 'ab' } } as Parameters<typeof publishResults>[1];
    await expect(publishResults(out, run, saving.source as Uint8Array, [], english)).rejects.toThrow(
      /^--out: target-model must be the run's own: expected weights_sha256 ab, got [0-9a-f]{64}$/,
    );
    expect(readdirSync(join(folder, 'mixed')).filter((name) => !isLock(name))).toEqual(['checkpoint']);
  });
});

describe('where nothing more can be written', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

  it('a run ends with what can’t be written and why; the checkpoint before stays', async () => {
    const { out, saving, checkpoints } = newRun('full');
    await saving.onSafePoint(point('begin', 0));
    vi.spyOn(out.checkpoints, 'write').mockRejectedValueOnce(full);
    await expect(saving.onSafePoint(point('epoch', 1))).rejects.toThrow(
      "--out: the checkpoint can't be written: no space left on device (ENOSPC)",
    );
    expect(checkpoints()).toEqual(['checkpoint-000001.safetensors']);
    expect(out.leave()).toMatch(/^continue with: /);
  });

  it('so it does where the models or the results can’t be', async () => {
    const { out, saving } = newRun('blocked');
    const model = sequential([dense({ units: 1, inputShape: [1] })]);
    const end = (name: Phase['name']) => saving.onPhaseEnd({ name } as Phase, {} as PhaseResult, model); // no more is used
    mkdirSync(join(out.source, 'in the way'), { recursive: true });
    await expect(end('source')).rejects.toThrow(/^--out: the source model can't be written: .+ \(E[A-Z]+\)$/);
    rmSync(out.source, { recursive: true });
    await end('source');
    writeFileSync(out.results, 'in the way');
    await expect(end('target')).rejects.toThrow(/^--out: the target model can't be written: .+ \(E[A-Z]+\)$/);
    const run = {} as Parameters<typeof publishResults>[1]; // it doesn't come to that
    await expect(publishResults(out, run, saving.source as Uint8Array, [], english)).rejects.toThrow(
      /^--out: the results can't be written: .+ \(E[A-Z]+\)$/,
    );
    expect(readdirSync(join(folder, 'blocked')).filter((name) => !isLock(name))).toEqual(['checkpoint']);
  });
});
