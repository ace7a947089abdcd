/**
 * ConvNetJS 0.3.0: plain JavaScript, one sample at a time, float64, one thread. The same layers; it can't freeze.
 */
import { createRequire } from 'node:module';
import { CLASSES } from '../lib/networks.mjs';
import { notInstalled } from '../lib/peers.mjs';

/** @param {import('../lib/networks.mjs').NetworkSpec} network */
function layerDefinitions({ image, layers }) {
  const definitions = [{ type: 'input', out_sx: image, out_sy: image, out_depth: 1 }];
  for (const [i, layer] of layers.entries()) {
    const activation = layers[i + 1]?.type === 'relu' ? 'relu' : undefined;
    if (layer.type === 'conv')
      definitions.push({ type: 'conv', sx: 3, filters: layer.filters, stride: 1, pad: 0, activation });
    if (layer.type === 'pool') definitions.push({ type: 'pool', sx: 2, stride: 2 });
    if (layer.type === 'dropout') definitions.push({ type: 'dropout', drop_prob: layer.rate });
    if (layer.type === 'dense' && i < layers.length - 1)
      definitions.push({ type: 'fc', num_neurons: layer.units, activation });
  }
  return [...definitions, { type: 'softmax', num_classes: CLASSES }];
}

/**
 * @param {{network: import('../lib/networks.mjs').NetworkSpec, samples: import('../lib/samples.mjs').Samples, batch: number}} options
 * @returns {Promise<import('../lib/interleave.mjs').Contestant | null>}
 */
export async function convnetjsSteps({ network, samples, batch }) {
  let convnetjs;
  try {
    // The package names no main file that exists.
    convnetjs = createRequire(import.meta.url)('convnetjs/build/convnet.js');
  } catch (error) {
    return notInstalled('ConvNetJS', error);
  }
  const net = new convnetjs.Net();
  net.makeLayers(layerDefinitions(network));
  const trainer = new convnetjs.Trainer(net, {
    method: 'adadelta',
    batch_size: batch,
    ro: 0.95,
    eps: 1e-7,
    l2_decay: 0,
  });
  const size = samples.image ** 2;
  const volumes = Array.from({ length: batch }, (_, n) => {
    const volume = new convnetjs.Vol(samples.image, samples.image, 1, 0);
    for (let i = 0; i < size; i++) volume.w[i] = samples.pixels[n * size + i] / 255;
    return volume;
  });
  return {
    name: 'ConvNetJS 0.3.0',
    threads: 1,
    warmups: 1,
    async turn() {
      const begin = performance.now();
      for (let n = 0; n < batch; n++) trainer.train(volumes[n], samples.labels[n]);
      return performance.now() - begin;
    },
    async close() {},
  };
}
