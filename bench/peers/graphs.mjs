/** The networks of lib/graphs.mjs in each system, as contestants: predictions of a batch, or a step of SGD on it. */
import { graphShapes, noise, samePadding } from '../lib/graphs.mjs';
import { degelo } from '../lib/library.mjs';
import { notInstalled } from '../lib/peers.mjs';
import { modelProto, nodeProto, tensorProto, transposed } from './onnx-model.mjs';

/**
 * @typedef {import('../lib/graphs.mjs').Graph} Graph
 * @typedef {import('../lib/interleave.mjs').Contestant & {outputs?: () => Float32Array}} Predictor outputs: of the last turn
 *
 * @typedef {object} Work
 * @property {Graph} graph
 * @property {number} batch
 * @property {number} threads
 * @property {number | null} trained all nodes before this one are frozen; null: predictions
 */

/** The model, and the layers of each node. @param {Graph} graph */
export function buildGraph({ nodes, image }) {
  const made = [];
  const layers = [];
  const input = degelo.input({ shape: [image, image, 3] });
  for (const { type, from, filters, kernel, strides, activation, units } of nodes) {
    const windows = { kernelSize: kernel, strides, padding: 'same', useBias: false };
    const own = {
      conv: () => [degelo.conv2d({ filters, ...windows }), degelo.batchNormalization()],
      depthwise: () => [degelo.depthwiseConv2d(windows), degelo.batchNormalization()],
      maxPool: () => [degelo.maxPooling2d({ poolSize: kernel, strides, padding: 'same' })],
      add: () => [degelo.add()],
      multiply: () => [degelo.multiply()],
      squeeze: () => [degelo.globalAveragePooling2d({ keepdims: true })],
      globalAverage: () => [degelo.globalAveragePooling2d()],
      dense: () => [degelo.dense({ units, activation: 'softmax' })],
    }[type]();
    const [first, ...rest] = [...own, ...(activation ? [degelo.activation(activation)] : [])];
    const inputs = from.map((i) => (i < 0 ? input : made[i]));
    made.push(rest.reduce((x, layer) => layer.apply(x), first.apply(inputs.length > 1 ? inputs : inputs[0])));
    layers.push(own);
  }
  return { model: degelo.model({ inputs: input, outputs: made.at(-1), seed: 1 }), layers };
}

/** Each node's weights and biases, batch normalisation as it begins folded into them; null: it has none. @param {Graph} graph */
function foldedWeights(graph) {
  return buildGraph(graph).layers.map(([layer, norm]) => {
    const [w, b] = layer.getWeights();
    if (!w) return null;
    const factor = norm ? 1 / Math.sqrt(1 + norm.epsilon) : 1;
    const size = b?.data.length ?? norm.getWeights()[0].data.length;
    return {
      shape: w.shape,
      w: w.data.map((value) => value * factor),
      b: Float32Array.from(b?.data ?? new Float32Array(size)),
    };
  });
}

/** @param {Work & {kernel: string}} work @returns {Promise<Predictor>} */
export async function degeloGraph({ graph, batch, threads, trained, kernel }) {
  const { model, layers } = buildGraph(graph);
  for (const layer of layers.slice(0, trained ?? 0).flat()) layer.trainable = false;
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', threads, kernel });
  const x = new degelo.Tensor(noise(graph, batch), [batch, graph.image, graph.image, 3]);
  const labels = Uint8Array.from({ length: batch }, (_, n) => n % graph.classes);
  let outputs = new Float32Array(0);
  return {
    name: `degelo ${kernel}`,
    threads,
    outputs: () => outputs,
    async turn() {
      const begin = performance.now();
      if (trained === null) outputs = (await model.predict(x, { batchSize: batch })).data;
      else await model.trainOnBatch(x, labels);
      return performance.now() - begin;
    },
    close: () => model.dispose(),
  };
}

/** @param {Work} work @returns {Promise<Predictor | null>} */
export async function onnxGraph({ graph, batch, threads }) {
  const name = 'onnxruntime-node';
  let ort;
  try {
    const module = await import(name);
    ort = module.InferenceSession ? module : module.default;
  } catch (error) {
    return notInstalled(name, error);
  }
  const session = await ort.InferenceSession.create(onnxGraphModel(graph), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
  });
  const { image } = graph;
  const pixels = noise(graph, batch);
  const size = image * image * 3;
  const planes = new Float32Array(pixels.length);
  for (let n = 0; n < batch; n++) {
    const sample = pixels.subarray(n * size, (n + 1) * size);
    planes.set(transposed(sample, [image * image, 3, 1], [1, 0, 2]), n * size);
  }
  const x = new ort.Tensor('float32', planes, [batch, 3, image, image]);
  let outputs = new Float32Array(0);
  return {
    name,
    threads,
    outputs: () => outputs,
    async turn() {
      const begin = performance.now();
      outputs = (await session.run({ x })).y.data;
      return performance.now() - begin;
    },
    close: async () => session.release(),
  };
}

