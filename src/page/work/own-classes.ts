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
import { preprocessingOf } from '../../model/preprocessing.ts';
import { adam } from '../../optimizers/adam.ts';
import { sgd } from '../../optimizers/sgd.ts';
import { type FloatArray, Tensor } from '../../tensor/tensor.ts';
import type { Model } from '../../training/model.ts';
import { makeNetwork, restore, type Snapshot } from './network.ts';
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
  /** Of the samples that it learnt from, those that it tells right. */
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

export class OwnClasses {
  readonly info: BaseInfo;
  readonly #settings: Settings;
  readonly #extractor: Model;
  #network: FinetuneNetwork | null = null;
  /** A whole model that was kept before; it can be tried, and not be taught. */
  #loaded: Model | null = null;

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
    const preprocessing = preprocessingOf(base);
    if (!preprocessing) {
      throw new RangeError(
        `${base.name}: this network doesn't say what it wants of pixels: expected one of Keras' applications under its own name, or ` +
          'one that begins with a Rescaling layer',
      );
    }
    return new OwnClasses({ base, preprocessing, hidden: 0 });
  }

  get takesPhotos(): boolean {
    return this.#extractor.inputShape[2] === 3;
  }

  /** @throws DataError where nothing is drawn. */
  async sample(pixels: ImagePixels): Promise<Sample> {
    const { x, thumbnail } = this.#input(pixels);
    const { data } = await this.#extractor.predict(x);
    return { thumbnail, features: data };
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
    this.#loaded = null;
    return { seconds, right: Math.round(accuracy * rows.length), samples: rows.length };
  }

  /** Takes a model that was kept before, to be tried. @throws RangeError where it takes other images than these. */
  use(model: Model): void {
    const expected = this.#extractor.inputShape.join();
    if (model.inputShape.join() !== expected) {
      throw new RangeError(
        `${model.name}: expected a model for images of [${expected}], got [${model.inputShape}]`,
      );
    }
    quiet(model);
    this.#loaded = model;
  }

  /** Probabilities of the classes, in their order. @throws DataError where nothing is drawn. */
  async predict(pixels: ImagePixels): Promise<number[]> {
    const { x } = this.#input(pixels);
    return Array.from((await this.model.predict(x)).data);
  }

  /** Drawings or photos to classes, to be kept. @throws Error where it has learnt none. */
  get model(): Model {
    if (!this.#model) throw new Error('there are no classes yet: draw some of each, and let it learn');
    return this.#model;
  }

  get #model(): Model | null {
    return this.#loaded ?? this.#network?.full ?? null;
  }

  #make(classNames: readonly string[]): FinetuneNetwork {
    return new FinetuneNetwork({ ...this.#settings, classNames, dropout: 0, seed: 0 });
  }

  #input(pixels: ImagePixels): { x: Tensor<Float32Array>; thumbnail: Sample['thumbnail'] } {
    if (!this.takesPhotos) {
      const x = fitDigit(pixels);
      return { x, thumbnail: grey(bytesOf(x.data)) };
    }
    const crop = { cropToAspectRatio: true, antialias: true } as const;
    const photo = resizeImage(fromPixels(pixels), { size: this.info.size, ...crop });
    const small = resizeImage(fromPixels(pixels, 4), { size: THUMBNAIL, ...crop });
    return {
      x: photo.reshape([1, ...photo.shape]) as Tensor<Float32Array>, // of a tensor of float32
      thumbnail: { side: THUMBNAIL, data: Uint8ClampedArray.from(small.data) },
    };
  }
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
