/**
 * What an epoch over many photos takes of memory: resident bytes of the whole process at most, while a small network learns from them batch
 * by batch.
 *
 *   npm run build && node bench/photos-memory.mjs PHOTO [how many, 10,000 unless told]
 *
 * The photos are links to one file, half of them in each of two classes, in a folder of the system's own, which is removed.
 */
import { cpSync, linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dense, globalAveragePooling2d, imageDataset, rescaling, sequential } from '../dist/index.js';
import { expectCount, expectFile } from './lib/wrong.mjs';

const photo = expectFile('photos-memory', 'a photo', process.argv[2]);
const count = expectCount('photos-memory', 'how many photos', process.argv[3] ?? '10000');
const folder = mkdtempSync(join(tmpdir(), 'degelo-photos-'));
try {
  const original = join(folder, 'original');
  cpSync(photo, original);
  const root = join(folder, 'photos');
  for (const name of ['a', 'b']) mkdirSync(join(root, name), { recursive: true });
  for (let i = 0; i < count; i++) linkSync(original, join(root, i % 2 ? 'a' : 'b', `${i}.jpg`));
  const data = imageDataset(root, { size: 224 });
  const model = sequential([
    rescaling({ scale: 1 / 255, inputShape: [224, 224, 3] }),
    globalAveragePooling2d(),
    dense({ units: 2, activation: 'softmax' }),
  ]);
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
  let most = 0;
  const started = process.hrtime.bigint();
  const onBatchEnd = () => {
    most = Math.max(most, process.memoryUsage.rss());
  };
  await model.fit(data.train, { epochs: 1, callbacks: [{ onBatchEnd }] });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  await model.dispose();
  console.log(
    `${data.train.samples} photos: ${Math.round(most / 1e6)} MB resident at most, ${seconds.toFixed(1)} s`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
