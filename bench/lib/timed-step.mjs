/**
 * A training step on one thread whose kernels are timed one by one, on real digits. The library's own step does the
 * work; it only gets kernels that look at the clock.
 */

import { buildDegelo } from '../peers/degelo.mjs';
import { degelo, load } from './library.mjs';
import { asFloats } from './samples.mjs';
import { median } from './statistics.mjs';

const BATCH = 128;
const PAGE = 65536;

/**
 * Which phase of the cost model a call of a kernel belongs to.
 * @param {string} method
 * @param {readonly any[]} args
 * @param {number} features what the dense layer reads of a sample
 */
function phaseOf(method, args, features) {
  switch (method) {
    case 'conv2dForward':
      return 'conv1 forward';
    case 'conv2dPoolForward':
    case 'winogradPoolForward':
      return 'conv2 + pooling forward';
    case 'conv2dPoolBackward':
      return 'conv2 backward';
    case 'conv2dBackward':
    case 'reluBackward':
      return 'conv1 backward';
    case 'dropoutForward':
    case 'dropoutBackward':
      return 'dropout';
    case 'sumShards':
      return 'sum of shards';
    case 'adadelta':
      return 'Adadelta';
    case 'denseForward':
      return args[1] === features ? 'dense forward' : 'rest';
    case 'denseBackwardInput':
      return args[1] === features ? 'dense dx' : 'rest';
    case 'denseBackwardWeights':
      return args[1] === features ? 'dense dw' : 'rest';
    default:
      return 'rest';
  }
}

/**
 * @param {object} options
 * @param {import('./networks.mjs').NetworkSpec} options.network with pooling behind its second convolution
 * @param {import('./samples.mjs').Samples} options.samples a multiple of 128
 * @param {readonly any[]} options.weights
 * @param {string} options.kernel
 * @param {number} options.steps
 * @returns {Promise<{phases: Record<string, number>, total: number, algorithm: 'direct' | 'winograd', sparsity: import('./cost-model.mjs').Sparsity}>}
 *   medians in milliseconds
 */
export async function timedSteps({ network, samples, weights, kernel, steps }) {
  const [{ Arena }, { Step }, { StepMemory }, { createKernels }, { RowSource }] = await Promise.all(
    [
      'model/arena.js',
      'model/step.js',
      'model/step-memory.js',
      'kernels/index.js',
      'training/session/sources.js',
    ].map(load),
  );
  const model = buildDegelo(network);
  model.setWeights(weights);
  const optimizer = degelo.adadelta({ learningRate: 1 });
  model.compile({ optimizer, loss: 'categoricalCrossentropy', threads: 0, kernel });
  const plan = model.plan();
  const denseStage = plan.stages.findIndex(({ layer }) => layer.className === 'Dense');
  const features = plan.stages[denseStage].inputShape.reduce((a, b) => a * b);

  const options = { batch: BATCH, workers: 1, metrics: [], optimizer };
  const counting = new Arena('float32', null);
  new StepMemory(plan, createKernels(kernel, null), options, counting);
  const pages = Math.ceil(counting.bytes / PAGE);
  const wasm = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const times = {};
  /** Of the gradients behind pooling and ReLU, in the last step: how many there are, and how many aren't zero. */
  const gradients = { all: 0, nonZero: 0 };
  let counts = false;
  const kernels = timed(createKernels(kernel, wasm), times, features, (y, dy) => {
    if (counts) countNonZero(y, dy, gradients);
  });
  const memory = new StepMemory(plan, kernels, options, new Arena('float32', wasm.buffer));
  let parameter = 0;
  for (const parameters of memory.parameters.values())
    for (const { value } of parameters) value.set(weights[parameter++].data);

  const step = new Step(plan, memory, kernels, [], 0, 1);
  step.prepareWeights('fixed');
  const { x, y } = asFloats(samples);
  const classes = y.length / samples.count;
  const batches = samples.count / BATCH;
  /** @type {Record<string, number>[]} */
  const records = [];
  // One more, in which gradients are counted, and whose time doesn't count.
  for (let s = 0; s <= steps; s++) {
    counts = s === steps;
    for (const name of Object.keys(times)) times[name] = 0;
    const first = (s % batches) * BATCH;
    const begin = performance.now();
    memory.targets.set(y.subarray(first * classes, (first + BATCH) * classes));
    const source = new RowSource({ x, samples: samples.count, targets: null, cache: null }, (n) => first + n);
    let tile = 0;
    const update = { optimizer, learningRate: 1, iteration: 1 };
    const range = { first: 0, end: BATCH, batch: BATCH };
    for (const _ of step.train(range, source, { seed: 1, step: s }, update, () => tile++)); // alone: nobody to wait for
    const total = performance.now() - begin;
    const inKernels = Object.entries(times).reduce((sum, [name, ms]) => sum + (name === 'rest' ? 0 : ms), 0);
    // The rest: small layers, the loss, copies of rows.
    if (!counts) records.push({ ...times, rest: total - inKernels, total });
  }
  const warm = records.slice(records.length >> 1);
  const medians = Object.fromEntries(
    Object.keys(warm[0]).map((name) => [name, median(warm.map((record) => record[name]))]),
  );
  const { total, ...phases } = medians;
  await model.dispose();

  const share = (numbers) =>
    numbers.reduce((count, value) => count + (value === 0 ? 0 : 1), 0) / numbers.length;
  return {
    phases,
    total,
    algorithm: plan.stages.find(({ pool }) => pool !== null).algorithm ?? 'direct',
    sparsity: {
      features: share(memory.stages[denseStage - 1].y),
      gradients: gradients.nonZero / gradients.all,
    },
  };
}

/** Behind ReLU a window whose maximum is 0 has no gradient. */
function countNonZero(y, dy, counted) {
  for (let i = 0; i < dy.length; i++) if (y[i] > 0 && dy[i] !== 0) counted.nonZero++;
  counted.all += dy.length;
}

/**
 * The same kernels; the time of each call is added to its phase's in `times`.
 * @param {(y: Float32Array, dy: Float32Array) => void} onPooled gets a shard's maxima and their gradients, before they are used
 */
function timed(kernels, times, features, onPooled) {
  const wrapped = new Map();
  return new Proxy(kernels, {
    get(target, name) {
      const method = target[name];
      if (typeof method !== 'function') return method;
      if (!wrapped.has(name)) {
        wrapped.set(name, (...args) => {
          if (name === 'conv2dPoolBackward') {
            const [, { OH, OW, C }, N, , , , y, , dy] = args;
            const size = N * OH * OW * C;
            onPooled(y.subarray(0, size), dy.subarray(0, size));
          }
          const begin = performance.now();
          const result = method.apply(target, args);
          const phase = phaseOf(/** @type {string} */ (name), args, features);
          times[phase] = (times[phase] ?? 0) + performance.now() - begin;
          return result;
        });
      }
      return wrapped.get(name);
    },
  });
}
