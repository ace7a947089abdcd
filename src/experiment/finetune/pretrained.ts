/**
 * The experiment on the features of a pretrained network, which stays frozen in both phases:
 *
 *   photo → preprocessing → base, up to the cut → average → features → dense → ReLU → dropout → dense → softmax
 *   └──────────────── computed once per photo ─────────────────┘ └──────────── trained in both phases ────────────┘
 */

import type { ImageDataset, MnistData } from '../../data/dataset.ts';
import { type GreyPhotos, numbersOf, splitPhotos } from '../../data/photos/grey-photos.ts';
import type { LabelledFiles } from '../../data/photos/photo-folder.ts';
import type { KernelName } from '../../kernels/kernels.ts';
import { type ConvolutionChoice, sameInPredictions } from '../../layers/convolution.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { compileForPrediction } from '../../training/compile-for-prediction.ts';
import type { PretrainedBase } from '../options.ts';
import { makeClassificationLayers } from '../transfer.ts';
import { type BaseOptions, baseHash, featureKey, networkOf } from './base.ts';
import { extractFeatures, type FeatureStore } from './features.ts';
import type { FinetuneNetwork } from './network.ts';

export interface PretrainedOptions extends BaseOptions {
  /** The folder, as the data set's images were read. */
  readonly images: string;
  readonly split: Pick<GreyPhotos, 'testSplit' | 'seed'>;
  /** The classes of both phases. Photos of other classes need no features. */
  readonly classes: { readonly source: readonly number[]; readonly target: readonly number[] };
  readonly seed: number;
  readonly threads: number;
  readonly kernel: KernelName;
  readonly convolution: ConvolutionChoice;
  /** Keeps features, by a key that says what computes them; null: nothing is kept. */
  readonly makeStore: ((key: string, width: number) => Promise<FeatureStore>) | null;
  /** Called with the files that are done, of how many. */
  readonly onProgress?: (done: number, files: number) => void;
}

/** A base that is known to serve, and the network that is trained on its features. */
export interface Pretrained {
  /**
   * The data with the base's features beside the images. Once: it ends the base's threads.
   * @param data the folder's photos as small images
   * @param left files that aren't among them
   * @throws DataError for a photo that can't be read.
   */
  featuresOf(data: MnistData, left?: ReadonlySet<string>): Promise<{ data: MnistData; base: PretrainedBase }>;
}

/** @throws RangeError as networkOf does. */
export async function openPretrained(options: PretrainedOptions): Promise<Pretrained> {
  const { classes, seed, threads, kernel, convolution } = options;
  const network = networkOf(options, {
    classNames: classes.source.map(String),
    head: makeClassificationLayers(classes.source.length),
    ...{ hidden: 0, dropout: 0, seed },
  });
  const { extractor, width, size, cut, preprocessing } = network;
  const sha256 = await baseHash(network);
  const { source, model } = options.base;
  const format = model.origin?.format ?? 'degelo';
  return {
    async featuresOf(data, left = new Set()) {
      const key = await featureKey(network, sha256, { convolution, kernel });
      const store = (await options.makeStore?.(key, width)) ?? null;
      const begin = performance.now();
      const machine = { threads, kernel, convolution: sameInPredictions(convolution) };
      compileForPrediction(extractor, machine);
      try {
        const withFeatures = await addFeatures(data, options, left, { extractor, width, size, store });
        const seconds = (performance.now() - begin) / 1000;
        const figures = { source, format, sha256, cut, width, size, preprocessing, seconds };
        return { data: withFeatures, base: { figures, head: network.head, whole: network.full } };
      } finally {
        await extractor.dispose();
      }
    },
  };
}

/** The features of those photos whose classes either phase has. */
async function addFeatures(
  data: MnistData,
  { images, split, classes, onProgress }: PretrainedOptions,
  left: ReadonlySet<string>,
  how: Pick<FinetuneNetwork, 'extractor' | 'width' | 'size'> & { readonly store: FeatureStore | null },
): Promise<MnistData> {
  const { classNames, ...halves } = splitPhotos(images, split);
  const [train, test] = [halves.train, halves.test].map((half) => without(half, left));
  const numbers = numbersOf(classNames, images);
  const chosen = [...classes.source, ...classes.target];
  const placesOf = ({ labels }: LabelledFiles): number[] =>
    [...labels.keys()].filter((place) => chosen.includes(numbers[labels[place]]));
  const [ofTrain, ofTest] = [placesOf(train), placesOf(test)];
  const files = ofTrain.length + ofTest.length;
  let before = 0;
  const withFeatures = async (
    half: ImageDataset,
    photos: LabelledFiles,
    places: readonly number[],
  ): Promise<ImageDataset> => {
    const found = await extractFeatures(
      places.map((place) => photos.files[place]),
      { ...how, onProgress: (done) => onProgress?.(before + done, files) },
    );
    before += places.length;
    const { width } = how;
    const rows = new Float32Array(photos.files.length * width);
    for (const [n, place] of places.entries()) {
      rows.set(found.data.subarray(n * width, (n + 1) * width), place * width);
    }
    return { ...half, features: new Tensor(rows, [photos.files.length, width]) };
  };
  return {
    ...data,
    train: await withFeatures(data.train, train, ofTrain),
    test: await withFeatures(data.test, test, ofTest),
  };
}

/** A half without some of its files. */
function without({ files, labels }: LabelledFiles, left: ReadonlySet<string>): LabelledFiles {
  const places = [...files.keys()].filter((place) => !left.has(files[place]));
  return {
    files: places.map((place) => files[place]),
    labels: Int32Array.from(places, (place) => labels[place]),
  };
}
