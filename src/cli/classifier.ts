/** A saved model that tells classes of images apart, and which classes those are. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { readModelFile } from '#files';
import { FormatError } from '../formats/errors.ts';
import { decodeUtf8, isCounts, isObject, parseJsonObject, show } from '../formats/json.ts';
import { MODEL_FILE } from '../formats/model.ts';
import type { KernelChoice } from '../kernels/index.ts';
import { softmaxForward } from '../kernels/softmax.ts';
import { categoricalCrossentropy } from '../losses/categorical-crossentropy.ts';
import { Tensor } from '../tensor/tensor.ts';
import { loadModel } from '../training/saved/saved-model.ts';
import type { Sequential } from '../training/sequential.ts';
import { UsageError } from './usage.ts';

/** Where `transfer --out` says which classes its models know. */
const RESULT = 'result.json';
/** A result is a few kilobytes, and longer with many epochs. */
const MAX_RESULT = 10_000_000;
/** Images at once. */
export const BATCH = 128;
/** Images whose pixels are numbers at the same time: four bytes for one. */
const PORTION = 16 * BATCH;

export interface Classifier {
  /** Of the model: `run1/target-model` where `run1` was asked for. */
  readonly folder: string;
  readonly model: Sequential;
  /** Class of each output. */
  readonly classes: readonly number[];
  /** Of the images that it takes. */
  readonly height: number;
  readonly width: number;
  /** For images of bytes [height, width], 255 is full ink: the probabilities of all classes, a row an image. */
  probabilities(images: readonly Uint8Array[]): Promise<number[][]>;
}

/**
 * Loads a model, and compiles it to be tested.
 * @param given folder of a model, or of a run, whose target model it then is
 * @param classes those of its outputs; unless given, those that the result beside it names, or else 0, 1, 2, …
 * @throws FormatError where the folder holds no whole model; RangeError where the model takes no grey images; UsageError
 *   where it has not as many outputs as there are classes.
 */
export async function loadClassifier(
  given: string,
  { classes, threads, kernel }: { classes?: readonly number[]; threads: number; kernel: KernelChoice },
): Promise<Classifier> {
  const folder = modelFolder(given);
  const model = await loadModel(folder);
  const [height, width, channels] = model.inputShape;
  if (model.inputShape.length !== 3 || channels !== 1) {
    throw new RangeError(
      `${folder}: the model must take grey images: expected input [height, width, 1], got [${model.inputShape}]`,
    );
  }
  const outputs = model.outputShape[0];
  if (model.outputShape.length !== 1 || outputs < 2) {
    throw new RangeError(
      `${folder}: the model must have one output a class, of two at least: got output [${model.outputShape}]`,
    );
  }
  if (classes && classes.length !== outputs) {
    throw new UsageError(
      `--classes: must be as many as the model's outputs: expected ${outputs}, got ${classes.length}`,
    );
  }
  // Layers that have an activation name it in their configuration.
  const fromLogits = model.layers.at(-1)?.getConfig().activation !== 'softmax';
  const loss = categoricalCrossentropy({ fromLogits });
  model.compile({ optimizer: 'sgd', loss, metrics: ['accuracy'], threads, kernel });
  const known = classes ?? (await classesBeside(folder, outputs));
  return {
    folder,
    model,
    classes: known ?? Array.from({ length: outputs }, (_, k) => k),
    height,
    width,
    async probabilities(images) {
      const rows: number[][] = [];
      for (let from = 0; from < images.length; from += PORTION) {
        const x = pixelsAsNumbers(images.slice(from, from + PORTION), height, width);
        const { data, shape } = await model.predict(x, { batchSize: BATCH });
        if (fromLogits) softmaxForward(shape[0], outputs, data, data);
        for (let n = 0; n < shape[0]; n++)
          rows.push(Array.from(data.subarray(n * outputs, (n + 1) * outputs)));
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

/** The folder of the model: of a run that `transfer --out` saved it is that of the second phase's. */
function modelFolder(folder: string): string {
  const ofRun = join(folder, 'target-model');
  return !existsSync(join(folder, MODEL_FILE)) && existsSync(join(ofRun, MODEL_FILE)) ? ofRun : folder;
}

/** The classes that a run's result names for the model in this folder; null where it isn't one of a run. */
async function classesBeside(folder: string, outputs: number): Promise<readonly number[] | null> {
  const path = resolve(folder);
  const phase = /^(source|target)-model$/.exec(basename(path))?.[1];
  if (phase === undefined || !existsSync(join(dirname(path), RESULT))) return null;
  const { bytes, path: file } = await readModelFile(dirname(path), RESULT, MAX_RESULT);
  const result = parseJsonObject(decodeUtf8(bytes, file), file)[phase];
  const digits = isObject(result) ? result.digits : undefined;
  if (isCounts(digits) && digits.length === outputs) return digits;
  throw new FormatError(
    file,
    `${phase}.digits must be the model's ${outputs} classes: got ${show(digits)}; --classes takes its place`,
  );
}
