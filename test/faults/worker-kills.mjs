/**
 * Kills worker threads in the middle of their work, again and again, and holds the weights against those of a training
 * that nobody disturbed.
 *
 *   npm run --silent build && node test/faults/worker-kills.mjs --kills 60
 */
import { isDeepStrictEqual } from 'node:util';
import * as degelo from '../../dist/index.js';
import { scriptOptions } from '../script.mjs';

const values = scriptOptions(import.meta.url, { kills: { type: 'string', default: '60' } });
const KILLS = Number(values.kills);

const threads = new Set();
process.on('worker', (worker) => {
  threads.add(worker);
  worker.once('exit', () => threads.delete(worker));
});
// Every kill is reported once; here they are the point.
console.warn = () => {};

const samples = 256;
const x = Float32Array.from({ length: samples * 144 }, (_, i) => ((i * 7919) % 101) / 101);
const y = Int32Array.from({ length: samples }, (_, i) => i % 3);

/** @param {(batch: number) => void} onBatchEnd */
async function train(onBatchEnd) {
  const model = degelo.sequential([
    degelo.conv2d({ filters: 8, kernelSize: 3, activation: 'relu', inputShape: [12, 12, 1] }),
    degelo.conv2d({ filters: 8, kernelSize: 3, activation: 'relu' }),
    degelo.maxPooling2d(),
    degelo.dropout({ rate: 0.25 }),
    degelo.flatten(),
    degelo.dense({ units: 32, activation: 'relu' }),
    degelo.dense({ units: 3, activation: 'softmax' }),
  ]);
  const optimizer = degelo.adadelta({ learningRate: 1 });
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', threads: 2 });
  const { history } = await model.fit(x, y, { batchSize: 64, epochs: 5, callbacks: [{ onBatchEnd }] });
  const weights = model.getWeights().map(({ data }) => [...data]);
  await model.dispose();
  return { history, weights };
}

const expected = await train(() => {});
let kills = 0;
let same = 0;
let trainings = 0;
while (kills < KILLS) {
  const delay = (trainings * 0.37) % 3; // milliseconds into the step, another one in every training
  const outcome = await train((batch) => {
    if (batch % 2 !== trainings % 2) return;
    setTimeout(() => {
      const [victim] = threads;
      if (!victim) return;
      threads.delete(victim);
      void victim.terminate();
      kills++;
    }, delay);
  });
  trainings++;
  if (isDeepStrictEqual(outcome, expected)) same++;
}
console.log(`${kills} workers killed in ${trainings} trainings; ${same} of them ended with the same bits`);
process.exitCode = same === trainings ? 0 : 1;
