/**
 * Predictions for 10,000 images with trained weights, the same in all systems: their outputs are compared first, so
 * that nobody is fast at something else.
 */
import { contest } from './lib/interleave.mjs';
import { experiment } from './lib/networks.mjs';
import { asFloats, samplesOf } from './lib/samples.mjs';
import { buildDegelo, trainedWeights } from './peers/degelo.mjs';
import { onnxPredictor } from './peers/onnxruntime.mjs';
import { PYTHON_PEERS, pythonPredictor, references } from './peers/python.mjs';

/** @typedef {import('./lib/interleave.mjs').Contestant & {outputs: () => Float32Array}} Predictor  outputs: [N, C] of the last turn */

const IMAGES = 10_000;
const BATCH = 128;
/** Probabilities of systems that add in another order. */
const TOLERANCE = 1e-5;

export const title = `Prediction of ${IMAGES.toLocaleString('en')} images`;

/** @param {import('./lib/options.mjs').Options} options */
export async function run({ data, kernels, threads, rounds, log }) {
  // The plain kernels take half a minute a turn: only where there are no others.
  const fast = kernels.length > 1 ? kernels.filter((kernel) => kernel !== 'plain') : kernels;
  const network = experiment();
  const samples = samplesOf(data, IMAGES);
  log('  training the weights that all use');
  const weights = await trainedWeights(network, samplesOf(data, 1024), {
    threads: Math.max(...threads),
    epochs: 4,
  });
  const groups = [];
  for (const count of threads) {
    const name = `prediction, ${count} thread${count > 1 ? 's' : ''}`;
    log(name);
    const common = { network, weights, samples, threads: count, batch: BATCH };
    const expected = { outputs: null };
    const makers = [
      ...fast.map((kernel) => () => degeloPredictor({ ...common, kernel })),
      ...PYTHON_PEERS.map((peer) => () => pythonPredictor(peer, common)),
      () => onnxPredictor('onnxruntime-web', common),
      () => onnxPredictor('onnxruntime-node', common),
    ].map((make) => () => checked(make, expected));
    groups.push({
      title: name,
      unit: `ms for ${IMAGES}`,
      rows: await contest(makers, {
        rounds,
        references: [...references(), 'onnxruntime-web', 'onnxruntime-node'],
        log,
      }),
    });
  }
  return { title, groups };
}

/** The predictor, after its outputs have been found to be the first one's. */
async function checked(make, expected) {
  const predictor = await make();
  if (!predictor) return null;
  await predictor.turn();
  const outputs = predictor.outputs();
  expected.outputs ??= outputs;
  const error = outputs.reduce(
    (worst, value, i) => Math.max(worst, Math.abs(value - expected.outputs[i])),
    0,
  );
  if (outputs.length !== expected.outputs.length || !(error <= TOLERANCE)) {
    await predictor.close();
    throw new Error(
      `${predictor.name} predicts something else: it differs by ${error}, of ${outputs.length} numbers`,
    );
  }
  return predictor;
}

/** @returns {Promise<Predictor>} */
async function degeloPredictor({ network, weights, samples, threads, batch, kernel }) {
  const model = buildDegelo(network);
  model.setWeights(weights);
  model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', threads, kernel });
  const { x } = asFloats(samples);
  let outputs = new Float32Array(0);
  return {
    name: `degelo ${kernel}`,
    threads,
    warmups: kernel === 'plain' ? 1 : 2,
    outputs: () => outputs,
    async turn() {
      const begin = performance.now();
      const predictions = await model.predict(x, { batchSize: batch });
      const ms = performance.now() - begin;
      outputs = predictions.data;
      return ms;
    },
    close: () => model.dispose(),
  };
}
