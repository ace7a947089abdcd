/** A saved model that tells classes of images apart, and which classes those are. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { readModelFile } from '#files';
import { MAX_PIXELS } from '../data/limits.ts';
import { GREY_PHOTOS } from '../data/photos/grey-photos.ts';
import { FormatError } from '../formats/errors.ts';
import {
  decodeUtf8,
  isCounts,
  isObject,
  type JsonObject,
  parseJsonObject,
  show,
  wordOf,
} from '../formats/json.ts';
import type { KernelChoice } from '../kernels/index.ts';
import { categoricalCrossentropy } from '../losses/categorical-crossentropy.ts';
import { type Preprocessing, preprocess } from '../model/preprocessing.ts';
import { type Shape, Tensor } from '../tensor/tensor.ts';
import type { Model } from '../training/model.ts';
import { loadModel } from '../training/saved/load-model.ts';
import { expectAsMany } from './classes.ts';
import { modelFolder } from './model-folder.ts';
import {
  asProbabilities,
  bothClasses,
  classCount,
  endsInSoftmax,
  givesProbabilities,
  tally,
} from './probabilities.ts';

/** Where `transfer --out` says which classes its models know. */
const RESULT = 'result.json';
/** A result is a few kilobytes, and longer with many epochs. */
const MAX_RESULT = 10_000_000;
/** Images at once. */
const BATCH = 128;
/** Images whose pixels are numbers at the same time: four bytes for one. */
const PORTION = 16 * BATCH;

export interface Classifier {
  /** The model's folder: `run1/target-model` where `run1` was asked for. */
  readonly folder: string;
  readonly model: Model;
  /** Class of each output. */
  readonly classes: readonly number[];
  /** It was trained on whole photos, not on digits that were cut out and centred. */
  readonly takesWholePhotos: boolean;
  /** The height of the images that the model takes. */
  readonly height: number;
  readonly width: number;
  /** Images, [N, height, width, 1] from 0 to 1, as the model takes them: perhaps as [N, height·width], or in other numbers. */
  asInput(images: Tensor): Tensor;
  /** Loss and accuracy of images as the model takes them, and what it gives for each, [N, classes]. @param y one-hot rows */
  test(x: Tensor, y: Tensor, labels: ArrayLike<number>): Promise<Tested>;
  /** For images of bytes [height, width], 255 is full ink: the probabilities of all classes, a row an image. */
  probabilities(images: readonly Uint8Array[]): Promise<number[][]>;
}

/** What a test finds. */
export interface Tested {
  readonly loss: number;
  readonly accuracy: number;
  readonly predictions: Tensor;
}

/** A model, and the folder that it is from. */
export interface LoadedNetwork {
  readonly folder: string;
  readonly model: Model;
}

/**
 * The model in a file or folder; of a run's folder its last one.
 * @param memoryMB most memory for a batch of images, unless the loader's limit serves
 * @throws FormatError where there is no whole model.
 */
export async function loadNetwork(given: string, memoryMB?: number): Promise<LoadedNetwork> {
  const folder = modelFolder(given);
  const model = await loadModel(folder);
  if (memoryMB) model.memoryMB = memoryMB;
  return { folder, model };
}

/**
 * Loads a model, and compiles it to be tested.
 * @param given folder of a model, or of a run, whose target model it then is; or what loadNetwork made of one
 * @param memoryMB most memory for a batch of images, unless the loader's limit serves
 * @param classes those of its outputs; unless given, those that it or the result beside it names, or else 0, 1, 2, …
 * @throws FormatError where the folder holds no whole model; RangeError where the model takes no grey images; UsageError
 *   where it has not as many outputs as there are classes.
 */
export async function loadClassifier(
  given: string | LoadedNetwork,
  {
    classes,
    threads,
    kernel,
    memoryMB,
  }: { classes?: readonly number[]; threads: number; kernel: KernelChoice; memoryMB?: number },
): Promise<Classifier> {
  const { folder, model } = typeof given === 'string' ? await loadNetwork(given, memoryMB) : given;
  const { inputShape } = model;
  const [height, width] = imageSize(inputShape, folder);
  const count = classCount(model, folder);
  if (classes) expectAsMany(classes, count);
  const { preprocessing } = model.imageInput ?? { preprocessing: 'unit' };
  const areScores = !givesProbabilities(model);
  // Of probabilities that other layers made or moved there is no such loss: they are counted here.
  const hasLoss = areScores || endsInSoftmax(model);
  const loss = hasLoss ? categoricalCrossentropy({ fromLogits: areScores }) : 'meanSquaredError';
  model.compile({ optimizer: 'sgd', loss, metrics: ['accuracy'], threads, kernel });
  const own = await whatItKnows(model, folder, count, classes);
  const asInput = (x: Tensor): Tensor => inUnitsOf(preprocessing, x).reshape([x.shape[0], ...inputShape]);
  return {
    folder,
    model,
    classes: own.classes,
    takesWholePhotos: own.takesWholePhotos,
    height,
    width,
    asInput,
    async test(x, y, labels) {
      const predictions = bothClasses(await model.predict(x, { batchSize: BATCH }));
      if (hasLoss) {
        const { loss, accuracy } = await model.evaluate(x, y, { batchSize: BATCH });
        return { loss, accuracy, predictions };
      }
      const { right, loss: sum } = tally(asProbabilities(predictions, false), labels);
      return { loss: sum / labels.length, accuracy: right / labels.length, predictions };
    },
    async probabilities(images) {
      const rows: number[][] = [];
      for (let from = 0; from < images.length; from += PORTION) {
        const x = asInput(pixelsAsNumbers(images.slice(from, from + PORTION), height, width));
        const outputs = bothClasses(await model.predict(x, { batchSize: BATCH }));
        for (const row of asProbabilities(outputs, areScores)) rows.push(row);
      }
      return rows;
    },
  };
}

