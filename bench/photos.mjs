/**
 * Photos through MobileNetV2: JPEG files of 500×375 are read, decoded, shrunk to 224×224 and predicted, as `degelo predict` and
 * the features of a fine-tuning need it. TensorFlow.js can't decode JPEG in Node without native code: it gets degelo's decoder,
 * on its one thread.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jpeg from 'jpeg-js';
import { mobileNetV2 } from './lib/graphs.mjs';
import { contest } from './lib/interleave.mjs';
import { degelo } from './lib/library.mjs';
import { buildGraph, tfjsNetwork } from './peers/graphs.mjs';

const [WIDTH, HEIGHT, SIZE] = [500, 375, 224];
/** Photos of a turn; TensorFlow.js in JavaScript takes a second for each. */
const PHOTOS = 250;
const FEW = 2;
const BATCH = 25;

export const title = 'Photos: JPEG files through MobileNetV2';

/** @param {import('./lib/options.mjs').Options} options */
export async function run({ kernels, threads, rounds, log }) {
  const fast = kernels.filter((kernel) => kernel !== 'plain');
  const folder = mkdtempSync(join(tmpdir(), 'degelo-bench-'));
  try {
    const files = writePhotos(folder);
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0) / files.length;
    const note = `${WIDTH}×${HEIGHT}, ${Math.round(bytes / 1000)} KB a file`;
    const groups = [];
    for (const count of threads) {
      const makers = [
        ...fast.map((kernel) => () => degeloPhotos(folder, count, kernel)),
        () => tfjsPhotos(files, 'wasm'),
        () => tfjsPhotos(files.slice(0, FEW), 'cpu'),
      ];
      const rows = await contest(makers, { rounds, references: ['tfjs-wasm', 'tfjs-cpu'], log });
      for (const { ms, extra } of rows) extra['1,000 photos'] = `${ms.median.toFixed(1)} s`;
      groups.push({
        title: `a photo, ${count} thread${count > 1 ? 's' : ''}`,
        unit: 'ms a photo',
        rows,
        note,
      });
    }
    return { title, groups };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Files with shapes of all sizes and some noise, as photos have them, in a folder a class. @returns their paths */
function writePhotos(folder) {
  for (const name of ['a', 'b']) mkdirSync(join(folder, name));
  const different = Array.from({ length: 10 }, (_, n) => {
    const data = new Uint8Array(WIDTH * HEIGHT * 4);
    for (let h = 0, i = 0; h < HEIGHT; h++) {
      for (let w = 0; w < WIDTH; w++) {
        for (let c = 0; c < 3; c++, i++) {
          const wide = Math.sin((h * (n + 3) + w * (c + 2)) / 200);
          const fine = Math.sin((h * w) / (900 + 100 * n)) + Math.sin(w / 3 + c);
          data[i] = 128 + 70 * wide + 18 * fine + 12 * (((i * 7919 + n) % 1009) / 1009);
        }
        data[i++] = 255;
      }
    }
    return jpeg.encode({ data, width: WIDTH, height: HEIGHT }, 90).data;
  });
  return Array.from({ length: PHOTOS }, (_, n) => {
    const file = join(folder, n % 2 ? 'a' : 'b', `${n}.jpg`);
    writeFileSync(file, different[n % different.length]);
    return file;
  });
}

/** Decodes in threads while the model works on the batch before. @returns {Promise<import('./lib/interleave.mjs').Contestant>} */
async function degeloPhotos(folder, threads, kernel) {
  const { model } = buildGraph(mobileNetV2());
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', threads, kernel });
  const { train } = degelo.imageDataset(folder, { size: SIZE, batchSize: BATCH, shuffle: false, threads });
  return {
    name: `degelo ${kernel}`,
    threads,
    warmups: 1,
    extra: {},
    async turn() {
      const begin = performance.now();
      for await (const [x] of train()) await model.predict(x, { batchSize: BATCH });
      return (performance.now() - begin) / PHOTOS;
    },
    close: () => model.dispose(),
  };
}

/** @returns {Promise<import('./lib/interleave.mjs').Contestant | null>} */
async function tfjsPhotos(files, backend) {
  const network = await tfjsNetwork(mobileNetV2(), backend);
  if (!network) return null;
  return {
    name: `tfjs-${backend}`,
    threads: 1,
    warmups: 1,
    extra: {},
    async turn() {
      const begin = performance.now();
      for (let from = 0; from < files.length; from += BATCH) {
        const batch = files.slice(from, from + BATCH);
        const pixels = new Float32Array(batch.length * SIZE * SIZE * 3);
        for (const [n, file] of batch.entries()) {
          const image = await degelo.decodeImage(await readFile(file));
          pixels.set(degelo.resizeImage(image, { size: SIZE }).data, n * SIZE * SIZE * 3);
        }
        await network.predict(pixels);
      }
      return (performance.now() - begin) / files.length;
    },
    close: async () => network.close(),
  };
}
