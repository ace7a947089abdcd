/**
 * Transfer learning on photos, in the order of Keras' guide:
 *
 *   1. Take a pretrained network, and cut its classifier off.
 *   2. Freeze it, and compute what it makes of every photo: its features.
 *   3. Train a new head on the features: quick, since the base doesn't have to be run again.
 *   4. Thaw the top of the base, and continue at a low rate, batch normalisation still.
 *
 * After "Transfer learning & fine-tuning" of Keras' developer guides (keras.io/guides/transfer_learning).
 */

import type { CheckpointContents } from '../../formats/checkpoint.ts';
import { weightsSha256 } from '../../formats/sha256.ts';
import { VERSION } from '../../formats/version.ts';
import { confusionOf } from '../../metrics/confusion.ts';
import { restoreCheckpoint } from '../../training/saved/checkpoint.ts';
import { engine } from '../environment.ts';
import { baseHash } from './base.ts';
import { checkSameFinetuning, type FinetuneCheckpoint, runMetadata } from './checkpoint.ts';
import { computeFeatures, type FeaturePhase, type MakeStore } from './feature-phase.ts';
import { countsOf, dataHash, samplesOf, twinsOf } from './halves.ts';
import { worstMistakes } from './mistakes.ts';
import type { FinetuneObserver } from './observer.ts';
import type { FinetuneOptions } from './options.ts';
import { trainHead, trainTop } from './phases.ts';
import type { FinetuneLook, FinetunePhaseResult, FinetuneResult } from './result.ts';
import { type Setup, setUp } from './setup.ts';

/** What a run that continues has from before. */
export interface Resumption {
  readonly checkpoint: FinetuneCheckpoint;
  /** The head as the first phase left it; null in the first. */
  readonly head: { readonly contents: CheckpointContents; readonly file: string } | null;
}

export interface Finetuned {
  readonly result: FinetuneResult;
  readonly look: FinetuneLook;
}

/**
 * Runs all of it. Nothing is printed: `observer` hears of everything as it happens.
 * @param makeStore null: no features are kept
 * @throws RangeError for an option that makes no sense or isn't that of the run that is resumed, DataError for the folder of photos,
 *   NonFiniteError where training diverges, and what the observer throws.
 */
export async function runFinetune(
  options: FinetuneOptions,
  observer: FinetuneObserver = {},
  makeStore: MakeStore | null = null,
  resumed: Resumption | null = null,
): Promise<Finetuned> {
  const setup = setUp(options);
  const { network, thawed } = setup;
  try {
    return await finetune(setup, observer, makeStore, resumed);
  } finally {
    const models = [network.full, network.extractor, network.head, thawed?.suffix, thawed?.prefix];
    await Promise.all(models.map((model) => model?.dispose()));
  }
}

/** What `runFinetune` gives; see there. */
async function finetune(
  setup: Setup,
  observer: FinetuneObserver,
  makeStore: MakeStore | null,
  resumed: Resumption | null,
): Promise<Finetuned> {
  const { source, network, thawed, choices, machine } = setup;
  const { classNames, train, test } = source.folder;
  observer.onBegin?.(network, {
    classes: classNames,
    ...{ train: train.files.length, test: test.files.length },
    without: thawed?.without ?? [],
  });

  // What the base makes of every photo, …
  const checkpoint = resumed?.checkpoint ?? null;
  const base = { sha256: await baseHash(network) };
  const features = await computeFeatures(setup, base, observer, makeStore, checkpoint);
  const { halves } = features;
  observer.onTwins?.(twinsOf(halves), halves.test.files.length);
  const data = { sha256: dataHash(classNames, halves) };
  const identity = { choices, base, data, kernel: machine.kernel };
  if (checkpoint) checkSameFinetuning(checkpoint, identity);
  const run = runMetadata(identity);
  const from = (phase: 'head' | 'thawed') => (checkpoint?.phase === phase ? checkpoint : null);

  // … a new head for that, …
  let head = from('thawed')?.head;
  if (head && resumed?.head) restoreCheckpoint(network.head, resumed.head.contents, resumed.head.file);
  else head = await trainHead({ setup, halves, observer, run, resumeFrom: from('head') });
  await observer.onModel?.('head', network.full);
  const { labels } = halves.test;
  let predictions = await network.head.predict(halves.test.features, { batchSize: choices.batchSize });
  const confusion = {
    head: confusionOf(labels, predictions),
    thawed: null as number[][] | null,
  };
  await network.head.dispose();

  // … and the top of the base with it.
  let top: FinetunePhaseResult | null = null;
  if (thawed) {
    const withHead = { ...run, head: { ...head } };
    const phase = { setup, halves, observer, run: withHead, resumeFrom: from('thawed') };
    const { result, predict } = await trainTop(phase, thawed);
    top = result;
    await observer.onModel?.('thawed', network.full);
    predictions = await predict();
    confusion.thawed = confusionOf(labels, predictions);
  }

  const hashes = { base: base.sha256, data: data.sha256, weights: await weightsSha256(network.full) };
  const mistakes = worstMistakes(predictions, halves.test);
  return {
    result: resultOf(setup, features, { head, thawed: top }, hashes),
    look: { confusion, mistakes, skipped: features.skipped, hasPhotos: source.hasPhotos },
  };
}

/** All of it as JSON holds it. */
function resultOf(
  { options, source, network, choices, machine, featureCacheMB }: Setup,
  { halves, skipped, seconds }: FeaturePhase,
  phases: Pick<FinetuneResult, 'head' | 'thawed'>,
  hashes: Readonly<Record<'base' | 'data' | 'weights', string>>,
): FinetuneResult {
  const { base } = options;
  const { classNames } = source.folder;
  const countsIn = (half: 'train' | 'test') => countsOf(halves[half], classNames.length);
  const { cut, width, size, preprocessing } = network;
  return {
    version: VERSION,
    engine: engine(),
    command: 'finetune',
    base: { source: base.source, format: base.model.origin?.format ?? 'degelo', sha256: hashes.base },
    data: { source: source.name, sha256: hashes.data, skipped: skipped.length },
    classes: classNames,
    samples: samplesOf(halves),
    samples_by_class: { train: countsIn('train'), test: countsIn('test') },
    features: { cut, width, size, preprocessing, seconds },
    options: {
      hidden: choices.hidden,
      dropout: choices.dropout,
      epochs: choices.epochs,
      batch_size: choices.batchSize,
      learning_rate: choices.learningRate,
      class_weights: choices.classWeights,
      test_split: choices.testSplit,
      thaw: choices.thaw,
      thaw_epochs: choices.thawEpochs,
      thaw_learning_rate: choices.thawLearningRate,
    },
    feature_cache_mb: featureCacheMB,
    ...{ seed: choices.seed, threads: machine.threads, kernel: machine.kernel },
    ...{ convolution: choices.convolution, ...phases },
    weights_sha256: hashes.weights,
  };
}
