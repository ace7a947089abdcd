/**
 * Transfer learning on photos, in the order of Keras' guide:
 *
 *   1. Take a pretrained network, and cut its classifier off.
 *   2. Freeze it, and compute what it makes of every photo: its features.
 *   3. Train a new head on the features: quick, since the base need not be run again.
 *   4. Thaw the top of the base, and go on at a low rate, batch normalisation still.
 *
 * After "Transfer learning & fine-tuning" of Keras' developer guides (keras.io/guides/transfer_learning).
 */

import { createHash } from 'node:crypto';
import { defaultThreads } from '#pool';
import { type CheckpointContents, encodeCheckpoint } from '../../formats/checkpoint.ts';
import type { JsonObject } from '../../formats/json.ts';
import { weightsSha256 } from '../../formats/sha256.ts';
import { VERSION } from '../../formats/version.ts';
import { chooseKernel } from '../../kernels/index.ts';
import { sameInPredictions } from '../../layers/convolution.ts';
import { argmax } from '../../metrics/accuracy.ts';
import { confusionMatrix } from '../../metrics/confusion.ts';
import { adam } from '../../optimizers/adam.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { compileForPrediction } from '../../training/compile-for-prediction.ts';
import type { Model } from '../../training/model.ts';
import { restoreCheckpoint } from '../../training/saved/checkpoint.ts';
import { engine } from '../environment.ts';
import type { SafePoint } from '../observer.ts';
import { runPhase } from '../phase.ts';
import { Activations } from './activations.ts';
import { baseHash, featureKey, networkOf } from './base.ts';
import { checkSameFinetuning, type FinetuneCheckpoint, NOT_KNOWN, runMetadata } from './checkpoint.ts';
import type { FeatureStore, Features } from './features.ts';
import type { FinetuneObserver, FinetunePhase } from './observer.ts';
import { FINETUNE_DEFAULTS, type FinetuneChoices, type FinetuneOptions } from './options.ts';
import { expectFeaturesOf, featureSource, folderSource, settleBy } from './photo-source.ts';
import type { BadPhoto } from './photos.ts';
import type { FinetuneLook, FinetunePhaseResult, FinetuneResult, PhotoMistake } from './result.ts';

/** Mistakes that are shown. */
const MOST_MISTAKES = 12;
const BYTES = 4;

/** What a run that goes on has from before. */
export interface Resumption {
  readonly checkpoint: FinetuneCheckpoint;
  /** The head as the first phase left it; null in the first. */
  readonly head: { readonly contents: CheckpointContents; readonly file: string } | null;
}

export interface Finetuned {
  readonly result: FinetuneResult;
  readonly look: FinetuneLook;
}

/** One half of the photos, with their features. */
interface Half {
  readonly files: readonly string[];
  readonly labels: Int32Array;
  readonly features: Tensor;
  readonly hashes: readonly string[];
}

/**
 * Runs all of it. Nothing is printed: `observer` hears of everything as it happens.
 * @param makeStore keeps features by a key that says what computes them; null: nothing is kept
 * @throws RangeError for an option that makes no sense or isn't that of the run that is resumed, DataError for the folder of photos,
 *   NonFiniteError where training diverges, and what the observer throws.
 */
