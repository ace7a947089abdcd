/**
 * How a full training step grows with the batch, the image, the filters and the threads, beside what the cost model
 * (lib/cost-model.mjs), calibrated at the base point, expects. PyTorch takes its turn at every point.
 */
import { availableParallelism } from 'node:os';
import { predictStep } from './lib/cost-model.mjs';
import { contest } from './lib/interleave.mjs';
import { experiment } from './lib/networks.mjs';
import { samplesOf } from './lib/samples.mjs';
import { calibrate } from './model.mjs';
import { degeloSteps, trainedWeights } from './peers/degelo.mjs';
import { pytorchSteps } from './peers/pytorch.mjs';

const BASE = { batch: 128, image: 28, filters: 32 };
const BATCHES = [1, 8, 32, 128, 512];
const IMAGES = [14, 20, 28, 40, 56];
const FILTERS = [8, 16, 32, 64];
/** A turn's samples, so that a small batch is measured over many steps. */
const TURN = 512;

export const title = 'Growth: batch, image, filters, threads';

/** @param {import('./lib/options.mjs').Options} options */
export async function run(options) {
  const { data, kernels, threads, rounds, log } = options;
  const { calibration, sparsity } = await calibrate(options);
  const kernel = kernels.includes('simd') ? 'simd' : kernels[0];
  const most = Math.max(...threads);
  const measure = async ({ batch, image, filters, count }) => {
    const network = experiment({ image, filters });
    const samples = samplesOf(data, Math.max(batch, TURN), image);
    const weights = await trainedWeights(network, samplesOf(data, TURN, image), {
      threads: most,
      epochs: 4,
      kernel,
    });
    const common = { network, phase: /** @type {const} */ ('full'), threads: count, batch, samples, weights };
    const name = `batch ${batch}, image ${image}, filters ${filters}, ${count} thread${count > 1 ? 's' : ''}`;
    log(name);
    const rows = await contest([() => degeloSteps({ ...common, kernel }), () => pytorchSteps(common)], {
      rounds,
      references: ['PyTorch'],
      log,
    });
    return rows.map((row) => ({ ...row, name: `${row.name}, ${name}` }));
  };

  const groups = [];
  const axis = async (name, points) => {
    const rows = [];
    const begin = await measure({ ...BASE, count: most });
    for (const point of points) {
      const measured = isBase(point, most) ? begin : await measure({ ...BASE, count: most, ...point });
      // Against the base point: how it grows, measured and on paper.
      const model = { ...BASE, sparsity, calibration };
      const paper =
        predictStep({ ...model, ...point, threads: point.count ?? most }) /
        predictStep({ ...model, threads: most });
      for (const [i, row] of measured.entries()) {
        const growth = (row.ms.median / begin[i].ms.median).toFixed(2);
        rows.push({
          ...row,
          extra: { 'times the base': growth, 'on paper': i === 0 ? paper.toFixed(2) : '' },
        });
      }
    }
    groups.push({ title: name, unit: 'ms a step', rows });
  };
  await axis(
    'batch',
    BATCHES.map((batch) => ({ batch })),
  );
  await axis(
    'image',
    IMAGES.map((image) => ({ image })),
  );
  await axis(
    'filters',
    FILTERS.map((filters) => ({ filters })),
  );
  // Up to every core: past them, threads only wait for each other.
  const counts = [...new Set([1, 2, 4, 8, 16, 32, 64, ...threads])].filter(
    (count) => count <= availableParallelism(),
  );
  await axis(
    'threads',
    counts.sort((a, b) => a - b).map((count) => ({ count })),
  );
  return { title, groups };
}

const isBase = ({ batch = BASE.batch, image = BASE.image, filters = BASE.filters, count }, most) =>
  batch === BASE.batch && image === BASE.image && filters === BASE.filters && (count ?? most) === most;
