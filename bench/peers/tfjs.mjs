/**
 * TensorFlow.js 4.22, cpu backend: pure JavaScript, one thread. (Its wasm backend can't train a convolution:
 * Conv2DBackpropFilter isn't registered there.) Its Adadelta divides by the old mean of squares, which is wrong, but
 * costs the same.
 */
import { CLASSES } from '../lib/networks.mjs';
import { notInstalled } from '../lib/peers.mjs';

const NAME = 'TensorFlow.js 4.22.0 cpu';

/**
 * One step a turn, without warm-up: it takes more than a minute.
 * @param {{network: import('../lib/networks.mjs').NetworkSpec, samples: import('../lib/samples.mjs').Samples, batch: number}} options
 * @returns {Promise<import('../lib/interleave.mjs').Contestant | null>}
 */
export async function tfjsSteps({ network, samples, batch }) {
  let tf;
  try {
    tf = await import('@tensorflow/tfjs');
  } catch (error) {
    return notInstalled(NAME, error);
  }
  await tf.setBackend('cpu');
  const model = tf.sequential();
  const { image } = network;
  for (const [i, layer] of network.layers.entries()) {
    const inputShape = i === 0 ? [image, image, 1] : undefined;
    if (layer.type === 'conv')
      model.add(tf.layers.conv2d({ filters: layer.filters, kernelSize: 3, inputShape }));
    if (layer.type === 'relu') model.add(tf.layers.activation({ activation: 'relu' }));
    if (layer.type === 'pool') model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
    if (layer.type === 'dropout') model.add(tf.layers.dropout({ rate: layer.rate }));
    if (layer.type === 'flatten') model.add(tf.layers.flatten());
    if (layer.type === 'dense') model.add(tf.layers.dense({ units: layer.units }));
  }
  model.add(tf.layers.activation({ activation: 'softmax' }));
  model.compile({
    optimizer: tf.train.adadelta(1, 0.95, 1e-7),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });
  const pixels = Float32Array.from(samples.pixels.subarray(0, batch * image * image), (byte) => byte / 255);
  const x = tf.tensor4d(pixels, [batch, image, image, 1]);
  const y = tf.oneHot(tf.tensor1d([...samples.labels.subarray(0, batch)], 'int32'), CLASSES);
  return {
    name: NAME,
    threads: 1,
    warmups: 0,
    async turn() {
      const begin = performance.now();
      await model.trainOnBatch(x, y);
      return performance.now() - begin;
    },
    async close() {
      model.dispose();
    },
  };
}
