/**
 * The networks that people fine-tune: MobileNetV2, EfficientNetB0, ResNet18 and a CIFAR network with batch normalisation. Predictions of a batch of
 * 8; a training step of 32 of the head alone, everything before it frozen and computed anew; one of the last third, thawed; and of the small
 * network, one of everything.
 * Predictions are compared before they are timed; PyTorch's are not (see peers/pytorch_graph.py).
 */
import { cifar, efficientNetB0, mobileNetV2, resNet18 } from './lib/graphs.mjs';
import { contest, several } from './lib/interleave.mjs';
import { degeloGraph, onnxGraph, tfjsWasmGraph } from './peers/graphs.mjs';
import { PYTHON_PEERS, pythonGraph } from './peers/python.mjs';

/** Samples of a prediction, and of a training step. */
const PREDICTED = 8;
const TRAINED = 32;
/** Batches a turn of a network that needs some milliseconds for one. */
const SMALL_UNITS = 8;
/** Of the largest probability, of systems that add in another order. */
const TOLERANCE = 1e-3;

/** channels_last, memory kept. */
const PYTORCH = PYTHON_PEERS.filter(({ script, way }) => script === 'pytorch.py' && way === 'tuned');

export const title = 'Networks that people fine-tune';

/** @param {import('./lib/options.mjs').Options} options */
export async function run({ kernels, threads, rounds, networks, log }) {
  const fast = kernels.filter((kernel) => kernel !== 'plain');
  const groups = [];
  for (const graph of chosen(networks)) {
    const last = graph.nodes.length - 1;
    const isSmall = graph.image <= 32;
    const phases = [
      { name: `predict ${PREDICTED}`, batch: PREDICTED, trained: null },
      { name: `train the head, ${TRAINED}`, batch: TRAINED, trained: last },
      { name: `train the last third, ${TRAINED}`, batch: TRAINED, trained: Math.ceil((2 * last) / 3) },
      ...(isSmall ? [{ name: `train all, ${TRAINED}`, batch: TRAINED, trained: 0 }] : []),
    ];
    for (const { name, batch, trained } of phases) {
      for (const count of threads) {
        const heading = `${graph.name}, ${name}, ${count} thread${count > 1 ? 's' : ''}`;
        log(heading);
        const work = { graph, batch, trained, threads: count };
        const expected = { outputs: null };
        const natives = trained === null ? [onnxGraph, tfjsWasmGraph] : [];
        const units = isSmall ? SMALL_UNITS : 1;
        const makers = [
          ...fast.map((kernel) => checked((given) => degeloGraph({ ...given, kernel }), work, expected)),
          ...natives.map((make) => checked(make, work, expected)),
          ...PYTORCH.map((peer) => () => pythonGraph(peer, work)),
        ].map((make) => async () => {
          const contestant = await make();
          return contestant && several(contestant, units);
        });
        const references = ['onnxruntime-node', 'tfjs-wasm', ...PYTORCH.map((peer) => peer.name)];
        const rows = await contest(makers, { rounds, references, log });
        groups.push({ title: heading, unit: 'ms a batch', rows });
      }
    }
  }
  return { title, groups };
}

/** @param {readonly string[] | null} names @throws RangeError for one that there isn't. */
export function chosen(names) {
  const all = [mobileNetV2(), efficientNetB0(), resNet18(), cifar()];
  const unknown = names?.find((name) => !all.some((graph) => graph.name === name));
  if (unknown !== undefined) {
    throw new RangeError(
      `--networks: expected some of ${all.map(({ name }) => name).join(', ')}, got ${unknown}`,
    );
  }
  return all.filter(({ name }) => names?.includes(name) ?? true);
}

/** A maker whose contestant's predictions have been found to be the first one's. */
function checked(make, work, expected) {
  return async () => {
    const contestant = await make(work);
    if (!contestant || work.trained !== null) return contestant;
    await contestant.turn();
    const outputs = contestant.outputs();
    expected.outputs ??= outputs;
    const most = expected.outputs.reduce((largest, value) => Math.max(largest, value), 0);
    const error = outputs.reduce((worst, y, i) => Math.max(worst, Math.abs(y - expected.outputs[i])), 0);
    if (outputs.length !== expected.outputs.length || !(error <= TOLERANCE * most)) {
      await contestant.close();
      throw new Error(`${contestant.name} predicts something else: it differs by ${error} of ${most}`);
    }
    return contestant;
  };
}
