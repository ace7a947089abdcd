/**
 * What a full training step costs, from its shapes alone: for each phase the floating-point operations that are left
 * after skipping zeros, the bytes that go through a core's caches, and those that must come from beyond them. ../README.md
 * derives each line.
 */
import { CLASSES } from './networks.mjs';

const KERNEL = 9;
const FLOAT = 4;
const UNITS = 128;
/** Consecutive samples whose gradients are summed first, and the unit that threads are given. */
const SHARD = 8;
/** Operations that Adadelta takes for a weight, a division and two square roots among them, each counted as one. */
const ADADELTA = 16;
/** Integer operations of Threefry-2x32-20 for one number: 20 rounds of three for two of them, and the keys. */
const THREEFRY = 36;

/**
 * Shares of what isn't zero, measured on digits after some training.
 * @typedef {object} Sparsity
 * @property {number} features pooled features behind ReLU and dropout
 * @property {number} gradients windows of the pooling whose gradient isn't zero
 */
export const TYPICAL = { features: 0.28, gradients: 0.28 };

/**
 * @typedef {object} Phase
 * @property {string} name
 * @property {number} operations
 * @property {number} cacheBytes
 * @property {number} memoryBytes
 * @property {'samples' | 'weights'} split what threads divide among them
 */

/**
 * @param {object} shape
 * @param {number} shape.batch
 * @param {number} shape.image
 * @param {number} shape.filters
 * @param {Sparsity} [shape.sparsity]
 * @param {'direct' | 'winograd'} [shape.algorithm] of the second convolution's forward pass
 * @returns {Phase[]}
 */
export function phasesOf({ batch: N, image, filters: F, sparsity = TYPICAL, algorithm = 'winograd' }) {
  const H1 = image - 2;
  const PH = (H1 - 2) >> 1;
  const E = PH * PH * F;
  // For each window of 2×2 outputs, which is Winograd's tile too: nine products of F by F for each output; or sixteen for
  // the tile, 32 additions to transform each channel in and 24 to transform it out.
  const window = algorithm === 'winograd' ? 2 * 16 * F * F + 56 * F : 2 * 4 * KERNEL * F * F;
  const weights = KERNEL * F + F + KERNEL * F * F + F + E * UNITS + UNITS + UNITS * CLASSES + CLASSES;
  const convWeights = KERNEL * F + F + KERNEL * F * F + F;
  const activations1 = N * H1 * H1 * F * FLOAT;
  const pooled = N * E * FLOAT;
  const dense = E * UNITS * FLOAT;
  const nonZero = N * E * sparsity.gradients;
  const phase = (name, split, operations, cacheBytes, memoryBytes) => ({
    name,
    operations,
    cacheBytes,
    memoryBytes,
    split,
  });
  return [
    phase(
      'conv1 forward',
      'samples',
      2 * N * H1 * H1 * KERNEL * F,
      0,
      N * image * image * FLOAT + activations1,
    ),
    phase('conv2 + pooling forward', 'samples', N * PH * PH * window, activations1, pooled + pooled / 4),
    phase('dropout', 'samples', N * E * THREEFRY, 0, 2 * pooled + pooled / 4),
    phase(
      'dense forward',
      'samples',
      2 * N * E * UNITS * sparsity.features,
      N * E * sparsity.features * UNITS * FLOAT,
      pooled + dense,
    ),
    phase(
      'dense dx',
      'samples',
      2 * N * E * UNITS * sparsity.features,
      N * E * sparsity.features * UNITS * FLOAT,
      pooled + dense,
    ),
    phase(
      'conv2 backward',
      'samples',
      // For each gradient that isn't zero: a patch times it into dw, and a filter times it into dx …
      4 * nonZero * KERNEL * F,
      // … the patch read; the filter read, dx read and written.
      nonZero * KERNEL * F * FLOAT * 4,
      2 * activations1 + pooled,
    ),
    phase('conv1 backward', 'samples', 2 * N * H1 * H1 * KERNEL * F, 2 * activations1, activations1),
    phase(
      'dense dw',
      'weights',
      2 * N * E * UNITS * sparsity.features,
      N * E * sparsity.features * UNITS * FLOAT,
      pooled + dense,
    ),
    phase('Adadelta', 'weights', ADADELTA * weights, 0, 6 * weights * FLOAT),
    phase(
      'sum of shards',
      'weights',
      Math.ceil(N / SHARD) * convWeights,
      0,
      Math.ceil(N / SHARD) * convWeights * FLOAT,
    ),
  ];
}

/**
 * The roofline: no phase can be done faster than its operations or its bytes allow.
 * @param {Phase} phase
 * @param {import('./roofline.mjs').Roofline} roofline
 * @returns {{ms: number, bound: 'operations' | 'caches' | 'memory'}}
 */
export function bound({ operations, cacheBytes, memoryBytes }, { gflops, cacheGBs, memoryGBs }) {
  const limits = [
    { ms: operations / (gflops * 1e6), bound: /** @type {const} */ ('operations') },
    { ms: cacheBytes / (cacheGBs * 1e6), bound: /** @type {const} */ ('caches') },
    { ms: memoryBytes / (memoryGBs * 1e6), bound: /** @type {const} */ ('memory') },
  ];
  return limits.reduce((worst, limit) => (limit.ms > worst.ms ? limit : worst));
}

/**
 * A machine with so many cores like the one measured.
 * @typedef {object} Calibration
 * @property {import('./roofline.mjs').Roofline} roofline of one thread
 * @property {Record<string, number>} efficiency of each phase: roofline / measured, one thread
 * @property {number} restMs what a step takes beside the phases, on one thread: the loss, views, copies of rows
 */

/** A message to the workers and back, once a step, and two barriers; measured, hardly growing with the threads. */
const ROUND_MS = 0.12;
/** Threads after which memory gives no more: a guess for servers, whose cores share some eight channels. */
const MEMORY_THREADS = 16;

/**
 * Milliseconds of a step: each phase's bound through its measured efficiency, divided among the threads as far as
 * shards and rows can be.
 * @param {Parameters<typeof phasesOf>[0] & {threads: number, calibration: Calibration}} options
 */
export function predictStep({ threads, calibration, ...shape }) {
  const { roofline, efficiency, restMs } = calibration;
  const shards = Math.ceil(shape.batch / SHARD);
  const ways = { samples: shards / Math.ceil(shards / threads), weights: threads };
  let ms = threads > 1 ? ROUND_MS : 0;
  for (const phase of phasesOf(shape)) {
    const { ms: alone, bound: by } = bound(phase, roofline);
    const parallel = by === 'memory' ? Math.min(ways[phase.split], MEMORY_THREADS) : ways[phase.split];
    ms += alone / efficiency[phase.name] / parallel;
  }
  return ms + (restMs * shape.batch) / 128 / ways.samples;
}
