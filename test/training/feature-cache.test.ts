/** Features of a frozen part are computed once a sample, and kept as long as there is room. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as degelo from '../../src/index.ts';
import type { Plan } from '../../src/model/plan.ts';
import { cacheFeatures } from '../../src/training/session/feature-cache.ts';
import type { DataSet } from '../../src/training/session/job.ts';
import { compiled, freezeFeatures } from './compiled.ts';
import { tinyData, tinyModel } from './tiny.ts';

afterEach(() => vi.restoreAllMocks());

describe('a frozen layer', () => {
  const { x, y } = tinyData(20);

  /** Samples that pass the first layer forward in all of a fit. */
  async function forwards(options: degelo.FitOptions): Promise<number> {
    const model = tinyModel(degelo);
    freezeFeatures(model);
    compiled(model);
    const forward = vi.spyOn(model.layers[0], 'forward');
    await model.fit(x, y, { batchSize: 8, epochs: 3, ...options });
    return forward.mock.calls.reduce((sum, [, N]) => sum + N, 0);
  }

  it('sees each sample once in all epochs, of training and of validation', async () => {
    expect(await forwards({})).toBe(20);
    expect(await forwards({ validationData: [x, y] })).toBe(40);
  });

  it('sees each sample in every epoch where there is no room', async () => {
    expect(await forwards({ featureCacheMB: 0 })).toBe(60);
  });
});

describe('the room for features', () => {
  const plan = { cut: [{ shape: [3, 2] }, { shape: [2] }] } as unknown as Plan; // eight numbers a sample
  const data = (samples: number): DataSet => ({
    samples,
    x: new Float32Array(0),
    targets: null,
    weights: null,
    cache: null,
  });
  const capacities = (room: number, sizes: readonly number[]) => {
    const options = { megabytes: (room * 8 * 4) / 2 ** 20, worthwhile: true, shared: false };
    return cacheFeatures(plan, sizes.map(data), options).map((set) => set?.cache?.capacity ?? 0);
  };

  it('is one for all data sets: the second has what the first leaves', () => {
    expect(capacities(10, [6, 6])).toEqual([6, 4]);
    expect(capacities(12, [6, 6])).toEqual([6, 6]);
    expect(capacities(6, [6, 6])).toEqual([6, 0]);
    expect(capacities(4, [6, 6])).toEqual([4, 0]);
  });

  it('is as much memory as it says', () => {
    const options = { megabytes: 1, worthwhile: true, shared: false };
    const [set] = cacheFeatures(plan, [data(100_000)], options);
    const bytes = set?.cache?.features.reduce((sum, each) => sum + each.byteLength, 0);
    expect(bytes).toBe(2 ** 20);
  });
});
