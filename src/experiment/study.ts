/**
 * Does transfer really help? The experiment's claim against what would happen otherwise. Five ways to learn the
 * target digits, each from the same seeds, and each with all samples and with few:
 *
 *   (a) transfer      trained features, frozen; the trained classifier goes on          the notebook
 *   (b) random        features frozen as they were drawn; a fresh classifier            do features need training?
 *   (c) scratch       fresh features and classifier, all trained                        is the source of any use?
 *   (d) fine-tune     trained features and classifier, nothing frozen                   does freezing cost accuracy?
 *   (e) new head      trained features, frozen; a fresh classifier                      does the old classifier help?
 *
 * All take the same number of steps, however few the samples: an epoch of few samples is a single small step, and
 * five of those would compare nothing but how little five steps are.
 */
import { defaultThreads } from '#pool';
import type { MnistData } from '../data/dataset.ts';
import { type ClassSelection, selectClasses } from '../data/split.ts';
import { VERSION } from '../formats/version.ts';
import { chooseKernel, type KernelChoice } from '../kernels/index.ts';
import { adadelta } from '../optimizers/adadelta.ts';
import { deriveKey, Purpose, permutation } from '../tensor/random.ts';
import { allocate, sizeOf, Tensor } from '../tensor/tensor.ts';
import { type Sequential, sequential } from '../training/sequential.ts';
import { type ClassOptions, phaseClasses } from './classes.ts';
import { engine } from './environment.ts';
import { type Half, type TrainingSettings, trainModel } from './phase.ts';
import { TRANSFER_DEFAULTS } from './result.ts';
import { makeClassificationLayers, makeFeatureLayers } from './transfer.ts';

/** Where features and classifier start, and whether the features are frozen. */
export const CONDITIONS = {
  transfer: { features: 'source', classifier: 'source', frozen: true },
  random: { features: 'initial', classifier: 'initial', frozen: true },
  scratch: { features: 'initial', classifier: 'initial', frozen: false },
  'fine-tune': { features: 'source', classifier: 'source', frozen: false },
  'new head': { features: 'source', classifier: 'initial', frozen: true },
} as const;

export type ConditionName = keyof typeof CONDITIONS;

/** Target samples a digit: a number, or all there are. */
export type SampleCount = number | 'all';

export interface StudyOptions extends ClassOptions {
  readonly data: MnistData;
  /** Runs with seeds 0 ≤ s < seeds. */
  readonly seeds?: number;
  readonly samples?: readonly SampleCount[];
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly threads?: number;
  readonly kernel?: KernelChoice;
  readonly featureCacheMB?: number;
  readonly signal?: AbortSignal;
}

/** As the experiment's, and 10, 100 and 500 samples a digit beside all. */
export const STUDY_DEFAULTS = { seeds: 5, samples: ['all', 500, 100, 10] } as const;

/** One training on the target digits. */
export interface StudyCell {
  readonly seed: number;
  readonly condition: ConditionName;
  readonly samples_per_digit: SampleCount;
  readonly samples: number;
  readonly epochs: number;
  readonly steps: number;
  /** On the target half's test samples. */
  readonly test: { readonly loss: number; readonly accuracy: number };
  readonly first_epoch_accuracy: number;
  readonly seconds: number;
}

export interface StudyResult {
  readonly version: string;
  readonly engine: string;
  readonly data: { readonly source: string; readonly sha256: string };
  readonly reverse: boolean;
  readonly seeds: number;
  readonly epochs: number;
  readonly batch_size: number;
  readonly learning_rate: number;
  readonly kernel: string;
  /** Each seed's training on the source digits. */
  readonly source: readonly { readonly seed: number; readonly accuracy: number; readonly seconds: number }[];
  readonly cells: readonly StudyCell[];
}

export interface StudyObserver {
  /** Before each training; `done` of `total` are behind. */
  onCell?(what: string, done: number, total: number): void;
}

/**
 * Runs the study.
 * @throws as runTransfer does, and RangeError where a digit has fewer samples than asked for.
 */
export async function runStudy(options: StudyOptions, observer: StudyObserver = {}): Promise<StudyResult> {
  const { data, seeds, samples, reverse, ...rest } = { ...TRANSFER_DEFAULTS, ...STUDY_DEFAULTS, ...options };
  const settings: TrainingSettings = {
    ...rest,
    threads: options.threads ?? defaultThreads(),
    kernel: chooseKernel(rest.kernel),
  };
  const shared = settings.threads > 0;
  const halfOf = (digits: readonly number[]): Half => ({
    digits,
    train: selectClasses(data.train, digits, { shared }),
    test: selectClasses(data.test, digits, { shared }),
  });
  const classes = phaseClasses(options);
  const [source, target] = [halfOf(classes.source), halfOf(classes.target)];
  const steps = settings.epochs * Math.ceil(target.train.labels.length / settings.batchSize);

  const names = Object.keys(CONDITIONS) as ConditionName[]; // an object literal's own keys
  const total = seeds * (1 + names.length * samples.length);
  let done = 0;
  const sources: { seed: number; accuracy: number; seconds: number }[] = [];
  const cells: StudyCell[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    observer.onCell?.(`seed ${seed}: source digits`, done++, total);
    const start = await trainSource(source, seed, settings);
    sources.push({ seed, accuracy: start.accuracy, seconds: start.seconds });
    for (const count of samples) {
      const train = count === 'all' ? target.train : fewOfEach(target.train, count, seed, shared);
      const epochs = Math.ceil(steps / Math.ceil(train.labels.length / settings.batchSize));
      for (const condition of names) {
        observer.onCell?.(`seed ${seed}: ${condition}, ${count} samples a digit`, done++, total);
        const model = startModel(condition, start, seed, target);
        try {
          const outcome = await learnTarget(model, { ...target, train }, { ...settings, epochs });
          const counts = { samples_per_digit: count, samples: train.labels.length, epochs };
          cells.push({ seed, condition, ...counts, ...outcome });
        } finally {
          await model.dispose();
        }
      }
    }
  }
  return {
    version: VERSION,
    engine: engine(),
    data: { source: data.source, sha256: data.sha256 },
    reverse,
    seeds,
    epochs: settings.epochs,
    batch_size: settings.batchSize,
    learning_rate: settings.learningRate,
    kernel: settings.kernel,
    source: sources,
    cells,
  };
}

