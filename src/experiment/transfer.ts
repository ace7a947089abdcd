/**
 * The experiment, in the notebook's own order:
 *
 *   1. Split MNIST into two halves of five digits.
 *   2. Stack feature layers (what do strokes look like?) and classification layers (which digit is it?).
 *   3. Train everything on the digits 5–9.
 *   4. Freeze the feature layers.
 *   5. Fine-tune the classification layers alone on the digits 0–4, which the features never saw.
 *
 * The claim: after one frozen epoch the second half is told apart about as well as the first half after five
 * full epochs, and an epoch is much faster, because the frozen part needs no backward pass.
 *
 * After "Transfer learning toy example" (mnist_transfer_cnn) of Keras' examples.
 */
import { defaultThreads } from '#pool';
import { selectBytes } from '../data/split.ts';
import { weightsSha256 } from '../formats/sha256.ts';
import { VERSION } from '../formats/version.ts';
import { chooseKernel } from '../kernels/index.ts';
import { activation } from '../layers/activation.ts';
import { conv2d } from '../layers/conv2d.ts';
import { dense } from '../layers/dense.ts';
import { dropout } from '../layers/dropout.ts';
import { flatten } from '../layers/flatten.ts';
import type { Layer } from '../layers/layer.ts';
import { maxPooling2d } from '../layers/max-pooling2d.ts';
import type { ImageInput } from '../model/preprocessing.ts';
import type { ByteImages } from '../tensor/byte-images.ts';
import type { Shape, Tensor } from '../tensor/tensor.ts';
import { sequential } from '../training/sequential.ts';
import { checkSameRun, runOptions, type TransferCheckpoint } from './checkpoint.ts';
import { phaseClasses } from './classes.ts';
import { engine } from './environment.ts';
import type { Phase, TransferObserver } from './observer.ts';
import { TRANSFER_DEFAULTS, type TransferOptions } from './options.ts';
import { type Half, type TrainingSettings, trainModel } from './phase.ts';
import type { TransferResult } from './result.ts';

/**
 * Runs the whole experiment. It prints nothing: it calls `observer` as things happen.
 * @throws RangeError for a wrong option, or one that differs from the run that is resumed; DataError where a digit has no images;
 *   NonFiniteError where training diverges; the signal's reason where it is aborted; and what the observer throws.
 */
export async function runTransfer(
  options: TransferOptions,
  observer?: TransferObserver,
): Promise<TransferResult> {
  return trainHalves(planTransfer(options), observer);
}

/**
 * A run that is ready to begin: its settings, and the two halves of the data. It doesn't hold the whole data set: if the caller drops that
 * too, its memory is free while the networks train.
 */
export interface TransferPlan extends Pick<TransferOptions, 'base' | 'resumeFrom'> {
  readonly settings: TrainingSettings;
  readonly reverse: boolean;
  readonly seed: number;
  /** What checkpoints keep to recognise the run: no other run may continue it. */
  readonly run: Pick<TransferCheckpoint, 'options' | 'data' | 'base'>;
  readonly imageShape: Shape;
  readonly content: ImageInput['content'];
  readonly classes: ReturnType<typeof phaseClasses>;
  /** A phase takes its half out of here, so that the half's memory is free after the phase. */
  readonly halves: Map<Phase['name'], Half<Tensor | ByteImages>>;
}

/** Checks a run's options and selects its halves. @throws RangeError and DataError as runTransfer does. */
export function planTransfer(options: TransferOptions): TransferPlan {
  const { data, base, reverse, sourceClasses, targetClasses, seed, resumeFrom, ...training } = {
    ...TRANSFER_DEFAULTS,
    ...options,
  };
  const settings = {
    ...training,
    threads: options.threads ?? defaultThreads(),
    kernel: chooseKernel(training.kernel),
  };
  if (!Number.isInteger(settings.epochs) || settings.epochs < 1) {
    throw new RangeError(`runTransfer: epochs must be an integer ≥ 1, got ${settings.epochs}`);
  }
  const choice = { reverse, sourceClasses, targetClasses };
  const classes = phaseClasses(choice);
  const run = {
    options: runOptions({ ...settings, ...choice, seed }),
    data: { source: data.source, sha256: data.sha256 },
    ...(base && { base: { sha256: base.figures.sha256 } }),
  };
  if (resumeFrom) checkSameRun(resumeFrom, run);

  // The two halves: five digits each by default, labels counted from 0, pixels from 0 to 1 (as bytes until a step takes them).
  const halfOf = (digits: readonly number[]) => {
    const shared = settings.threads > 0; // worker threads then read the images where they are
    const train = selectBytes(data.train, digits, { shared });
    const test = selectBytes(data.test, digits, { shared });
    return { digits, train, test };
  };
  const halves: TransferPlan['halves'] = new Map([['target', halfOf(classes.target)]]);
  // A run that is resumed after its first phase no longer needs that half.
  if (resumeFrom?.phase !== 'target') halves.set('source', halfOf(classes.source));
  return {
    ...{ settings, reverse, seed, run, classes, halves },
    ...(base && { base }),
    ...(resumeFrom && { resumeFrom }),
    imageShape: [data.train.height, data.train.width, 1],
    content: data.content ?? 'digit',
  };
}

