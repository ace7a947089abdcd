/**
 * One training step of the experiment's network: everything trained; the features frozen; their outputs kept. Every
 * kernel that this engine has, for each number of threads, against the peers.
 */
import { atOnce, contest } from './lib/interleave.mjs';
import { experiment } from './lib/networks.mjs';
import { samplesOf } from './lib/samples.mjs';
import { convnetjsSteps } from './peers/convnetjs.mjs';
import { degeloSteps, trainedWeights } from './peers/degelo.mjs';
import { jaxSteps } from './peers/jax-js.mjs';
import { PYTHON_PEERS, pythonSteps, references } from './peers/python.mjs';
import { tfjsSteps } from './peers/tfjs.mjs';

const BATCH = 128;
/** A turn's steps, which are an epoch of real digits; frozen ones are short, and real epochs have two hundred. */
const STEPS = { full: 8, frozen: 32, cached: 32 };
/**
 * Where one thread is compared with more: a second each. A turn begins with caches that belong to others, and threads that share a step
 * lose more by that: in turns of eight steps two of them took up to 1.2 times as long a step.
 */
const LONG = 64;
/** The plain kernels are slow enough to be measured with fewer. */
const PLAIN_STEPS = 2;

export const title = 'One training step, batch 128';

/** @param {import('./lib/options.mjs').Options} options */
export async function run({ data, kernels, threads, rounds, tfjs, peers, log }) {
  const network = experiment();
  const samples = Object.fromEntries(
    Object.entries(STEPS).map(([phase, steps]) => [phase, samplesOf(data, BATCH * steps)]),
  );
  const few = samplesOf(data, BATCH * PLAIN_STEPS);
  const many = samplesOf(data, BATCH * LONG);
  log('  training the weights that all start from');
  const weights = await trainedWeights(network, samples.full, { threads: Math.max(...threads), epochs: 8 });
  const common = { network, batch: BATCH, weights };
  const own = (phase, count, kernel, { convolution, turn = samples[phase] } = {}) => {
    const epoch = kernel === 'plain' ? few : turn;
    return () => degeloSteps({ ...common, phase, threads: count, kernel, convolution, samples: epoch });
  };
  const pythons = (phase, count) =>
    PYTHON_PEERS.map(
      (peer) => () => pythonSteps(peer, { ...common, phase, threads: count, samples: samples[phase] }),
    );
  const groups = [];
  const measure = async (name, makers, references, { times = rounds, note = '' } = {}) => {
    log(name);
    groups.push({
      title: name,
      unit: 'ms a step',
      rows: await contest(makers, { rounds: times, references, log }),
      ...(note && { note }),
    });
  };

  for (const count of threads) {
    await measure(
      `full step, ${count} thread${count > 1 ? 's' : ''}`,
      [
        // By Winograd's F(2×2, 3×3), the library's choice for the second convolution, and directly.
        ...kernels.flatMap((kernel) =>
          kernel === 'plain'
            ? [own('full', count, kernel)]
            : [own('full', count, kernel), own('full', count, kernel, { convolution: 'direct' })],
        ),
        ...pythons('full', count),
      ],
      references('full'),
    );
    await measure(
      `frozen step, ${count} thread${count > 1 ? 's' : ''}`,
      [
        ...kernels.map((kernel) => own('frozen', count, kernel)),
        ...kernels.map((kernel) => own('cached', count, kernel)),
        ...pythons('frozen', count),
        ...pythons('cached', count),
      ],
      [...references('frozen'), ...references('cached')],
    );
  }

  // The same kernel with one thread and with more: what a second core is worth.
  const [fewest, most] = [Math.min(...threads), Math.max(...threads)];
  if (most > fewest) {
    for (const phase of ['full', 'cached']) {
      for (const kernel of kernels) {
        const named = (count) => async () => ({
          ...(await own(phase, count, kernel, { turn: many })()),
          name: `degelo ${kernel}, ${phase}, ${count} threads`,
        });
        const reference = `degelo ${kernel}, ${phase}, ${fewest} threads`;
        const models = `${most} models of ${fewest}, at once`;
        const apart = async () =>
          atOnce(
            models,
            await Promise.all(
              Array.from({ length: most }, () => own(phase, fewest, kernel, { turn: many })()),
            ),
          );
        await measure(
          `${phase} step, ${most} threads against ${fewest}: ${kernel}`,
          [named(most), named(fewest), ...(fewest === 1 ? [apart] : [])],
          [reference, models],
          {
            note: `1.85 times as fast is ${(1 / 1.85).toFixed(3)} here. The last column is against models that have nothing to do with one another: what the machine gives.`,
          },
        );
      }
    }
  }

  if (peers) {
    const peerOptions = { ...common, samples: samples.full };
    const fastest = kernels.includes('simd') ? 'simd' : 'plain';
    await measure(
      // Not in a thread: it would end after ten idle seconds, and a peer's turn takes longer.
      'full step on the calling thread, against JavaScript',
      [
        own('full', 0, fastest),
        ...(fastest !== 'plain' && kernels.includes('plain') ? [own('full', 0, 'plain')] : []),
        () => convnetjsSteps(peerOptions),
        () => jaxSteps(peerOptions),
        ...(tfjs ? [() => tfjsSteps(peerOptions)] : []),
      ],
      ['ConvNetJS 0.3.0', 'jax-js 0.1.25', 'TensorFlow.js 4.22.0 cpu'],
      { times: tfjs ? 1 : Math.min(rounds, 3) },
    );
  }
  return { title, groups };
}
