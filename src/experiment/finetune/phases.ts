/** The two phases of a fine-tuning: the head on features that stand still, then the top of the base with it. */
import type { JsonObject } from '../../formats/json.ts';
import { adam } from '../../optimizers/adam.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { compileForPrediction } from '../../training/compile-for-prediction.ts';
import type { Model } from '../../training/model.ts';
import { runPhase } from '../phase.ts';
import { Activations } from './activations.ts';
import type { FinetuneCheckpoint } from './checkpoint.ts';
import { balancedWeights, type Halves, samplesOf } from './halves.ts';
import type { Thawed } from './network.ts';
import type { FinetuneObserver, FinetunePhase } from './observer.ts';
import type { FinetunePhaseResult } from './result.ts';
import type { Setup } from './setup.ts';

export const LOSS = 'sparseCategoricalCrossentropy';
const BYTES = 4;

/** What both phases work with. */
export interface PhaseInputs {
  readonly setup: Setup;
  readonly halves: Halves;
  readonly observer: FinetuneObserver;
  /** What a checkpoint says of the run. */
  readonly run: JsonObject;
  /** Where this phase continues; null: at its beginning. */
  readonly resumeFrom: FinetuneCheckpoint | null;
}

/** Trains the head. @throws what runPhase throws */
export function trainHead(inputs: PhaseInputs): Promise<FinetunePhaseResult> {
  const { setup, halves, observer, run, resumeFrom } = inputs;
  const { train, test } = halves;
  const { head } = setup.network;
  const { batchSize, learningRate, epochs } = setup.choices;
  return runPhase<FinetunePhase, FinetunePhaseResult>(
    {
      operation: 'finetune',
      model: head,
      compile: { loss: LOSS, optimizer: adam({ learningRate }) },
      phase: () => ({
        ...{ name: 'head', layers: [], frozen: false, epochs },
        ...{ samples: samplesOf(halves), kept: null },
      }),
      fit: (common) =>
        head.fit(train.features, train.labels, {
          ...{ ...common, batchSize, validationData: [test.features, test.labels] as const },
          ...weightsOf(inputs),
        }),
      finish: (figures) => ({ layers: [], ...figures }),
    },
    { ...machineOf(setup), learningRate },
    observer,
    { run, resumeFrom },
  );
}

/**
 * Trains the top of the base and the head on what the frozen part below makes of the photos.
 * @returns the figures; `predict` gives the test photos' probabilities, [n, classes]
 * @throws what runPhase throws
 */
export async function trainTop(
  inputs: PhaseInputs,
  thawed: Thawed,
): Promise<{ result: FinetunePhaseResult; predict: () => Promise<Tensor> }> {
  const { setup, halves, observer, run, resumeFrom } = inputs;
  const { network, choices, featureCacheMB, machine } = setup;
  const { batchSize, thawLearningRate: learningRate, thawEpochs: epochs, seed } = choices;
  const { prefix, suffix, layers } = thawed;
  for (const layer of network.features.layers) layer.trainable = layers.includes(layer.name);
  if (prefix) compileForPrediction(prefix, machine);
  const room = (featureCacheMB * 2 ** 20) / BYTES;
  const common = { prefix, shape: suffix.inputShape, size: network.size };
  const train = new Activations(halves.train, { ...common, room });
  const test = new Activations(halves.test, { ...common, room: room - train.kept });
  const samples = samplesOf(halves);
  const kept = { photos: train.capacity + test.capacity, of: samples.train + samples.test };
  const result = await runPhase<FinetunePhase, FinetunePhaseResult>(
    {
      operation: 'finetune',
      model: suffix,
      compile: { loss: LOSS, optimizer: adam({ learningRate }) },
      phase: () => ({ name: 'thawed', layers, frozen: true, epochs, samples, kept }),
      fit: (common) =>
        suffix.fit((epoch) => train.shuffled(batchSize, seed, epoch), {
          ...{ ...common, validationData: () => test.inOrder(batchSize) },
          ...weightsOf(inputs),
        }),
      finish: (figures) => ({ layers, ...figures }),
    },
    { ...machineOf(setup), learningRate },
    observer,
    { run, resumeFrom },
  );
  return { result, predict: () => predictAll(suffix, test, samples.test, batchSize) };
}

/** The classes' weights, as `fit` takes them. */
function weightsOf({ setup, halves }: PhaseInputs): { classWeight?: Record<number, number> } {
  if (setup.choices.classWeights === 'none') return {};
  return { classWeight: balancedWeights(halves.train, setup.source.folder.classNames.length) };
}

function machineOf({ machine, options: { signal } }: Setup) {
  return { ...machine, ...(signal && { signal }) };
}

async function predictAll(model: Model, photos: Activations, N: number, batchSize: number): Promise<Tensor> {
  const K = model.outputShape[0];
  const data = new Float32Array(N * K);
  let at = 0;
  for await (const batch of photos.inOrder(batchSize)) {
    const [x] = batch as readonly [Tensor, unknown];
    const made = await model.predict(x, { batchSize });
    data.set(made.data, at);
    at += made.size;
  }
  return new Tensor(data, [N, K]);
}
