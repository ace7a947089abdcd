/**
 * Long and hard use of the built library: `npm run build && node test/soak/run.mjs [part …]`. Each part prints its
 * figures and fails where they are out of bounds; the exit code is 1 then. The quick half of this is in
 * test/training/long-use.test.ts.
 *
 *   steps       10,000 steps on two threads: memory flat after warm-up
 *   batches     2,000 steps by trainOnBatch, with batches of every size from 1 to 40 and a prediction in between
 *   models      100 models built, trained for a step on two threads, disposed: no thread left
 *   undisposed  300 models built, trained on the calling thread, dropped: their memory comes back
 *   pairs       two models at once, ten times: the same bits as alone
 *   aborts      100 trainings ended by a signal at any moment, each continuing afterwards
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as degelo from '../../dist/index.js';

const { activation, conv2d, dense, dropout, flatten, maxPooling2d, sequential, Tensor } = degelo;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/** Megabytes of the process, and of what is still in use after a collection of garbage. */
async function memory() {
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const MB = (bytes) => Math.round(bytes / 1e5) / 10;
  return { rss: MB(rss), heap: MB(heapUsed), arrays: MB(arrayBuffers) };
}

/** Threads that have started and not ended. */
const threads = new Set();
process.on('worker', (worker) => {
  threads.add(worker);
  worker.once('exit', () => threads.delete(worker));
});

/** A small network of the experiment's kind. */
function makeModel(threads, seed = 1) {
  const model = sequential({
    seed,
    layers: [
      conv2d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape: [8, 8, 1] }),
      maxPooling2d(),
      dropout({ rate: 0.25 }),
      flatten(),
      dense({ units: 16, activation: 'relu' }),
      dense({ units: 3 }),
      activation('softmax'),
    ],
  });
  model.compile({ optimizer: 'adadelta', loss: 'categoricalCrossentropy', metrics: ['accuracy'], threads });
  return model;
}

function makeData(samples) {
  const x = Float32Array.from({ length: samples * 64 }, (_, i) => ((i * 37) % 101) / 101);
  const y = new Float32Array(samples * 3);
  for (let n = 0; n < samples; n++) y[n * 3 + (n % 3)] = 1;
  return [new Tensor(x, [samples, 8, 8, 1]), new Tensor(y, [samples, 3])];
}

function expectAtMost(what, value, most) {
  console.log(`  ${what}: ${value} (at most ${most})`);
  if (!(value <= most)) throw new Error(`${what}: expected at most ${most}, got ${value}`);
}

function expectFlat(first, last, { rss, heap, arrays }) {
  console.log(`  megabytes after warm-up ${JSON.stringify(first)}, at the end ${JSON.stringify(last)}`);
  expectAtMost('growth of the process', round(last.rss - first.rss), rss);
  expectAtMost('growth of the heap', round(last.heap - first.heap), heap);
  expectAtMost('growth of array buffers', round(last.arrays - first.arrays), arrays);
}

const round = (number) => Math.round(number * 10) / 10;

/** Nothing of ours keeps the process alive, or runs on. */
async function expectNothingLeft() {
  for (let i = 0; threads.size > 0 && i < 200; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expectAtMost('threads left', threads.size, 0);
  const open = process.getActiveResourcesInfo().filter((name) => !/^(TTY|Pipe)Wrap$/.test(name));
  expectAtMost('open handles', open.length, 0);
}

const parts = {
  async steps() {
    const [x, y] = makeData(200);
    const model = makeModel(2);
    const EPOCHS = 1000; // of ten steps each
    let first;
    const watch = {
      async onEpochEnd(epoch) {
        if (epoch === EPOCHS / 5) first = await memory();
      },
    };
    await model.fit(x, y, { batchSize: 20, epochs: EPOCHS, validationData: [x, y], callbacks: [watch] });
    expectFlat(first, await memory(), { rss: 32, heap: 2, arrays: 1 });
    console.log(`  ${model.step} steps, and as many of validation`);
    await model.dispose();
  },

  async batches() {
    const model = makeModel(2);
    let first;
    for (let step = 0; step < 2000; step++) {
      const [x, y] = makeData(1 + ((step * 7) % 40));
      await model.trainOnBatch(x, y);
      if (step % 10 === 0) await model.predict(x);
      if (step === 400) first = await memory();
    }
    expectFlat(first, await memory(), { rss: 32, heap: 2, arrays: 2 });
    await model.dispose();
  },

  async models() {
    const [x, y] = makeData(20);
    let first;
    for (let m = 0; m < 100; m++) {
      const model = makeModel(2, m);
      await model.trainOnBatch(x, y);
      await model.dispose();
      if (m === 20) first = await memory();
    }
    expectFlat(first, await memory(), { rss: 64, heap: 2, arrays: 2 });
  },

  async undisposed() {
    const [x, y] = makeData(20);
    let first;
    for (let m = 0; m < 300; m++) {
      const model = makeModel(0, m);
      await model.trainOnBatch(x, y);
      if (m === 60) first = await memory();
    }
    expectFlat(first, await memory(), { rss: 64, heap: 2, arrays: 2 });
  },

  async pairs() {
    const [x, y] = makeData(60);
    const train = async (seed) => {
      const model = makeModel(2, seed);
      await model.fit(x, y, { batchSize: 8, epochs: 20 });
      await model.dispose();
      return degelo.weightsSha256(model);
    };
    const alone = [await train(1), await train(2)];
    for (let round = 0; round < 10; round++) {
      const both = await Promise.all([train(1), train(2)]);
      if (`${both}` !== `${alone}`) throw new Error(`pairs: expected ${alone}, got ${both}`);
    }
    console.log('  10 pairs trained at once, the bits of training alone');
  },

  async aborts() {
    const [x, y] = makeData(100);
    const model = makeModel(2);
    let ended = 0;
    for (let round = 0; round < 100; round++) {
      const signal = AbortSignal.timeout(round % 25);
      try {
        await model.fit(x, y, { batchSize: 10, epochs: 1_000_000, signal });
      } catch (error) {
        if (error !== signal.reason) throw error;
        ended++;
      }
    }
    await model.fit(x, y, { batchSize: 10 });
    console.log(`  ended by the signal: ${ended} of 100, ${model.step} steps`);
    expectAtMost('trainings that did not end', 100 - ended, 0);
    await model.dispose();
  },
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) {
  console.error(`soak: expected parts of ${Object.keys(parts).join(', ')}, got ${unknown}`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : Object.keys(parts)) {
  const begin = performance.now();
  console.log(name);
  await parts[name]();
  await expectNothingLeft();
  console.log(`  ${((performance.now() - begin) / 1000).toFixed(1)} s`);
}
