/** Features of a frozen part are computed once per sample, and kept as long as there is room. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as degelo from '../../src/index.ts';
import type { Plan } from '../../src/model/plan.ts';
import {
  cacheFeatures,
  dropOldRows,
  isKept,
  keepRows,
  type Piece,
  recallRows,
} from '../../src/training/session/feature-cache.ts';
import type { DataSet, FeatureCache } from '../../src/training/session/job.ts';
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

it('features of more than 2^16 numbers, kept of all samples, of some or of none, teach the same', async () => {
  const samples = 6;
  const x = new degelo.Tensor(
    Float32Array.from({ length: samples * 96 * 96 }, (_, i) => ((i * 7919) % 1009) / 1009),
    [samples, 96, 96, 1],
  );
  const y = new degelo.Tensor(
    Float32Array.from({ length: samples * 2 }, (_, i) => i % 3),
    [samples, 2],
  );
  const learnt: { weights: Float32Array; forwards: number }[] = [];
  for (const featureCacheMB of [0, 0.8, 10]) {
    const model = degelo.sequential({
      seed: 2,
      layers: [
        degelo.conv2d({
          filters: 8,
          kernelSize: 3,
          padding: 'same',
          activation: 'relu',
          inputShape: [96, 96, 1],
        }),
        degelo.dropout({ rate: 0.5 }), // ends what is kept: 73,728 numbers
        degelo.flatten(),
        degelo.dense({ units: 2 }),
      ],
    });
    model.layers[0].trainable = false;
    model.compile({ optimizer: degelo.sgd({ learningRate: 0.001 }), loss: 'meanSquaredError', threads: 0 });
    const forward = vi.spyOn(model.layers[0], 'forward');
    await model.fit(x, y, { batchSize: 4, epochs: 3, featureCacheMB });
    const forwards = forward.mock.calls.reduce((sum, [, N]) => sum + N, 0);
    learnt.push({ weights: model.layers[3].getWeights()[0].data as Float32Array, forwards });
  }
  const [none, some, all] = learnt;
  expectSameBits(some.weights, none.weights);
  expectSameBits(all.weights, none.weights);
  expect([none.forwards, all.forwards]).toEqual([18, 6]);
  expect(some.forwards).toBeGreaterThan(6);
  expect(some.forwards).toBeLessThan(18);
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
  /** Keeps samples of eight numbers that aren't 0, which take ten words, one after another. @returns which of each data set are kept */
  const kept = (words: number, sizes: readonly number[]) => {
    const options = { megabytes: (words * 4) / 2 ** 20, worthwhile: true, shared: false };
    return cacheFeatures(plan, sizes.map(data), options).map((set) => {
      const cache = set?.cache;
      if (!cache) return null;
      const samples = [...Array(set.samples).keys()];
      for (const sample of samples) keepRows(cache, sample, piecesOf([1, 2, 3, 4, 5, 6], [7, 8]), 0);
      return samples.filter((sample) => isKept(cache, sample)).length;
    });
  };

  it('is one for all data sets: who comes later has what is left', () => {
    expect(kept(120, [6, 6])).toEqual([6, 6]);
    expect(kept(100, [6, 6])).toEqual([6, 4]);
    expect(kept(69, [6, 6])).toEqual([6, 0]);
    expect(kept(40, [6, 6])).toEqual([4, 0]);
    expect(kept(0, [6, 6])).toEqual([null, null]);
  });

  it('is at most as much memory as it says, and what all samples could need', () => {
    const bytes = (megabytes: number) =>
      cacheFeatures(plan, [data(100_000), null], { megabytes, worthwhile: true, shared: false })[0]?.cache
        ?.store.packed.words.byteLength;
    expect(bytes(1)).toBe(2 ** 20);
    expect(bytes(1024)).toBe(100_000 * 10 * 4);
  });

  it('holds more samples where most numbers are 0', () => {
    const [set] = cacheFeatures(plan, [data(9)], {
      megabytes: 50 / 2 ** 18,
      worthwhile: true,
      shared: false,
    });
    const cache = set?.cache as FeatureCache;
    // Six numbers: a word for the count, one for a place, the number; two numbers take no less room without their zeros.
    const sparse = (sample: number) => piecesOf([0, sample + 1, 0, 0, 0, 0], [0, 0]);
    for (let sample = 0; sample < 9; sample++) keepRows(cache, sample, sparse(sample), 0);
    expect(cache.store.used[0]).toBe(9 * (3 + 1));
    for (let sample = 0; sample < 9; sample++) {
      const pieces = piecesOf(Array(6).fill(9), Array(2).fill(9));
      recallRows(cache, sample, pieces, 0);
      expect(pieces).toEqual(sparse(sample));
    }
  });

  it('is free again for all data sets once other weights computed features', () => {
    const sets = cacheFeatures(plan, [data(2), data(2)], { megabytes: 1, worthwhile: true, shared: false });
    const caches = sets.map((set) => set?.cache as FeatureCache);
    for (const cache of caches) dropOldRows(cache, 3);
    for (const cache of caches) keepRows(cache, 1, piecesOf([1, 2, 3, 4, 5, 6], [7, 8]), 0);
    dropOldRows(caches[1], 3);
    expect(caches.map((cache) => isKept(cache, 1))).toEqual([true, true]);
    dropOldRows(caches[1], 4);
    expect(caches.map((cache) => isKept(cache, 1))).toEqual([false, false]);
    expect(caches[0].store.used[0]).toBe(0);
  });
});

/** A row of each tensor, as whole numbers. */
function piecesOf(...rows: number[][]): Piece[] {
  return rows.map((row) => ({ bits: Uint32Array.from(row), size: row.length, first: 0, end: row.length }));
}