export async function runFinetune(
  options: FinetuneOptions,
  observer: FinetuneObserver = {},
  makeStore: ((key: string, width: number) => Promise<FeatureStore>) | null = null,
  resumed: Resumption | null = null,
): Promise<Finetuned> {
  const { base, features, skipBad = false, signal } = options;
  const given = { ...FINETUNE_DEFAULTS, ...options };
  const threads = options.threads ?? defaultThreads();
  const kernel = chooseKernel(given.kernel);
  const { convolution, seed, testSplit } = given;
  const source = features
    ? featureSource(features.set, features.source, options.images, { testSplit, seed })
    : folderSource(options.images, { testSplit, seed });
  const { folder } = source;
  const { classNames } = folder;

  const network = networkOf(features ? settleBy(features.set, options) : options, {
    ...{ classNames, hidden: given.hidden, dropout: given.dropout, seed },
  });
  const { preprocessing } = network;
  // Whether it can be thawed shows before hours of work.
  const thawed = options.thaw == null ? null : network.thaw(options.thaw);
  network.features.trainable = false;
  const models = [network.full, network.extractor, network.head, thawed?.suffix, thawed?.prefix];
  try {
    observer.onBegin?.(network, {
      classes: classNames,
      ...{ train: folder.train.files.length, test: folder.test.files.length },
      without: thawed?.without ?? [],
    });
    // Features are what training would see, to the bit, whether they are kept or not.
    const machine = { threads, kernel, convolution: sameInPredictions(convolution) };
    const settings = { ...machine, ...(signal && { signal }) };
    compileForPrediction(network.extractor, machine);
    const baseSha256 = await baseHash(network);
    if (features) expectFeaturesOf(features.set, { baseSha256, convolution, kernel });
    const key = await featureKey(network, baseSha256, { convolution, kernel });
    const store = makeStore && (await makeStore(key, network.width));

    const choices: FinetuneChoices = {
      ...{ cut: options.cut ?? null, size: network.size, preprocessing, testSplit },
      ...{ hidden: given.hidden, dropout: given.dropout, epochs: given.epochs, batchSize: given.batchSize },
      ...{ learningRate: given.learningRate, classWeights: given.classWeights, thaw: options.thaw ?? null },
      ...{ thawEpochs: given.thawEpochs, thawLearningRate: given.thawLearningRate, seed, convolution },
    };
    // From here on it can be stopped, and go on with the features that are there.
    const early = runMetadata({ choices, base: { sha256: baseSha256 }, data: { sha256: NOT_KNOWN }, kernel });
    network.head.compile({ optimizer: adam(), loss: LOSS, metrics: ['accuracy'], ...inThreads(settings) });
    const safePoint = async (kind: SafePoint['kind']): Promise<void> => {
      const encode = (notes: JsonObject = {}) =>
        encodeCheckpoint(network.head, {
          ...early,
          phase: 'head',
          seconds: { epochs: [], epoch: 0, fit: 0 },
          notes,
        });
      await observer.onSafePoint?.({ phase: 'head', kind, step: 0, encode });
    };
    if (resumed)
      checkSameFinetuning(resumed.checkpoint, { choices, base: { sha256: baseSha256 }, data: null, kernel });
    else await safePoint('begin');
    const canStop = !resumed || resumed.checkpoint.isEarly;

    const skipped: BadPhoto[] = [];
    const skip = (bad: BadPhoto): void => {
      skipped.push(bad);
      observer.onSkip?.(bad);
    };
    for (const bad of source.skipped) skip(bad);
    const begin = performance.now();
    const files = folder.train.files.length + folder.test.files.length;
    let before = 0;
    const featuresOf = async (half: typeof folder.train): Promise<Half & { stored: number }> => {
      const done = await source.featuresOf(half.files, {
        ...{ extractor: network.extractor, width: network.width, size: network.size, store },
        ...(skipBad && { skip }),
        ...(signal && { signal }),
        async onProgress(seen) {
          await observer.onFeatures?.(before + seen, files);
          if (canStop) await safePoint('batch');
        },
      });
      before += half.files.length;
      return { ...halfOf(half, done, network.width), stored: done.stored };
    };
    const train = await featuresOf(folder.train);
    const test = await featuresOf(folder.test);
    await network.extractor.dispose();
    expectEveryClass(source.name, classNames, { train, test });
    const featureSeconds = (performance.now() - begin) / 1000;
    const photos = train.files.length + test.files.length;
    observer.onFeaturesEnd?.(photos, train.stored + test.stored, featureSeconds);

    const data = { sha256: dataHash(classNames, { train, test }) };
    const run = { choices, base: { sha256: baseSha256 }, data, kernel };
    if (resumed) checkSameFinetuning(resumed.checkpoint, run);
    const metadata = runMetadata(run);
    const classWeight =
      choices.classWeights === 'balanced' ? balanced(train.labels, classNames.length) : undefined;
    const samples = { train: train.labels.length, test: test.labels.length };

    // The head, on features that stand still.
    const inHead = resumed?.checkpoint.phase === 'head' ? resumed.checkpoint : null;
    let head: FinetunePhaseResult;
    if (resumed?.checkpoint.phase === 'thawed' && resumed.checkpoint.head && resumed.head) {
      head = resumed.checkpoint.head;
      restoreCheckpoint(network.head, resumed.head.contents, resumed.head.file);
    } else {
      const { batchSize, learningRate, epochs } = choices;
      head = await runPhase<FinetunePhase, FinetunePhaseResult>(
        {
          operation: 'finetune',
          model: network.head,
          compile: { loss: LOSS, optimizer: adam({ learningRate }) },
          phase: () => ({ name: 'head', layers: [], frozen: false, epochs, samples, kept: null }),
          fit: (common) =>
            network.head.fit(train.features, train.labels, {
              ...{ ...common, batchSize, validationData: [test.features, test.labels] as const },
              ...(classWeight && { classWeight }),
            }),
          evaluate: (common) => network.head.evaluate(test.features, test.labels, { ...common, batchSize }),
          finish: (figures) => ({ layers: [], ...figures }),
        },
        { ...settings, learningRate },
        observer,
        { run: metadata, resumeFrom: inHead },
      );
    }
    await observer.onModel?.('head', network.full);
    let predictions = await network.head.predict(test.features, { batchSize: choices.batchSize });
    const confusion = { head: confusionMatrix(predictions, test.labels), thawed: null as number[][] | null };
    await network.head.dispose();

    // The top of the base too.
    let top: FinetunePhaseResult | null = null;
    if (thawed) {
      const { batchSize, thawLearningRate: learningRate, thawEpochs: epochs } = choices;
      for (const layer of network.features.layers) layer.trainable = thawed.layers.includes(layer.name);
      if (thawed.prefix) compileForPrediction(thawed.prefix, machine);
      const room = (given.featureCacheMB * 2 ** 20) / BYTES;
      const shape = thawed.suffix.inputShape;
      const common = { prefix: thawed.prefix, shape, size: network.size };
      const trained = new Activations(train, { ...common, room });
      const tested = new Activations(test, { ...common, room: room - trained.kept });
      const kept = { photos: trained.capacity + tested.capacity, of: photos };
      const { suffix, layers } = thawed;
      top = await runPhase<FinetunePhase, FinetunePhaseResult>(
        {
          operation: 'finetune',
          model: suffix,
          compile: { loss: LOSS, optimizer: adam({ learningRate }) },
          phase: () => ({ name: 'thawed', layers, frozen: true, epochs, samples, kept }),
          fit: (common) =>
            suffix.fit((epoch) => trained.shuffled(batchSize, seed, epoch), {
              ...{ ...common, validationData: () => tested.inOrder(batchSize) },
              ...(classWeight && { classWeight }),
            }),
          evaluate: (common) => suffix.evaluate(() => tested.inOrder(batchSize), common),
          finish: (figures) => ({ layers, ...figures }),
        },
        { ...settings, learningRate },
        observer,
        {
          run: { ...metadata, head: { ...head } },
          resumeFrom: resumed?.checkpoint.phase === 'thawed' ? resumed.checkpoint : null,
        },
      );
      await observer.onModel?.('thawed', network.full);
      predictions = await predictAll(suffix, tested, batchSize, [test.labels.length, classNames.length]);
      confusion.thawed = confusionMatrix(predictions, test.labels);
    }

    const countsOf = ({ labels }: Half): number[] =>
      classNames.map((_, k) => labels.filter((label) => label === k).length);
    const result: FinetuneResult = {
      version: VERSION,
      engine: engine(),
      command: 'finetune',
      base: { source: base.source, format: base.model.origin?.format ?? 'degelo', sha256: baseSha256 },
      data: { source: source.name, sha256: data.sha256, skipped: skipped.length },
      classes: classNames,
      samples,
      samples_by_class: { train: countsOf(train), test: countsOf(test) },
      features: {
        ...{ cut: network.cut, width: network.width, size: network.size, preprocessing },
        seconds: featureSeconds,
      },
      options: {
        ...{
          hidden: choices.hidden,
          dropout: choices.dropout,
          epochs: choices.epochs,
          batch_size: choices.batchSize,
        },
        ...{
          learning_rate: choices.learningRate,
          class_weights: choices.classWeights,
          test_split: testSplit,
        },
        ...{
          thaw: choices.thaw,
          thaw_epochs: choices.thawEpochs,
          thaw_learning_rate: choices.thawLearningRate,
        },
      },
      feature_cache_mb: given.featureCacheMB,
      ...{ seed, threads, kernel, convolution, head, thawed: top },
      weights_sha256: await weightsSha256(network.full),
    };
    const mistakes = worstMistakes(predictions, test);
    return { result, look: { confusion, mistakes, skipped, hasPhotos: source.hasPhotos } };
  } finally {
    await Promise.all(models.map((model) => model?.dispose()));
  }
}

