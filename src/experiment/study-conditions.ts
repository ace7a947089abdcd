/**
 * Does transfer really help? The experiment's claim against what would happen otherwise. Five ways to learn the
 * target digits, each from the same seeds, and each with all samples and with few:
 *
 *   (a) transfer      trained features, frozen; the trained classifier continues          the notebook
 *   (b) random        features frozen as they were drawn; a fresh classifier            do features need training?
 *   (c) scratch       fresh features and classifier, all trained                        is the source of any use?
 *   (d) fine-tune     trained features and classifier, nothing frozen                   does freezing cost accuracy?
 *   (e) new head      trained features, frozen; a fresh classifier                      does the old classifier help?
 *
 * All take the same number of steps, however few the samples: an epoch of few samples is a single small step, and
 * five of those would compare nothing but how little five steps are.
 */
import type { ClassSelection } from '../data/split.ts';
import { weightsSha256 } from '../formats/sha256.ts';
import { categoricalCrossentropy } from '../losses/categorical-crossentropy.ts';
import { adadelta } from '../optimizers/adadelta.ts';
import { allocate } from '../tensor/memory.ts';
import { deriveKey, Purpose, permutation } from '../tensor/random.ts';
import { copyRows } from '../tensor/rows.ts';
import { sizeOf, Tensor } from '../tensor/tensor.ts';
import { NonFiniteError } from '../training/errors.ts';
import { type Sequential, sequential } from '../training/sequential.ts';
import { type Half, type TrainingSettings, trainModel } from './phase.ts';
import { makeClassificationLayers, makeFeatureLayers } from './transfer.ts';

/** Where features and classifier start, and whether the features are frozen. */
const CONDITIONS = {
  transfer: { features: 'source', classifier: 'source', frozen: true },
  random: { features: 'initial', classifier: 'initial', frozen: true },
  scratch: { features: 'initial', classifier: 'initial', frozen: false },
  'fine-tune': { features: 'source', classifier: 'source', frozen: false },
  'new head': { features: 'source', classifier: 'initial', frozen: true },
} as const;

export type ConditionName = keyof typeof CONDITIONS;

export const CONDITION_NAMES = Object.keys(CONDITIONS) as ConditionName[]; // an object literal's own keys

/** A value for each way. */
export function byCondition<T>(make: (name: ConditionName) => T): Record<ConditionName, T> {
  const entries = CONDITION_NAMES.map((name) => [name, make(name)]);
  return Object.fromEntries(entries) as Record<ConditionName, T>; // all names are there
}

/** Loss or weights became NaN or infinite: no fault of a study of learning rates, but what it found. */
export interface Diverged {
  readonly diverged: true;
}

/** The training on the source digits, which cells of the same direction, learning rate and seed share. */
export interface SourceFigures {
  /** On the source half's test samples. */
  readonly accuracy: number;
  readonly weights_sha256: string;
}

/** One training on the target digits. */
export interface ConditionFigures {
  /** On the target half's test samples. */
  readonly test: { readonly loss: number; readonly accuracy: number };
  readonly first_epoch_accuracy: number;
  readonly weights_sha256: string;
}

/** Weights before and after training on the source digits, which all conditions of a seed start from. */
export interface Start {
  readonly initial: readonly Tensor[];
  /** null: the training diverged. */
  readonly source: readonly Tensor[] | null;
  /** Steps that the source training takes, so that `transfer` has just the dropout masks of the experiment. */
  readonly step: number;
  readonly figures: SourceFigures | Diverged;
}

/** Trains on the source digits. Its threads stay for the next model. @throws the signal's reason where that is aborted. */
export async function trainSource(half: Half, seed: number, settings: TrainingSettings): Promise<Start> {
  const model = makeModel(seed, half);
  const initial = model.getWeights();
  const step = stepsOf(half, settings);
  try {
    const { test } = await trainModel('source', model, half, settings, {});
    const figures = { accuracy: test.accuracy, weights_sha256: await weightsSha256(model) };
    return { initial, source: model.getWeights(), step, figures };
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    return { initial, source: null, step, figures: { diverged: true } };
  }
}

/**
 * Trains on the target digits in one of the five ways, tested only after the first epoch and at the end: few samples
 * make many epochs.
 * @throws the signal's reason where that is aborted.
 */
export async function learnTarget(
  condition: ConditionName,
  start: Start,
  seed: number,
  half: Half,
  settings: TrainingSettings,
): Promise<ConditionFigures | Diverged> {
  const { train, test } = half;
  const { epochs, batchSize, learningRate, threads, kernel, convolution, featureCacheMB, signal } = settings;
  const model = startModel(condition, start, seed, half);
  if (!model) return { diverged: true };
  try {
    const optimizer = adadelta({ learningRate });
    const loss = categoricalCrossentropy();
    model.compile({ optimizer, loss, metrics: ['accuracy'], threads, kernel, convolution });
    const options = { batchSize, ...(signal && { signal }) };
    await model.fit(train.x, train.y, { ...options, featureCacheMB, epochs: 1 });
    const first = await model.evaluate(test.x, test.y, options);
    if (epochs > 1) {
      await model.fit(train.x, train.y, { ...options, featureCacheMB, initialEpoch: 1, epochs });
    }
    const last = await model.evaluate(test.x, test.y, options);
    if (!Number.isFinite(last.loss)) return { diverged: true };
    return {
      test: { loss: last.loss, accuracy: last.accuracy },
      first_epoch_accuracy: first.accuracy,
      weights_sha256: await weightsSha256(model),
    };
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    return { diverged: true };
  }
}

/** null where it would start from weights that diverged. */
function startModel(condition: ConditionName, start: Start, seed: number, half: Half): Sequential | null {
  const { features, classifier, frozen } = CONDITIONS[condition];
  const [first, second] = [start[features], start[classifier]];
  if (!first || !second) return null;
  const model = makeModel(seed, half);
  const featureLayers = model.layers.slice(0, FEATURE_LAYERS);
  const featureWeights = featureLayers.reduce((sum, { parameters }) => sum + parameters.length, 0);
  model.setWeights([...first.slice(0, featureWeights), ...second.slice(featureWeights)]);
  model.step = start.step;
  for (const layer of featureLayers) layer.trainable = !frozen;
  return model;
}

function makeModel(seed: number, { train, digits }: Half): Sequential {
  const layers = [...makeFeatureLayers(train.x.shape.slice(1)), ...makeClassificationLayers(digits.length)];
  return sequential({ layers, name: 'transfer', seed });
}

const FEATURE_LAYERS = makeFeatureLayers([28, 28, 1]).length;

/** Steps that `epochs` over a half's training samples take. */
export function stepsOf(
  { train }: Half,
  { epochs, batchSize }: Pick<TrainingSettings, 'epochs' | 'batchSize'>,
): number {
  return epochs * Math.ceil(train.labels.length / batchSize);
}

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
    const to = allocate(chosen.length * size, { shared }) as Float32Array; // allocate's default is float32
    return new Tensor(copyRows(from.data, size, chosen, to), [chosen.length, ...from.shape.slice(1)]);
  };
  return { x: rows(x), y: rows(y), labels: Uint8Array.from(chosen, (n) => labels[n]) };
}
