/**
 * Classes of one's own: features stay frozen and are computed once a drawing or photo, and a head learns which is which. The
 * features are the experiment's, for drawings, or those of a network that the user hands in, for photos in colour: the same
 * steps as `degelo finetune` takes.
 */
import { fitDigit, fromPixels } from '../../data/digits.ts';
import { resizeImage } from '../../data/photos/resize-image.ts';
import type { ImagePixels } from '../../data/pixels.ts';
import { bytesOf } from '../../experiment/feature-maps.ts';
import { expectImageNetwork } from '../../experiment/finetune/cut.ts';
import { FinetuneNetwork, type NetworkChoice } from '../../experiment/finetune/network.ts';
import { sparseCategoricalCrossentropy } from '../../losses/categorical-crossentropy.ts';
import { meanSquaredError } from '../../losses/mean-squared-error.ts';
import { type Preprocessing, preprocess, preprocessingOf } from '../../model/preprocessing.ts';
import { adam } from '../../optimizers/adam.ts';
import { sgd } from '../../optimizers/sgd.ts';
import { type FloatArray, Tensor } from '../../tensor/tensor.ts';
import type { Model } from '../../training/model.ts';
import { makeNetwork, restore, type Snapshot } from './network.ts';
import { type Picture, pixelsOf } from './photo.ts';
import { SIDE } from './ways.ts';

/** A drawing or photo, ready for the network. */
export interface Sample {
  /** Numbers that the page shows: `side` × `side`, red, green, blue and alpha. */
  readonly thumbnail: { readonly side: number; readonly data: Uint8ClampedArray<ArrayBuffer> };
  readonly features: FloatArray;
}

/** A class with the features of its samples. */
export interface OwnClass {
  readonly name: string;
  readonly samples: readonly FloatArray[];
}

export interface Learnt {
  readonly seconds: number;
  /** The number of samples that it learnt from and tells right. */
  readonly right: number;
  readonly samples: number;
}

/** What a network that was handed in turned out to be. */
export interface BaseInfo {
  readonly name: string;
  readonly size: readonly [height: number, width: number];
  readonly features: number;
  readonly layers: number;
}

type Settings = Omit<NetworkChoice, 'classNames' | 'seed' | 'dropout'>;

/** Passes over the samples, and samples of a step. */
const EPOCHS = 30;
const BATCH = 16;
/** Pixels of a photo's small image. */
const THUMBNAIL = 64;
/** The middle of a photo that is longer than the network's images. */
const CROP = { cropToAspectRatio: true, antialias: true } as const;

export class OwnClasses {
  readonly info: BaseInfo;
  readonly #settings: Settings;
  readonly #extractor: Model;
  #network: FinetuneNetwork | null = null;

  private constructor(settings: Settings) {
    this.#settings = settings;
    // The extractor is the same for any classes.
    const { features, extractor, size, width } = this.#make(['one', 'other']);
    this.info = { name: settings.base.name, size, features: width, layers: features.layers.length };
    this.#extractor = extractor;
    quiet(extractor);
  }

  /** On the features that `source` has learnt, for drawings. */
  static ofDigits(snapshot: Snapshot): OwnClasses {
    const base = makeNetwork(0);
    restore(base, snapshot);
    const [{ name: cut }] = base.layers.filter(({ className }) => className === 'Flatten');
    return new OwnClasses({ base, cut, preprocessing: 'none', hidden: 64 });
  }

  /**
   * On a network for photos.
   * @throws RangeError where it takes no photos, or doesn't say what numbers it wants of their pixels.
   */
  static ofPhotos(base: Model): OwnClasses {
    expectImageNetwork(base, base.name);
    return new OwnClasses({ base, preprocessing: expectPreprocessing(base), hidden: 0 });
  }

