/**
 * A thousand models, one after the other, none of them disposed: threads, file descriptors and memory stay flat, and the process
 * ends by itself.
 *
 *   npm run --silent build && node test/faults/undisposed.mjs --models 1000 --threads 2
 */
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as degelo from '../../dist/index.js';
import { scriptOptions } from '../script.mjs';

const values = scriptOptions(import.meta.url, {
  models: { type: 'string', default: '1000' },
  threads: { type: 'string', default: '2' },
});
const [MODELS, THREADS] = [values.models, values.threads].map(Number);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/** Every thread of this process that was started and has not ended. */
const threads = new Set();
process.on('worker', (worker) => {
  threads.add(worker);
  worker.once('exit', () => threads.delete(worker));
});

/** What the process holds; descriptors where the system tells them. */
async function held() {
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const descriptors = process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
  const { rss, heapUsed } = process.memoryUsage();
  const megabytes = (bytes) => Math.round(bytes / 1e5) / 10;
  return { threads: threads.size, descriptors, rss: megabytes(rss), heap: megabytes(heapUsed) };
}

const x = Array.from({ length: 32 }, (_, i) => [i / 32, 1, 0]);
const y = Array.from({ length: 32 }, (_, i) => i % 2);
let first;
for (let m = 1; m <= MODELS; m++) {
  const model = degelo.sequential([
    degelo.dense({ units: 8, activation: 'relu', inputShape: [3] }),
    degelo.dense({ units: 2, activation: 'softmax' }),
  ]);
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', threads: THREADS });
  await model.fit(x, y, { epochs: 1 });
  if (m === Math.ceil(MODELS / 2)) {
    first = await held();
    console.log(`after ${m} models: ${JSON.stringify(first)}`);
  }
}
const last = await held();
console.log(`after ${MODELS} models: ${JSON.stringify(last)}`);
const isFlat =
  last.threads === THREADS &&
  last.descriptors <= first.descriptors &&
  // Engines collect a thread's garbage when they like to; models that keep their threads take 50 MB each.
  last.rss - first.rss < 64 &&
  last.heap - first.heap < 2;
console.log(isFlat ? 'flat' : 'not flat');
process.exitCode = isFlat ? 0 : 1;
