/**
 * ONNX Runtime: onnxruntime-node is native code (AVX-512 where there is any), onnxruntime-web the same in WebAssembly.
 * The web version starts its threads in Node too.
 */
import { notInstalled } from '../lib/peers.mjs';
import { asFloats } from '../lib/samples.mjs';
import { onnxModel } from './onnx-model.mjs';

/**
 * @param {'onnxruntime-node' | 'onnxruntime-web'} runtime
 * @param {object} options
 * @param {import('../lib/networks.mjs').NetworkSpec} options.network
 * @param {readonly {data: Float32Array, shape: readonly number[]}[]} options.weights
 * @param {import('../lib/samples.mjs').Samples} options.samples
 * @param {number} options.threads
 * @param {number} options.batch
 * @returns {Promise<import('../predict.mjs').Predictor | null>}
 */
export async function onnxPredictor(runtime, { network, weights, samples, threads, batch }) {
  let ort;
  let session;
  try {
    const module = await import(runtime);
    ort = module.InferenceSession ? module : module.default;
    if (runtime === 'onnxruntime-web') ort.env.wasm.numThreads = threads;
    session = await ort.InferenceSession.create(onnxModel(network, weights), {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      ...(runtime === 'onnxruntime-web' && { executionProviders: ['wasm'] }),
    });
  } catch (error) {
    return notInstalled(runtime, error);
  }
  const { x } = asFloats(samples);
  const size = samples.image ** 2;
  let outputs = new Float32Array(0);
  return {
    name: `${runtime}`,
    threads,
    outputs: () => outputs,
    async turn() {
      const begin = performance.now();
      const parts = [];
      for (let from = 0; from < samples.count; from += batch) {
        const to = Math.min(samples.count, from + batch);
        const feed = new ort.Tensor('float32', x.subarray(from * size, to * size), [
          to - from,
          1,
          samples.image,
          samples.image,
        ]);
        parts.push((await session.run({ x: feed })).y.data);
      }
      const ms = performance.now() - begin;
      outputs = Float32Array.from(parts.flatMap((part) => [...part]));
      return ms;
    },
    close: async () => session.release(),
  };
}