/** The network as an ONNX file. @param {Graph} graph */
function onnxGraphModel(graph) {
  const weights = foldedWeights(graph);
  const shapes = graphShapes(graph);
  const nodes = [];
  const initializers = [];
  const behind = [];
  const add = (type, inputs, attributes) => {
    const output = `t${nodes.length}`;
    nodes.push(nodeProto(type, inputs, output, attributes));
    return output;
  };
  const constant = (dims, data) => {
    const name = `w${initializers.length}`;
    initializers.push(tensorProto(name, dims, data));
    return name;
  };
  for (const [i, { type, from, kernel, strides, activation }] of graph.nodes.entries()) {
    const [size, channels] = from[0] < 0 ? [graph.image, 3] : shapes[from[0]];
    const inputs = from.map((place) => (place < 0 ? 'x' : behind[place]));
    const [, OC] = shapes[i];
    const window = () => {
      const [before, after] = samePadding(size, kernel, strides);
      const common = { kernel_shape: [kernel, kernel], strides: [strides, strides] };
      return { ...common, pads: [before, before, after, after] };
    };
    let y = '';
    if (type === 'conv' || type === 'depthwise') {
      const { w, b } = weights[i];
      const isDepthwise = type === 'depthwise';
      const C = isDepthwise ? 1 : channels;
      const order = isDepthwise ? [[kernel ** 2, OC, 1], [1, 2, 0]] : [[kernel ** 2, C, OC], [2, 1, 0]]; // biome-ignore format: pairs
      inputs.push(constant([OC, C, kernel, kernel], transposed(w, ...order)), constant([OC], b));
      y = add('Conv', inputs, { ...window(), ...(isDepthwise && { group: OC }) });
    } else if (type === 'maxPool') y = add('MaxPool', inputs, window());
    else if (type === 'add') y = add('Add', inputs);
    else if (type === 'multiply') y = add('Mul', inputs);
    else if (type === 'squeeze') y = add('GlobalAveragePool', inputs);
    else if (type === 'globalAverage') y = add('Flatten', [add('GlobalAveragePool', inputs)]);
    else {
      const { w, b, shape } = weights[i];
      y = add('Gemm', [...inputs, constant(shape, w), constant([OC], b)]);
    }
    if (activation === 'relu') y = add('Relu', [y]);
    if (activation === 'sigmoid') y = add('Sigmoid', [y]);
    if (activation === 'swish') y = add('Mul', [y, add('Sigmoid', [y])]);
    if (activation === 'relu6')
      y = add('Clip', [y, ...[0, 6].map((at) => constant([], Float32Array.of(at)))]);
    behind.push(y);
  }
  nodes.push(nodeProto('Softmax', [behind.at(-1)], 'y'));
  return modelProto(graph.name, nodes, initializers, {
    x: [3, graph.image, graph.image],
    y: [graph.classes],
  });
}

/**
 * The network in TensorFlow.js, its fused kernels called by hand.
 * @param {Graph} graph @param {'wasm' | 'cpu'} backend WebAssembly with SIMD, or JavaScript; one thread in Node
 * @returns {Promise<{predict: (images: Float32Array) => Promise<Float32Array>, close: () => void} | null>}
 */
export async function tfjsNetwork(graph, backend) {
  let tf;
  try {
    tf = await import('@tensorflow/tfjs');
    await import('@tensorflow/tfjs-backend-wasm');
  } catch (error) {
    return notInstalled(`tfjs-${backend}`, error);
  }
  await tf.setBackend(backend);
  const weights = foldedWeights(graph).map(
    (each) => each && { w: tf.tensor(each.w, each.shape), b: tf.tensor1d(each.b) },
  );
  const run = (x) => {
    const made = [];
    for (const [i, { type, from, kernel, strides, activation }] of graph.nodes.entries()) {
      const [first, second] = from.map((place) => (place < 0 ? x : made[place]));
      const { w, b } = weights[i] ?? {};
      const convolution = {
        x: first,
        filter: w,
        strides,
        pad: 'same',
        bias: b,
        activation: activation === 'swish' ? 'linear' : (activation ?? 'linear'),
      };
      const behind = (y) => (activation === 'swish' ? tf.mul(y, tf.sigmoid(y)) : y);
      if (type === 'conv') made.push(behind(tf.fused.conv2d(convolution)));
      else if (type === 'depthwise') made.push(behind(tf.fused.depthwiseConv2d(convolution)));
      else if (type === 'maxPool') made.push(tf.maxPool(first, kernel, strides, 'same'));
      else if (type === 'add')
        made.push(activation === 'relu' ? tf.relu(tf.add(first, second)) : tf.add(first, second));
      else if (type === 'multiply') made.push(tf.mul(first, second));
      else if (type === 'squeeze') made.push(tf.mean(first, [1, 2], true));
      else if (type === 'globalAverage') made.push(tf.mean(first, [1, 2]));
      else made.push(tf.softmax(tf.add(tf.matMul(first, w), b)));
    }
    return made.at(-1);
  };
  return {
    async predict(images) {
      // Another network may have another backend.
      await tf.setBackend(backend);
      const { image } = graph;
      const y = tf.tidy(() =>
        run(tf.tensor4d(images, [images.length / (image * image * 3), image, image, 3])),
      );
      const outputs = await y.data();
      y.dispose();
      return outputs;
    },
    close: () => tf.dispose(weights.flatMap((each) => (each ? [each.w, each.b] : []))),
  };
}

/** TensorFlow.js on WebAssembly. @param {Work} work @returns {Promise<Predictor | null>} */
export async function tfjsWasmGraph({ graph, batch }) {
  const network = await tfjsNetwork(graph, 'wasm');
  if (!network) return null;
  const x = noise(graph, batch);
  let outputs = new Float32Array(0);
  return {
    name: 'tfjs-wasm',
    threads: 1,
    outputs: () => outputs,
    async turn() {
      const begin = performance.now();
      outputs = await network.predict(x);
      return performance.now() - begin;
    },
    close: async () => network.close(),
  };
}