/** Trains on both halves, once. @throws as runTransfer does. */
export async function trainHalves(
  plan: TransferPlan,
  observer: TransferObserver = {},
): Promise<TransferResult> {
  const { settings, seed, run, base, resumeFrom, imageShape, content, classes } = plan;
  // With a pretrained base the features are there already, and so is a head for them.
  const featureLayers = base ? [] : makeFeatureLayers(imageShape);
  // Its threads aren't ended here: the next model uses them, or they end by themselves.
  const model =
    base?.head ??
    sequential({
      layers: [...featureLayers, ...makeClassificationLayers(classes.source.length)],
      ...{ name: 'transfer', seed },
    });
  // The model that is saved: with a base the whole network, from photos to classes.
  const whole = base?.whole ?? model;
  whole.imageInput ??= { content, preprocessing: 'unit' };
  const watcher: TransferObserver = {
    ...observer,
    onPhaseBegin: (phase, trained) =>
      observer.onPhaseBegin?.(base ? { ...phase, frozen: true } : phase, trained),
    onPhaseEnd: (phase, result) => observer.onPhaseEnd?.(phase, result, whole),
  };

  // Train everything on the first half (unless a resumed run has done that), …
  const inTarget = resumeFrom?.phase === 'target' ? resumeFrom : null;
  whole.classNames = classes.source.map(String);
  const first = { run, resumeFrom: resumeFrom ?? null };
  const source =
    inTarget?.source ??
    (await trainModel('source', model, takeHalf(plan, 'source'), settings, watcher, first));

  // … freeze what it learned to see, …
  for (const layer of featureLayers) layer.trainable = false;

  // … and fine-tune the rest on the second half. trainModel compiles again: from then on the frozen layers stay as they are, and the
  // optimizer is new. The classification layers continue from the weights that they have.
  whole.classNames = classes.target.map(String);
  const then = { run: { ...run, source }, resumeFrom: inTarget };
  const target = await trainModel('target', model, takeHalf(plan, 'target'), settings, watcher, then);

  return { ...described(plan), source, target, weights_sha256: await weightsSha256(whole) };
}

/** The half of a phase. It is taken out of the plan. */
function takeHalf({ halves }: TransferPlan, name: Phase['name']): Half<Tensor | ByteImages> {
  const half = halves.get(name);
  if (!half) throw new Error(`trainHalves: the half ${name} was trained on before: plan again`);
  halves.delete(name);
  return half;
}

/** The part of a result that is known before training. */
function described({
  settings,
  reverse,
  seed,
  run,
  base,
}: TransferPlan): Omit<TransferResult, 'source' | 'target' | 'weights_sha256'> {
  return {
    version: VERSION,
    engine: engine(),
    data: run.data,
    ...(base && { base: base.figures }),
    reverse,
    feature_cache_mb: settings.featureCacheMB,
    seed,
    threads: settings.threads,
    kernel: settings.kernel,
    convolution: settings.convolution,
    learning_rate: settings.learningRate,
    batch_size: settings.batchSize,
    epochs: settings.epochs,
  };
}

/** The layers that are trained once and then frozen: two convolutions, and the maximum of every 2×2 window. */
export function makeFeatureLayers(inputShape: Shape): Layer[] {
  return [
    conv2d({ filters: 32, kernelSize: 3, inputShape }),
    activation('relu'),
    conv2d({ filters: 32, kernelSize: 3 }),
    activation('relu'),
    maxPooling2d({ poolSize: 2 }),
    dropout({ rate: 0.25 }),
    flatten(),
  ];
}

/** The layers that are trained in both phases: from features to the probability of each class. */
export function makeClassificationLayers(classes: number): Layer[] {
  return [
    dense({ units: 128 }),
    activation('relu'),
    dropout({ rate: 0.5 }),
    dense({ units: classes }),
    activation('softmax'),
  ];
}
