/**
 * The cost model against this machine: each phase of a full step on one thread, its roofline beside what it took; and
 * what the model, so calibrated, expects of other sizes and of machines with more cores.
 */
import { bound, phasesOf, predictStep } from './lib/cost-model.mjs';
import { experiment } from './lib/networks.mjs';
import { measureRoofline } from './lib/roofline.mjs';
import { samplesOf } from './lib/samples.mjs';
import { timedSteps } from './lib/timed-step.mjs';
import { trainedWeights } from './peers/degelo.mjs';

const BASE = { batch: 128, image: 28, filters: 32 };

export const title = 'Cost model: operations, bytes, roofline';

/**
 * @param {import('./lib/options.mjs').Options} options
 * @returns {Promise<{calibration: import('./lib/cost-model.mjs').Calibration, sparsity: import('./lib/cost-model.mjs').Sparsity,
 *   phases: object[], total: number, algorithm: 'direct' | 'winograd', kernel: string}>}
 */
export async function calibrate({ data, kernels, threads, rounds, log }) {
  const kernel = kernels.includes('simd') ? 'simd' : kernels[0];
  const network = experiment();
  const samples = samplesOf(data, 1024);
  log('  calibrating: registers, caches, memory, and each phase of a step');
  const weights = await trainedWeights(network, samples, {
    threads: Math.max(...threads),
    epochs: 8,
    kernel,
  });
  // Before and after, since the machine's speed drifts.
  const before = await measureRoofline();
  const measured = await timedSteps({ network, samples, weights, kernel, steps: 2 * rounds + 4 });
  const after = await measureRoofline();
  const roofline = {
    gflops: (before.gflops + after.gflops) / 2,
    cacheGBs: (before.cacheGBs + after.cacheGBs) / 2,
    memoryGBs: (before.memoryGBs + after.memoryGBs) / 2,
  };
  const phases = phasesOf({ ...BASE, sparsity: measured.sparsity, algorithm: measured.algorithm }).map(
    (phase) => {
      const limit = bound(phase, roofline);
      return { ...phase, roofline: limit.ms, bound: limit.bound, measured: measured.phases[phase.name] };
    },
  );
  const efficiency = Object.fromEntries(
    phases.map(({ name, roofline: least, measured: ms }) => [name, least / ms]),
  );
  const calibration = { roofline, efficiency, restMs: measured.phases.rest };
  return {
    calibration,
    sparsity: measured.sparsity,
    phases,
    total: measured.total,
    algorithm: measured.algorithm,
    kernel,
  };
}

/** @param {import('./lib/options.mjs').Options} options */
export async function run(options) {
  const { calibration, sparsity, phases, total, algorithm, kernel } = await calibrate(options);
  const { gflops, cacheGBs, memoryGBs } = calibration.roofline;
  const percent = (share) => `${(100 * share).toFixed(0)} %`;
  const lines = [
    `Kernel ${kernel}, convolution ${algorithm}, one thread. Roofline: ${gflops.toFixed(1)} GFLOP/s from registers, ${cacheGBs.toFixed(0)} GB/s ` +
      `through a core's caches, ${memoryGBs.toFixed(1)} GB/s from beyond them. Not zero: ${percent(sparsity.features)} of the features ` +
      `behind dropout, ${percent(sparsity.gradients)} of the windows' gradients, so ${percent(sparsity.gradients / 4)} of the ` +
      `second convolution's.`,
    '',
    '| phase | MFLOP | MB through caches | MB from beyond | bound by | roofline, ms | measured, ms | share of the roofline |',
    '| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: |',
    ...phases.map(
      (phase) =>
        `| ${phase.name} | ${mega(phase.operations)} | ${mega(phase.cacheBytes)} | ${mega(phase.memoryBytes)} | ${phase.bound} | ` +
        `${phase.roofline.toFixed(2)} | ${phase.measured.toFixed(2)} | ${percent(phase.roofline / phase.measured)} |`,
    ),
    `| rest: loss, small layers, copies |  |  |  |  |  | ${calibration.restMs.toFixed(2)} |  |`,
    `| step |  |  |  |  | ${phases.reduce((sum, { roofline }) => sum + roofline, 0).toFixed(2)} | ${total.toFixed(2)} |  |`,
    '',
    withoutSkipping(phases, total, algorithm),
    '',
    ...growth(calibration, sparsity, algorithm),
  ];
  return { title, groups: [], text: lines.join('\n'), calibration, sparsity, phases, total, algorithm };
}

/**
 * The share that sparsity has, estimated: all dense gradients of the second convolution are twice its direct forward
 * pass' operations. (What the dense layers save by skipping isn't counted.)
 */
function withoutSkipping(phases, total, algorithm) {
  const measured = (name) => phases.find((phase) => phase.name === name).measured;
  const operations = (sparsity, name, way) =>
    phasesOf({ ...BASE, sparsity, algorithm: way }).find((phase) => phase.name === name).operations;
  const nothing = { features: 1, gradients: 1 };
  const forward = 'conv2 + pooling forward';
  const msPerOperation = measured(forward) / operations(nothing, forward, algorithm);
  const convolution =
    2 * operations(nothing, forward, 'direct') * msPerOperation - measured('conv2 backward');
  return (
    `Skipping zeros in the second convolution's gradients saves about ${convolution.toFixed(1)} ms: computed in full at the speed ` +
    `of its forward pass, they would make the step ${((total + convolution) / total).toFixed(2)} times as long.`
  );
}

/** What the calibrated model expects of other sizes. */
function growth(calibration, sparsity, algorithm) {
  const ms = (change) => predictStep({ ...BASE, threads: 1, sparsity, algorithm, calibration, ...change });
  const row = (name, points, change) => {
    const base = ms({});
    return `| ${name} | ${points.map((point) => `${point}: ${(ms(change(point)) / base).toFixed(3)}`).join(', ')} |`;
  };
  const cores = [1, 2, 4, 8, 16, 32, 64];
  const speedUp = (batch) =>
    cores.map((threads) => `${threads}: ${(ms({ batch }) / ms({ batch, threads })).toFixed(1)}`).join(', ');
  return [
    '| expected | |',
    '| --- | --- |',
    row('time by batch, 128: 1', [1, 8, 32, 128, 512, 2048], (batch) => ({ batch })),
    row('time by image size, 28: 1', [14, 20, 28, 40, 56, 112], (image) => ({ image })),
    row('time by filters, 32: 1', [8, 16, 32, 64, 128], (filters) => ({ filters })),
    `| times as fast by cores, batch 128 | ${speedUp(128)} |`,
    `| times as fast by cores, batch 512 | ${speedUp(512)} |`,
    `| times as fast by cores, batch 2048 | ${speedUp(2048)} |`,
  ];
}

const mega = (value) => (value / 1e6).toFixed(value < 1e7 ? 1 : 0);