  get takesPhotos(): boolean {
    return isForPhotos(this.#extractor);
  }

  /** @throws DataError where nothing is drawn, Error where a file is no image. */
  async sample(picture: Picture): Promise<Sample> {
    const pixels = await pixelsOf(picture);
    const x = inputOf(pixels, this.#extractor);
    const { data } = await this.#extractor.predict(x);
    return { thumbnail: this.takesPhotos ? smallPhoto(pixels) : grey(bytesOf(x.data)), features: data };
  }

  /** @throws RangeError where there are fewer than two classes, or one is empty or of the same name as another. */
  async learn(classes: readonly OwnClass[]): Promise<Learnt> {
    const network = this.#make(classes.map(({ name }) => name));
    const { head, width } = network;
    const rows = classes.flatMap(({ samples }) => samples);
    const x = new Tensor(Float32Array.from(rows.flatMap((row) => Array.from(row))), [rows.length, width]);
    const y = Int32Array.from(classes.flatMap(({ samples }, k) => samples.map(() => k)));
    const began = performance.now();
    quiet(head, true);
    await head.fit(x, y, { epochs: EPOCHS, batchSize: BATCH });
    const seconds = (performance.now() - began) / 1000;
    const { accuracy } = await head.evaluate(x, y);
    quiet(network.full);
    this.#network = network;
    return { seconds, right: Math.round(accuracy * rows.length), samples: rows.length };
  }

  /** Drawings or photos to classes; null: it has learnt none. */
  get model(): Model | null {
    return this.#network?.full ?? null;
  }

  #make(classNames: readonly string[]): FinetuneNetwork {
    return new FinetuneNetwork({ ...this.#settings, classNames, dropout: 0, seed: 0 });
  }
}

/** Whether a model takes photos in colour; else it takes drawings, as MNIST's digits are. */
export const isForPhotos = ({ inputShape }: Model): boolean => inputShape[2] === 3;

/**
 * Makes a model of a file ready to be tried on drawings or photos.
 * @throws RangeError where it takes or gives something else, or doesn't say what numbers it wants of a photo's pixels.
 */
export function expectClassifier(model: Model): void {
  const { inputShape, outputShape, name } = model;
  const isDrawing = inputShape.join() === [SIDE, SIDE, 1].join();
  if (!isDrawing && !(inputShape.length === 3 && isForPhotos(model))) {
    throw new RangeError(
      `${name}: expected a model for drawings of [${SIDE},${SIDE},1] or photos of [height,width,3], got [${inputShape}]`,
    );
  }
  if (outputShape.length !== 1 || outputShape[0] < 2) {
    throw new RangeError(
      `${name}: expected a model that gives probabilities of two classes or more, got [${outputShape}]`,
    );
  }
  if (!isDrawing) expectPreprocessing(model);
  quiet(model);
}

/** Probabilities of a model's classes, in their order. @throws DataError where nothing is drawn, Error where a file is no image. */
export async function probabilitiesOf(model: Model, picture: Picture): Promise<number[]> {
  const x = inputOf(await pixelsOf(picture), model);
  const input = isForPhotos(model) ? preprocess(x, expectPreprocessing(model)) : x;
  return Array.from((await model.predict(input)).data);
}

/** What a network for photos wants of their pixels. @throws RangeError where it doesn't say so. */
function expectPreprocessing(base: Model): Preprocessing {
  const preprocessing = preprocessingOf(base);
  if (preprocessing) return preprocessing;
  throw new RangeError(
    `${base.name}: this network doesn't say what it wants of pixels: expected one of Keras' applications under its own name, or ` +
      'one that begins with a Rescaling layer',
  );
}

/** One sample: a drawing as MNIST's digits are, or a photo in the model's size, in pixels from 0 to 255. */
function inputOf(pixels: ImagePixels, model: Model): Tensor<Float32Array> {
  if (!isForPhotos(model)) return fitDigit(pixels);
  const [height, width] = model.inputShape;
  const photo = resizeImage(fromPixels(pixels), { size: [height, width], ...CROP });
  return photo.reshape([1, ...photo.shape]) as Tensor<Float32Array>; // of a tensor of float32
}

function smallPhoto(pixels: ImagePixels): Sample['thumbnail'] {
  const small = resizeImage(fromPixels(pixels, 4), { size: THUMBNAIL, ...CROP });
  return { side: THUMBNAIL, data: Uint8ClampedArray.from(small.data) };
}

/** Compiled for the Worker's own thread: all of this is small. */
function quiet(model: Model, learns = false): void {
  model.compile({
    optimizer: learns ? adam({ learningRate: 0.001 }) : sgd(),
    loss: learns ? sparseCategoricalCrossentropy() : meanSquaredError(),
    metrics: learns ? ['accuracy'] : [],
    threads: 0,
  });
}

function grey(bytes: Uint8Array): Sample['thumbnail'] {
  const data = new Uint8ClampedArray(bytes.length * 4).fill(255);
  for (const [i, byte] of bytes.entries()) data.fill(byte, i * 4, i * 4 + 3);
  return { side: SIDE, data };
}