const LOSS = 'sparseCategoricalCrossentropy';

const inThreads = <T extends { signal?: AbortSignal }>({ signal: _, ...others }: T): Omit<T, 'signal'> =>
  others;

function halfOf(half: { files: readonly string[]; labels: Int32Array }, done: Features, width: number): Half {
  return {
    files: done.places.map((place) => half.files[place]),
    labels: Int32Array.from(done.places, (place) => half.labels[place]),
    features: new Tensor(done.data, [done.places.length, width]),
    hashes: done.hashes,
  };
}

/** @throws RangeError where all photos of a class in a half were left out. */
function expectEveryClass(
  folder: string,
  classNames: readonly string[],
  halves: Record<'train' | 'test', Half>,
): void {
  for (const [name, { labels }] of Object.entries(halves)) {
    const missing = classNames.find((_, k) => !labels.includes(k));
    if (missing !== undefined) {
      throw new RangeError(
        `${folder}: every class needs photos to ${name === 'test' ? 'test with' : 'train on'}: got none of ${missing}`,
      );
    }
  }
}

/** Of the classes, the halves and the photos themselves; their places and names count as nothing. */
function dataHash(classNames: readonly string[], halves: Record<'train' | 'test', Half>): string {
  const hash = createHash('sha256').update(JSON.stringify(classNames));
  for (const [name, { labels, hashes }] of Object.entries(halves)) {
    for (const [n, photo] of hashes.entries()) hash.update(`${name} ${labels[n]} ${photo}\n`);
  }
  return hash.digest('hex');
}