/** Weights before and after training on the source digits, which all conditions of a seed start from. */
interface Start {
  readonly initial: readonly Tensor[];
  readonly source: readonly Tensor[];
  /** Steps that the source training took, so that `transfer` has just the dropout masks of the experiment. */
  readonly step: number;
  readonly accuracy: number;
  readonly seconds: number;
}

async function trainSource(half: Half, seed: number, settings: TrainingSettings): Promise<Start> {
  const model = makeModel(seed, half);
  try {
    const initial = model.getWeights();
    const { test, seconds } = await trainModel('source', model, half, settings, {});
    return { initial, source: model.getWeights(), step: model.step, accuracy: test.accuracy, seconds };
  } finally {
    await model.dispose();
  }
}

/** Trains on the target digits, tested only after the first epoch and at the end: few samples make many epochs. */
async function learnTarget(
  model: Sequential,
  { train, test }: Half,
  settings: TrainingSettings,
): Promise<Pick<StudyCell, 'steps' | 'test' | 'first_epoch_accuracy' | 'seconds'>> {
  const { epochs, batchSize, learningRate, threads, kernel, convolution, featureCacheMB, signal } = settings;
  const optimizer = adadelta({ learningRate });
  const loss = 'categoricalCrossentropy';
  model.compile({ optimizer, loss, metrics: ['accuracy'], threads, kernel, convolution });
  const begin = performance.now();
  const firstStep = model.step;
  const options = { batchSize, featureCacheMB, ...(signal && { signal }) };
  await model.fit(train.x, train.y, { ...options, epochs: 1 });
  const first = await model.evaluate(test.x, test.y, options);
  await model.fit(train.x, train.y, { ...options, initialEpoch: 1, epochs });
  const seconds = (performance.now() - begin) / 1000;
  const last = await model.evaluate(test.x, test.y, options);
  return {
    steps: model.step - firstStep,
    test: { loss: last.loss, accuracy: last.accuracy },
    first_epoch_accuracy: first.accuracy,
    seconds,
  };
}

function startModel(condition: ConditionName, start: Start, seed: number, half: Half): Sequential {
  const { features, classifier, frozen } = CONDITIONS[condition];
  const model = makeModel(seed, half);
  const featureLayers = model.layers.slice(0, FEATURE_LAYERS);
  const featureWeights = featureLayers.reduce((sum, { parameters }) => sum + parameters.length, 0);
  model.setWeights([...start[features].slice(0, featureWeights), ...start[classifier].slice(featureWeights)]);
  model.step = start.step;
  for (const layer of featureLayers) layer.trainable = !frozen;
  return model;
}

function makeModel(seed: number, { train, digits }: Half): Sequential {
  const layers = [...makeFeatureLayers(train.x.shape.slice(1)), ...makeClassificationLayers(digits.length)];
  return sequential({ layers, name: 'transfer', seed });
}

const FEATURE_LAYERS = makeFeatureLayers([28, 28, 1]).length;

/**
 * `count` samples of each class, drawn by the seed: the same for every condition.
 * @throws RangeError where a class has fewer.
 */
export function fewOfEach(
  { x, y, labels }: ClassSelection,
  count: number,
  seed: number,
  shared: boolean,
): ClassSelection {
  const order = permutation(deriveKey(seed, Purpose.study, 0, 0), labels.length);
  const classes = y.shape[1];
  const taken = new Array<number>(classes).fill(0);
  const chosen = order.filter((n) => taken[labels[n]]++ < count).sort();
  for (const [k, available] of taken.entries()) {
    if (available < count) {
      throw new RangeError(`study: class ${k} must have ${count} samples, got ${available}`);
    }
  }
  const rows = (from: Tensor<Float32Array>): Tensor<Float32Array> => {
    const size = sizeOf(from.shape.slice(1));
    const to = allocate(chosen.length * size, { shared }) as Float32Array; // float32 unless told
    for (const [i, n] of chosen.entries()) to.set(from.data.subarray(n * size, (n + 1) * size), i * size);
    return new Tensor(to, [chosen.length, ...from.shape.slice(1)]);
  };
  return { x: rows(x), y: rows(y), labels: Uint8Array.from(chosen, (n) => labels[n]) };
}
