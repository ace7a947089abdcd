/**
 * jax-js 0.1.25 on its wasm backend: one thread in Node, convolutions NCHW. Its arrays are counted: every use but the
 * last takes `.ref`.
 */
import { CLASSES, shapes } from '../lib/networks.mjs';
import { notInstalled } from '../lib/peers.mjs';

const NAME = 'jax-js 0.1.25';
const RHO = 0.95;
const EPSILON = 1e-7;

/**
 * One step a turn.
 * @param {{network: import('../lib/networks.mjs').NetworkSpec, samples: import('../lib/samples.mjs').Samples, batch: number}} options
 * @returns {Promise<import('../lib/interleave.mjs').Contestant | null>}
 */
export async function jaxSteps({ network, samples, batch }) {
  let jax;
  try {
    // It asks the browser for WebGPU; Node 20 has no navigator to be asked.
    globalThis.navigator ??= /** @type {any} */ ({});
    jax = await import('@jax-js/jax');
    await jax.init('wasm');
  } catch (error) {
    return notInstalled(NAME, error);
  }
  jax.defaultDevice('wasm');
  const { numpy: np, lax, nn, random, jit, valueAndGrad, blockUntilReady } = jax;
  const { layers, image } = network;

  /** Logits; `p` holds kernel and bias of each layer that has them, `keys` the dropout's. */
  const forward = (p, x, key) => {
    let parameter = 0;
    for (const layer of layers) {
      if (layer.type === 'conv') {
        const kernel = p[parameter++];
        x = lax.conv(x, kernel, [1, 1], 'VALID').add(p[parameter++].reshape([1, layer.filters, 1, 1]));
      } else if (layer.type === 'relu') {
        x = nn.relu(x);
      } else if (layer.type === 'pool') {
        const [N, C, H, W] = x.shape;
        x = np.max(x.reshape([N, C, H / 2, 2, W / 2, 2]), [3, 5]);
      } else if (layer.type === 'dropout') {
        const [next, own] = random.split(key, 2);
        key = next;
        const kept = random.bernoulli(own, 1 - layer.rate, x.shape);
        x = np.where(kept, x.div(1 - layer.rate), 0);
      } else if (layer.type === 'flatten') {
        x = x.reshape([x.shape[0], -1]);
      } else {
        const kernel = p[parameter++];
        x = np.matmul(x, kernel).add(p[parameter++]);
      }
    }
    key.dispose?.();
    return x;
  };
  const loss = (p, x, y, key) => np.sum(nn.logSoftmax(forward(p, x, key)).mul(y)).mul(-1 / batch);

  /** Adadelta, for each parameter: G ← ρG + (1−ρ)g²; Δ = −√(D+ε)·g/√(G+ε); D ← ρD + (1−ρ)Δ²; w ← w + Δ. */
  const step = jit((p, G, D, x, y, key) => {
    const [value, g] = valueAndGrad(loss)(
      p.map((w) => w.ref),
      x,
      y,
      key,
    );
    const after = p.map((w, i) => {
      const mean = G[i].mul(RHO).add(np.square(g[i].ref).mul(1 - RHO));
      const delta = np
        .sqrt(D[i].ref.add(EPSILON))
        .mul(g[i])
        .div(np.sqrt(mean.ref.add(EPSILON)))
        .mul(-1);
      return [w.add(delta.ref), mean, D[i].mul(RHO).add(np.square(delta).mul(1 - RHO))];
    });
    return [value, after.map(([w]) => w), after.map(([, mean]) => mean), after.map(([, , mean]) => mean)];
  });

  let key = random.key(0);
  const uniform = (shape, limit) => {
    const [next, own] = random.split(key, 2);
    key = next;
    return random.uniform(own, shape, { minval: -limit, maxval: limit });
  };
  let parameters = [];
  let channels = 1;
  let shape = [image, image, 1];
  for (const [i, layer] of layers.entries()) {
    if (layer.type === 'conv') {
      const limit = Math.sqrt(6 / (9 * (channels + layer.filters)));
      parameters.push(uniform([layer.filters, channels, 3, 3], limit), np.zeros([layer.filters]));
      channels = layer.filters;
    } else if (layer.type === 'dense') {
      parameters.push(
        uniform([shape[0], layer.units], Math.sqrt(6 / (shape[0] + layer.units))),
        np.zeros([layer.units]),
      );
    }
    shape = shapes(network)[i];
  }
  let G = parameters.map((w) => np.zeros(w.shape));
  let D = parameters.map((w) => np.zeros(w.shape));
  const size = image * image;
  const x = np
    .array(Float32Array.from(samples.pixels.subarray(0, batch * size), (byte) => byte / 255))
    .reshape([batch, 1, image, image]);
  const oneHot = new Float32Array(batch * CLASSES);
  for (let n = 0; n < batch; n++) oneHot[n * CLASSES + samples.labels[n]] = 1;
  const y = np.array(oneHot).reshape([batch, CLASSES]);

  return {
    name: NAME,
    threads: 1,
    warmups: 1,
    async turn() {
      const begin = performance.now();
      const [next, own] = random.split(key, 2);
      key = next;
      const [value, ...rest] = step(parameters, G, D, x.ref, y.ref, own);
      [parameters, G, D] = await blockUntilReady(rest);
      const now = value.js();
      if (!Number.isFinite(now)) throw new Error(`${NAME}: the loss became ${now}`);
      if (process.env.DEGELO_BENCH_DEBUG) console.error(NAME, now);
      return performance.now() - begin;
    },
    async close() {},
  };
}
