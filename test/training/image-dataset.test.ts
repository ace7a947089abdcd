/** Photos batch by batch: the same as all at once, dealt by the seed, whoever decodes them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  dense,
  flatten,
  type ImageBatch,
  type ImageBatches,
  imageDataset,
  loadImages,
  rescaling,
  sequential,
} from '../../src/index.ts';
import { fixtures, fromBase64 } from '../data/photos/fixtures.ts';
import { temporaryFolder } from '../temporary.ts';

let root: string;

/** 5 photos of a and 4 of b, some of the same pixels. */
beforeAll(() => {
  root = temporaryFolder();
  for (const [i, { file }] of fixtures.jpegs.slice(0, 9).entries()) {
    const folder = join(root, i < 5 ? 'a' : 'b');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${i}.jpg`), fromBase64(file));
  }
});

async function all(batches: ImageBatches, epoch?: number): Promise<ImageBatch[]> {
  const read: ImageBatch[] = [];
  for await (const batch of batches(epoch)) read.push(batch);
  return read;
}
/** Each photo's numbers and label, as text. */
const photos = (batches: readonly ImageBatch[]): string[] =>
  batches.flatMap(([x, y]) => Array.from(y, (label, n) => `${label}: ${x.slice(n, n + 1).data}`));

const OPTIONS = { size: 3, batchSize: 4, threads: 0 };

describe('imageDataset', () => {
  it('checks its options before it looks at the folder', () => {
    expect(() => imageDataset('nowhere', { size: 3, batchSize: 0 })).toThrow('batchSize must be');
    expect(() => imageDataset('nowhere', { size: 3, threads: -1 })).toThrow('threads must be');
  });

  it('gives the photos that loadImages gives, in batches, the test half in its order', async () => {
    const { train } = await loadImages(root, { size: 3 });
    const data = imageDataset(root, { ...OPTIONS, shuffle: false });
    const batches = await all(data.train);
    expect(batches.map(([x]) => x.shape)).toEqual([
      [4, 3, 3, 3],
      [4, 3, 3, 3],
      [1, 3, 3, 3],
    ]);
    expect(photos(batches)).toEqual(photos([[train.x, train.labels]]));
    expect([data.classNames, data.train.samples, data.train.batches, data.test.samples]).toEqual([
      ['a', 'b'],
      9,
      3,
      0,
    ]);
    expect(data.train.files).toEqual(train.files);
    expect(await all(data.test)).toEqual([]);
  });

  it('deals another order each epoch, the same for the same seed, with any number of threads', async () => {
    const data = imageDataset(root, { ...OPTIONS, seed: 5 });
    const [first, second] = [photos(await all(data.train, 0)), photos(await all(data.train, 1))];
    expect(first).not.toEqual(second);
    expect([...first].sort()).toEqual([...second].sort());
    const threaded = imageDataset(root, { ...OPTIONS, seed: 5, threads: 2 });
    expect(photos(await all(threaded.train, 1))).toEqual(second);
    expect(photos(await all(imageDataset(root, { ...OPTIONS, seed: 6 }).train, 0))).not.toEqual(first);
  });

  it('deals what it dealt in other versions: the seed and the epoch decide, the first epoch where none is named', async () => {
    const inOrder = photos(await all(imageDataset(root, { ...OPTIONS, shuffle: false }).train));
    const { train } = imageDataset(root, { ...OPTIONS, seed: 5 });
    const order = async (epoch?: number) => photos(await all(train, epoch)).map((p) => inOrder.indexOf(p));
    expect([await order(), await order(1), await order(2)]).toEqual([
      [5, 1, 0, 5, 2, 0, 0, 8, 7],
      [8, 5, 0, 0, 5, 2, 1, 7, 0],
      [5, 0, 2, 0, 1, 0, 8, 7, 5],
    ]);
    expect(await order(0)).toEqual(await order());
  });

  it('trains a model as fit reads batches, and goes on in the middle of an epoch with the batch that comes next', async () => {
    const make = () => {
      const layers = [rescaling({ scale: 1 / 255, inputShape: [3, 3, 3] }), flatten(), dense({ units: 2 })];
      const model = sequential({ layers, seed: 1 });
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads: 0 });
      return model;
    };
    const rows = ({ train }: { train: ImageBatches }) =>
      async function* (epoch: number) {
        for await (const [x, y] of train(epoch)) yield [x, Array.from(y, (k) => [k, 1 - k])] as const;
      };
    const data = imageDataset(root, OPTIONS);
    const [whole, stopped] = [make(), make()];
    await whole.fit(rows(data), { epochs: 2 });
    await stopped.fit(rows(data), { epochs: 1 });
    await stopped.fit(rows(data), { epochs: 2, initialEpoch: 1 });
    expect(stopped.getWeights()).toEqual(whole.getWeights());
    const sparse = sequential({
      layers: [flatten({ inputShape: [3, 3, 3] }), dense({ units: 2, activation: 'softmax' })],
    });
    sparse.compile({
      optimizer: 'sgd',
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy'],
      threads: 0,
    });
    const { history } = await sparse.fit(data.train, { epochs: 1, validationData: data.train });
    expect(history.val_loss).toHaveLength(1);
    expect(await sparse.evaluate(data.train)).toHaveProperty('accuracy');
    for (const model of [whole, stopped, sparse]) await model.dispose();
  });

  it('says which file is no photo when its batch is read, or leaves it out and says so once', async () => {
    const bad = join(root, 'b', '5.jpg');
    const good = fromBase64(fixtures.jpegs[5].file);
    writeFileSync(bad, 'no photo');
    try {
      for (const threads of [0, 1]) {
        const data = imageDataset(root, { ...OPTIONS, threads, shuffle: false });
        await expect(all(data.train)).rejects.toThrow(
          `${bad}: expected a JPEG or PNG image, got other bytes: skipBad: true leaves out such files`,
        );
      }
      const data = imageDataset(root, { ...OPTIONS, skipBad: true, shuffle: false });
      const batches = await all(data.train);
      await all(data.train);
      expect(batches.map(([x, y]) => [x.shape[0], ...y])).toEqual([
        [4, 0, 0, 0, 0],
        [3, 0, 1, 1],
        [1, 1],
      ]);
      expect(data.skipped.map(({ file }) => file)).toEqual([bad]);
      // In two parts, of which the first has the bad one: labels stay with their photos.
      const inParts = imageDataset(root, { ...OPTIONS, skipBad: true, shuffle: false, threads: 2 });
      expect(photos(await all(inParts.train))).toEqual(photos(batches));
    } finally {
      writeFileSync(bad, good);
    }
  });

  it('a photo that is none ends no process while the batch before it is worked on', async () => {
    const bad = join(root, 'b', '5.jpg');
    const good = fromBase64(fixtures.jpegs[5].file);
    writeFileSync(bad, 'no photo');
    const unhandled: unknown[] = [];
    const note = (reason: unknown): number => unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      const data = imageDataset(root, { ...OPTIONS, shuffle: false });
      const batches = data.train();
      await batches.next();
      // Work that lasts as long as the next batch needs to fail.
      await expect(all(data.train)).rejects.toThrow(bad);
      await new Promise(setImmediate);
      expect(unhandled).toEqual([]);
      await expect(batches.next()).rejects.toThrow(bad);
    } finally {
      process.off('unhandledRejection', note);
      writeFileSync(bad, good);
    }
  });

  it('refuses options that are none, and an epoch that is none', async () => {
    // biome-ignore lint/suspicious/noExplicitAny: as JavaScript calls it
    const call = imageDataset as (...args: any[]) => ReturnType<typeof imageDataset>;
    expect(() => call(root, { size: 3, batch_size: 4 })).toThrow('imageDataset: unknown option batch_size');
    expect(() => call(root, { size: 3, batchSize: 0 })).toThrow('batchSize must be');
    expect(() => call(root, { size: 3, shuffle: 'yes' })).toThrow('shuffle must be');
    expect(() => call(root, { image_size: 3 })).toThrow('did you mean size?');
    await expect(all(call(root, OPTIONS).train, -1)).rejects.toThrow('epoch must be');
  });
});