/** Images of bytes as a tensor [N, height, width, 1] of numbers from 0 to 1. */
function pixelsAsNumbers(images: readonly Uint8Array[], height: number, width: number): Tensor {
  const size = height * width;
  const data = new Float32Array(images.length * size);
  for (const [n, pixels] of images.entries()) {
    for (let i = 0; i < size; i++) data[n * size + i] = pixels[i] / 255;
  }
  return new Tensor(data, [images.length, height, width, 1]);
}

/** Bytes that were divided by 255, as a model wants them. */
function inUnitsOf(preprocessing: Preprocessing, x: Tensor): Tensor {
  if (preprocessing === 'unit') return x;
  return preprocess(
    new Tensor(
      Float32Array.from(x.data, (value) => Math.round(value * 255)),
      x.shape,
    ),
    preprocessing,
  );
}

/** @throws RangeError for images of more pixels than any that is read has: a file of 1 KB can ask for terabytes. */
export function drawable(size: [height: number, width: number], folder: string): [number, number] {
  const [height, width] = size;
  if (height * width <= MAX_PIXELS) return size;
  throw new RangeError(
    `${folder}: the model must take images of at most ${MAX_PIXELS} pixels: got ${height}×${width}`,
  );
}

/** Height and width of the grey images that a model takes. @throws RangeError where it takes none. */
function imageSize(inputShape: Shape, folder: string): [height: number, width: number] {
  const [height, width, channels = 1] = inputShape;
  if (inputShape.length === 3 || inputShape.length === 2) {
    if (channels === 1) return drawable([height, width], folder);
  } else if (inputShape.length === 1 && Number.isInteger(Math.sqrt(height))) {
    // One row of numbers, as networks of only dense layers take them: 784 are 28×28.
    return drawable([Math.sqrt(height), Math.sqrt(height)], folder);
  }
  throw new RangeError(
    `${folder}: the model must take grey images or photos: expected input [height, width, 1 or 3], [height, width] or [side × side], ` +
      `got [${inputShape}]`,
  );
}

/** What a model says of its classes and images; of what it doesn't say, the result beside it. */
async function whatItKnows(
  model: Model,
  folder: string,
  outputs: number,
  given: readonly number[] | undefined,
): Promise<Pick<Classifier, 'classes' | 'takesWholePhotos'>> {
  const { imageInput } = model;
  let classes = given ?? numbersOf(model.classNames);
  let takesWholePhotos = imageInput?.content === 'photo';
  if (!classes || !imageInput) {
    // A damaged result doesn't have to be read where the classes are known.
    const beside = await resultBeside(folder).catch((error) => {
      if (classes) return null;
      throw error;
    });
    if (beside) {
      classes ??= classesOf(beside, outputs);
      if (!imageInput) takesWholePhotos = isOfPhotos(beside);
    }
  }
  return { classes: classes ?? Array.from({ length: outputs }, (_, k) => k), takesWholePhotos };
}

/** Names of classes as numbers; null where there are none, or one is no number. */
function numbersOf(names: readonly string[] | null): readonly number[] | null {
  const areNumbers = names?.every((name) => /^(0|[1-9]\d{0,2})$/.test(name));
  return names && areNumbers ? names.map(Number) : null;
}

/** The result of the run that a model belongs to. */
interface ResultBeside {
  readonly file: string;
  readonly phase: string;
  readonly root: JsonObject;
}

/** Of the model `run1/target-model` that is `run1/result.json`; null where there is none. */
async function resultBeside(folder: string): Promise<ResultBeside | null> {
  const path = resolve(folder);
  const phase = /^(source|target)-model$/.exec(basename(path))?.[1];
  if (phase === undefined || !existsSync(join(dirname(path), RESULT))) return null;
  const { bytes, path: file } = await readModelFile(dirname(path), RESULT, MAX_RESULT);
  return { file, phase, root: parseJsonObject(decodeUtf8(bytes, file), file) };
}

/** The classes of the outputs. @throws FormatError where the result names others. */
function classesOf({ file, phase, root }: ResultBeside, outputs: number): readonly number[] {
  const result = root[phase];
  const digits = isObject(result) ? result.digits : undefined;
  if (isCounts(digits) && digits.length === outputs) return digits;
  throw new FormatError(
    file,
    `${phase}.digits must be the model's ${outputs} classes: got ${show(digits)}; --classes takes its place`,
  );
}

function isOfPhotos({ root: { data } }: ResultBeside): boolean {
  return isObject(data) && wordOf(data.source).startsWith(GREY_PHOTOS);
}
