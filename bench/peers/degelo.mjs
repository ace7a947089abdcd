/**
 * The library itself, used as anybody would use it: `compile`, `fit`.
 *
 * A `fit` that waits before each epoch for its turn. So a step is timed with all that a real one has (the order of the
 * samples, messages to the workers, running figures), and the cache of frozen features is the library's own. The check
 * of all weights at an epoch's end is not in it: here an epoch has a few steps, in the experiment two hundred.
 */
import { degelo } from '../lib/library.mjs';
import { asFloats } from '../lib/samples.mjs';
import { Turnstile } from '../lib/turnstile.mjs';

/** @typedef {import('../lib/networks.mjs').NetworkSpec} NetworkSpec */

/** @param {NetworkSpec} network */
export function buildDegelo({ image, layers, frozen }, { freeze = false } = {}) {
  const make = (spec) => {
    switch (spec.type) {
      case 'conv':
        return degelo.conv2d({ filters: spec.filters, kernelSize: 3 });
      case 'relu':
        return degelo.activation('relu');
      case 'pool':
        return degelo.maxPooling2d({ poolSize: 2 });
      case 'dropout':
        return degelo.dropout({ rate: spec.rate });
      case 'flatten':
        return degelo.flatten();
      default:
        return degelo.dense({ units: spec.units });
    }
  };
  const model = degelo.sequential({ layers: [...layers.map(make), degelo.activation('softmax')], seed: 1 });
  model.build([image, image, 1]);
  if (freeze) for (const layer of model.layers.slice(0, frozen)) layer.trainable = false;
  return model;
}

/** Trains with the notebook's optimizer. */
function compile(model, { kernel, threads, convolution = 'auto' }) {
  model.compile({
    optimizer: degelo.adadelta({ learningRate: 1 }),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
    kernel,
    threads,
    convolution,
  });
}

/**
 * Weights after some real training, so that zeros are where they are in the middle of it.
 * @param {NetworkSpec} network
 * @param {import('../lib/samples.mjs').Samples} samples
 * @param {{kernel?: string, threads: number, epochs: number}} options
 */
export async function trainedWeights(network, samples, { kernel = 'auto', threads, epochs }) {
  const model = buildDegelo(network);
  compile(model, { kernel, threads });
  const { x, y } = asFloats(samples);
  await model.fit(x, y, { batchSize: 128, epochs });
  const weights = model.getWeights();
  await model.dispose();
  return weights;
}

/**
 * @param {object} options
 * @param {NetworkSpec} options.network
 * @param {'full' | 'frozen' | 'cached'} options.phase
 * @param {string} options.kernel
 * @param {'auto' | 'direct' | 'winograd'} [options.convolution]
 * @param {number} options.threads
 * @param {number} options.batch
 * @param {import('../lib/samples.mjs').Samples} options.samples an epoch, which is a turn
 * @param {readonly object[]} options.weights
 * @returns {Promise<import('../lib/interleave.mjs').Contestant>}
 */
export async function degeloSteps({
  network,
  phase,
  kernel,
  convolution = 'auto',
  threads,
  batch,
  samples,
  weights,
}) {
  const model = buildDegelo(network, { freeze: phase !== 'full' });
  model.setWeights(weights);
  compile(model, { kernel, threads, convolution });
  const { x, y } = asFloats(samples);
  const steps = Math.ceil(samples.count / batch);

  const turnstile = new Turnstile();
  let begin = 0;
  let milliseconds = 0;
  const watch = {
    async onEpochBegin() {
      await turnstile.arrive(milliseconds);
      begin = performance.now();
    },
    onProgress({ seen }) {
      if (seen === samples.count) milliseconds = (performance.now() - begin) / steps;
    },
  };
  const arrived = turnstile.next();
  const training = model
    .fit(x, y, {
      batchSize: batch,
      epochs: Number.MAX_SAFE_INTEGER,
      callbacks: [watch],
      featureCacheMB: phase === 'cached' ? 4096 : 0,
    })
    .catch((error) => turnstile.fail(error));
  await arrived;
  return {
    name: `degelo ${kernel}${convolution === 'auto' ? '' : `, ${convolution}`}${phase === 'full' ? '' : `, ${phase}`}`,
    threads,
    turn: () => turnstile.next(),
    async close() {
      model.stopTraining = true;
      turnstile.release();
      await training;
      await model.dispose();
    },
  };
}
