/** The features of a pretrained network's photos: how far it says it has come. What is trained on them: test/cli/transfer-photos.test.ts. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadGreyPhotos } from '../../src/data/photos/grey-photos.ts';
import { openPretrained } from '../../src/experiment/finetune/pretrained.ts';
import { temporaryFolder } from '../temporary.ts';
import { photoFolder, SIDE, tinyBase } from './photos.ts';

it('files that are done are counted through both halves, up to all that either phase has', async () => {
  const images = photoFolder(join(temporaryFolder(), 'fruit'), { apple: 5, lime: 5, plum: 5 });
  const split = { testSplit: 0.2, seed: 0 };
  const told: number[][] = [];
  const { featuresOf } = await openPretrained({
    ...{ images, split, base: { model: tinyBase(), source: 'base' } },
    ...{ classes: { source: [0], target: [2] }, seed: 0, threads: 0, kernel: 'plain', convolution: 'auto' },
    makeStore: null,
    onProgress: (...counts) => told.push(counts),
  });
  const { data } = await featuresOf(await loadGreyPhotos(images, { size: SIDE, ...split }));
  expect(told).toEqual([
    [8, 10],
    [10, 10],
  ]);
  // Photos of the class that neither has are left out: they have no features.
  const rows = data.train.features?.data ?? [];
  const without = Array.from(data.train.labels, (_, n) => rows.slice(6 * n, 6 * n + 6).every((v) => v === 0));
  expect(without).toEqual(Array.from(data.train.labels, (label) => label === 1));
});