/** A class's weight is N/(K·n): all classes count the same together (scikit-learn's `balanced`). */
function balanced(labels: Int32Array, classes: number): Record<number, number> {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]++;
  return Object.fromEntries(counts.map((count, k) => [k, labels.length / (classes * count)]));
}

async function predictAll(
  model: Model,
  photos: Activations,
  batchSize: number,
  shape: readonly number[],
): Promise<Tensor> {
  const data = new Float32Array(shape[0] * shape[1]);
  let at = 0;
  for await (const batch of photos.inOrder(batchSize)) {
    const [x] = batch as readonly [Tensor, unknown];
    const made = await model.predict(x, { batchSize });
    data.set(made.data, at);
    at += made.size;
  }
  return new Tensor(data, shape);
}

/** The mistakes in which the right class got the least probability. */
function worstMistakes({ data, shape }: Tensor, { files, labels }: Half): PhotoMistake[] {
  const [N, K] = shape;
  const given = (n: number): number => data[n * K + labels[n]];
  return Array.from({ length: N }, (_, n) => n)
    .filter((n) => argmax(data, n * K, K) !== labels[n])
    .sort((a, b) => given(a) - given(b) || a - b)
    .slice(0, MOST_MISTAKES)
    .map((n) => ({
      file: files[n],
      label: labels[n],
      predicted: argmax(data, n * K, K),
      probabilities: Array.from(data.subarray(n * K, (n + 1) * K)),
    }));
}
