/** Features of a frozen part are computed once per sample, and kept as long as there is room. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as degelo from '../../src/index.ts';
import type { Plan } from '../../src/model/plan.ts';
import { cacheFeatures } from '../../src/training/session/feature-cache.ts';
import type { DataSet } from '../../src/training/session/job.ts';
import { expectSameBits } from '../matchers.ts';
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

describe('a network whose first images are too large for blocks of several samples', () => {
  /** Single samples up to the pooling, blocks of 4 after it, where one layer reads what another phase made. */
  const make = () => {
    const image = degelo.input({ shape: [124, 124, 1] });
    const wide = degelo.conv2d({ filters: 8, kernelSize: 3, padding: 'same' }).apply(image);
    const small = degelo.averagePooling2d({ poolSize: 31 }).apply(wide);
    const inner = degelo
      .conv2d({ filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' })
      .apply(small);
    const sum = degelo.add().apply([inner, small]);
    const outputs = degelo.dense({ units: 2 }).apply(degelo.flatten().apply(sum));
    const model = degelo.model({ inputs: image, outputs, seed: 1 });
    for (const layer of model.layers.slice(0, -1)) layer.trainable = false;
    model.compile({ optimizer: degelo.sgd({ learningRate: 0.01 }), loss: 'meanSquaredError', threads: 0 });
    return model;
  };
  const samples = 5;
  const x = new degelo.Tensor(
    Float32Array.from({ length: samples * 124 * 124 }, (_, i) => ((i * 7919) % 1009) / 1009),
    [samples, 124, 124, 1],
  );
  const y = new degelo.Tensor(
    Float32Array.from({ length: samples * 2 }, (_, i) => i % 3),
    [samples, 2],
  );

  it('predicts of a sample the same in any company', async () => {
    const model = make();
    const together = (await model.predict(x)).data;
    const apart: number[] = [];
    for (let n = 0; n < samples; n++) {
      const one = x.data.subarray(n * 124 * 124, (n + 1) * 124 * 124);
      apart.push(...(await model.predict(new degelo.Tensor(one, [1, 124, 124, 1]))).data);
    }
    expectSameBits(together, Float32Array.from(apart));
  });

  it('learns the same with features kept and without', async () => {
    const weights: number[][] = [];
    for (const featureCacheMB of [0, 10]) {
      const model = make();
      await model.fit(x, y, { batchSize: 5, epochs: 2, verbose: 0, featureCacheMB });
      weights.push(model.getWeights().flatMap(({ data }) => Array.from(data)));
    }
    expectSameBits(Float32Array.from(weights[0]), Float32Array.from(weights[1]));
  });
});

describe('the room for features', () => {
  const plan = { cut: [{ shape: [3, 2] }, { shape: [2] }] } as unknown as Plan; // eight numbers per sample
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
