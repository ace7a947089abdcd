/** The callback that saves checkpoints during fit. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as degelo from '../../src/index.ts';
import { loadCheckpoint, modelCheckpoint, type Sequential } from '../../src/index.ts';
import { temporaryFolder } from '../temporary.ts';
import { compiled } from './compiled.ts';
import { tinyData } from './tiny.ts';
import { getWeightsFlat } from './weights.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const { x, y } = tinyData(30);
/** Two batches of 12 and one of 6. */
const options = { batchSize: 12, epochs: 3, validationData: [x, y] } as const;

/** What a training comes to. */
async function outcome(model: Sequential, resumeFrom: degelo.FitPosition | null = null) {
  const history = await model.fit(x, y, { ...options, resumeFrom });
  return { history, weights: getWeightsFlat(model), step: model.step };
}

describe('modelCheckpoint', () => {
  /** Fits with figures of the test's own choice; returns the epochs or batches that were saved, by their steps. */
  async function savedSteps(
    options: Partial<degelo.ModelCheckpointOptions>,
    figures: readonly degelo.Logs[],
    past: readonly number[] = [],
  ): Promise<number[]> {
    const model = compiled();
    await model.fit(x, y, { batchSize: 30, epochs: 0, ...position(past) });
    const callback = modelCheckpoint({ folder, ...options });
    callback.setModel?.(model);
    await callback.onTrainBegin?.();
    const steps: number[] = [];
    let newest = '';
    for (const [epoch, logs] of figures.entries()) {
      await callback.onEpochBegin?.(epoch);
      for (let batch = 0; batch < 2; batch++) {
        model.step++;
        await callback.onBatchEnd?.(batch, logs, { seen: 1, samples: 2 });
        note();
      }
      await callback.onEpochEnd?.(epoch, logs);
      note();
    }
    return steps;

    function note(): void {
      const last = readdirSync(folder).sort().at(-1) ?? '';
      if (last !== newest) steps.push(model.step);
      newest = last;
    }
  }

  /** A position with a history. */
  function position(past: readonly number[]): { resumeFrom: degelo.FitPosition } {
    const history = { epoch: past.map((_, i) => i), history: { val_loss: past } };
    return {
      resumeFrom: { epoch: past.length, batch: 0, sums: { samples: 0, loss: 0, metrics: [0] }, history },
    };
  }

  const losses = [0.5, 0.7, 0.5, 0.4].map((loss, i) => ({ val_loss: loss, val_accuracy: i / 4, loss: 1 }));

  it('saves every epoch; with saveBestOnly where the figure is strictly better', async () => {
    expect(await savedSteps({}, losses)).toEqual([2, 4, 6, 8]);
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    expect(await savedSteps({ saveBestOnly: true }, losses)).toEqual([2, 8]);
  });

  it.each([
    [{ monitor: 'val_accuracy' }, [2, 4, 6, 8]],
    [{ mode: 'max' }, [2, 4]],
    [{ initialValueThreshold: 0.45 }, [8]],
    [{ monitor: 'loss' }, [2]],
    [{ saveFreq: 3, mode: 'max' }, [3]],
    [{ saveFreq: 3, monitor: 'val_accuracy' }, [3, 6]],
  ] as const)('saveBestOnly with %j saves after steps %j', async (options, steps) => {
    expect(await savedSteps({ saveBestOnly: true, ...options }, losses)).toEqual(steps);
  });

  it('saves after so many batches, across epochs', async () => {
    expect(await savedSteps({ saveFreq: 3 }, losses)).toEqual([3, 6]);
  });

  it('knows the best of the history that fit resumes from', async () => {
    expect(await savedSteps({ saveBestOnly: true }, losses, [0.9, 0.45])).toEqual([8]);
  });

  it('asks nothing of a model that has not been in fit', async () => {
    const callback = modelCheckpoint({ folder, saveBestOnly: true });
    callback.setModel?.(compiled());
    await callback.onTrainBegin?.();
    await callback.onEpochEnd?.(0, { val_loss: 1 } as never);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('warns and saves where the figure isn’t there', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    expect(await savedSteps({ saveBestOnly: true }, [{ loss: 1 }])).toEqual([2]);
    expect(warn.mock.calls.flat()).toEqual([
      "modelCheckpoint: saveBestOnly needs val_loss, which doesn't exist: saved anyway",
    ]);
  });

  it('in a real fit fills a folder from which loadCheckpoint goes on to the same end', async () => {
    const expected = await outcome(compiled());
    const model = compiled();
    await model.fit(x, y, {
      ...options,
      epochs: 2,
      callbacks: [modelCheckpoint({ folder, metadata: { run: 7 } })],
    });
    const { model: read, position, metadata } = await loadCheckpoint(folder, { threads: 0 });
    expect(metadata).toEqual({ run: 7 });
    expect(position?.epoch).toBe(2);
    expect(await outcome(read, position)).toEqual(expected);

    // The newest one damaged: from the one before, to the same end.
    const newest = join(folder, 'checkpoint-000002.safetensors');
    writeFileSync(newest, readFileSync(newest).subarray(0, 1000));
    const before = await loadCheckpoint(folder, { threads: 0 });
    expect(before.position?.epoch).toBe(1);
    expect(await outcome(before.model, before.position)).toEqual(expected);
  });

  it('writes figures into a path', async () => {
    const path = join(folder, '{epoch:03d}-{batch}-{accuracy:.1f}-{loss:6.2f}.safetensors');
    const figures = [{ loss: 1.234, accuracy: 1 }];
    await savedSteps({ folder: undefined, path, saveFreq: 2 } as object, figures);
    expect(readdirSync(folder)).toEqual(['001-2-1.0-  1.23.safetensors']);
    const wrong = savedSteps({ folder: undefined, path: '{nothing}' } as object, figures);
    await expect(wrong).rejects.toThrow(
      'modelCheckpoint: path must hold figures that are there: expected loss, accuracy, epoch, got nothing',
    );
  });

  it.each([
    [{}, 'either folder or path must be given, and not both'],
    [{ folder: 'a', path: 'b' }, 'either folder or path must be given, and not both'],
    [{ folder: 'a', saveFreq: 0 }, "saveFreq must be 'epoch' or an integer ≥ 1, got 0"],
    [{ folder: 'a', saveFreq: 'batch' }, "saveFreq must be 'epoch' or an integer ≥ 1, got 'batch'"],
    [{ folder: 'a', mode: 'best' }, "mode must be one of auto, min, max, got 'best'"],
    [{ folder: 'a', monitor: 'lr' }, 'mode must be min or max where monitor is lr, got auto'],
  ])('refuses %j', (options, message) => {
    expect(() => modelCheckpoint(options as degelo.ModelCheckpointOptions)).toThrow(
      `modelCheckpoint: ${message}`,
    );
  });
});
