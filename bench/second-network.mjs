/**
 * Two networks that sparsity helps little or not at all: the experiment's without pooling and dropout, and the same
 * without ReLU too, in which hardly a number is zero. Reported won or lost.
 */
import { contest } from './lib/interleave.mjs';
import { withoutSparsity } from './lib/networks.mjs';
import { samplesOf } from './lib/samples.mjs';
import { degeloSteps, trainedWeights } from './peers/degelo.mjs';
import { PYTHON_PEERS, pythonSteps, references } from './peers/python.mjs';

const BATCH = 128;
const STEPS = 4;

export const title = 'Where sparsity cannot help: the network without pooling and dropout';

/** @param {import('./lib/options.mjs').Options} options */
export async function run({ data, kernels, threads, rounds, log }) {
  const samples = samplesOf(data, BATCH * STEPS);
  const few = samplesOf(data, BATCH);
  const groups = [];
  for (const linear of [false, true]) {
    const network = withoutSparsity({ linear });
    log(`  training the weights: ${network.name}`);
    const weights = await trainedWeights(network, samples, { threads: Math.max(...threads), epochs: 4 });
    for (const count of threads) {
      const common = { network, phase: 'full', threads: count, batch: BATCH, samples, weights };
      const name = `full step, ${network.name}, ${count} thread${count > 1 ? 's' : ''}`;
      log(name);
      const makers = [
        ...kernels.map(
          (kernel) => () => degeloSteps({ ...common, kernel, samples: kernel === 'plain' ? few : samples }),
        ),
        ...PYTHON_PEERS.map((peer) => () => pythonSteps(peer, common)),
      ];
      groups.push({
        title: name,
        unit: 'ms a step',
        rows: await contest(makers, { rounds, references: references(), log }),
      });
    }
  }
  return { title, groups };
}
