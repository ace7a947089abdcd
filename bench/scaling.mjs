/**
 * How a full training step grows with the batch, the image, the filters and the threads, beside what the cost model
 * (lib/cost-model.mjs), calibrated at the base point, expects. All points of an axis take turns, with one PyTorch at each.
 */
import { availableParallelism } from 'node:os';
import { predictStep } from './lib/cost-model.mjs';
import { contest } from './lib/interleave.mjs';
import { experiment } from './lib/networks.mjs';
import { samplesOf } from './lib/samples.mjs';
import { calibrate } from './model.mjs';
import { degeloSteps, trainedWeights } from './peers/degelo.mjs';
import { PYTHON_PEERS, pythonSteps } from './peers/python.mjs';

const BASE = { batch: 128, image: 28, filters: 32 };
const BATCHES = [1, 8, 32, 128, 512];
const IMAGES = [14, 20, 28, 40, 56];
const FILTERS = [8, 16, 32, 64];
/** A turn's samples, so that a small batch is measured over several steps. */
const TURN = 256;
const MOST_STEPS = 32;

/** The newest PyTorch as it comes, or else Debian's. */
const PEER = PYTHON_PEERS.find(
  ({ name }) => name === (process.env.DEGELO_BENCH_PYTORCH ? 'PyTorch 2' : 'PyTorch 1'),
);

export const title = 'Growth: batch, image, filters, threads';

/** @param {import('./lib/options.mjs').Options} options */
export async function run(options) {
  const { data, kernels, threads, rounds, log } = options;
  const { calibration, sparsity, algorithm } = await calibrate(options);
  const kernel = kernels.includes('simd') ? 'simd' : kernels[0];
  const most = Math.max(...threads);
  const base = { ...BASE, threads: most };
  const expected = (point) => predictStep({ ...base, ...point, sparsity, algorithm, calibration });

  /** Both systems at one point of the axis `key`. */
  const makers = async (key, value) => {
    const { batch, image, filters, threads: count } = { ...base, [key]: value };
    const network = experiment({ image, filters });
    const weights = await trainedWeights(network, samplesOf(data, 512, image), {
      threads: most,
      epochs: 4,
      kernel,
    });
    const samples = samplesOf(data, Math.max(batch, Math.min(TURN, batch * MOST_STEPS)), image);
    const common = { network, phase: /** @type {const} */ ('full'), threads: count, batch, samples, weights };
    const suffix = (at) => `, ${key} ${at}`;
    const placed = (contestant, extra) =>
      contestant && {
        ...contestant,
        name: `${contestant.name}${suffix(value)}`,
        against: {
          PyTorch: `${PEER.name}${suffix(value)}`,
          [`its own at ${base[key]}`]: `${contestant.name}${suffix(base[key])}`,
        },
        extra,
      };
    const paper = (expected({ [key]: value }) / expected({})).toFixed(3);
    return [
      async () => placed(await degeloSteps({ ...common, kernel }), { 'on paper': paper }),
      async () => placed(await pythonSteps(PEER, common), {}),
    ];
  };

  const groups = [];
  const axis = async (key, values) => {
    log(key);
    const all = [];
    for (const value of values) all.push(...(await makers(key, value)));
    groups.push({ title: key, unit: 'ms a step', rows: await contest(all, { rounds, references: [], log }) });
  };
  await axis('batch', BATCHES);
  await axis('image', IMAGES);
  await axis('filters', FILTERS);
  // Up to every core: past them, threads only wait for each other.
  const cores = availableParallelism();
  await axis(
    'threads',
    [...new Set([1, 2, 4, 8, 16, 32, 64, cores, most])].filter((n) => n <= cores).sort((a, b) => a - b),
  );
  return { title, groups };
}
