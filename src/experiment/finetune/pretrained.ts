/**
 * The experiment on the features of a pretrained network, which stays frozen in both phases:
 *
 *   photo → preprocessing → base, up to the cut → average → features → dense → ReLU → dropout → dense → softmax
 *   └──────────────── computed once a photo ─────────────────┘ └──────────── trained in both phases ────────────┘
 */
import type { ImageDataset, MnistData } from '../../data/dataset.ts';
import { type GreyPhotos, numbersOf, splitPhotos } from '../../data/photos/grey-photos.ts';
import type { LabelledFiles } from '../../data/photos/photo-folder.ts';
import type { KernelName } from '../../kernels/kernels.ts';
import type { ConvolutionChoice } from '../../layers/convolution.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { PretrainedBase } from '../options.ts';
import { makeClassificationLayers } from '../transfer.ts';
import { type BaseOptions, baseHash, featureKey, networkOf } from './base.ts';
import { extractFeatures, type FeatureStore } from './features.ts';

export interface PretrainedOptions extends BaseOptions {
  /** The folder, as the data set's images were read. */
  readonly images: string;
  readonly split: Pick<GreyPhotos, 'testSplit' | 'seed'>;
  /** Of both phases: other photos need no features. */
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

/**
 * A base's features beside the images of a data set, and the network that is trained on them.
 * @param data the folder's photos as small images
 * @throws RangeError as networkOf does, DataError for a photo that can't be read.
 */
export async function openPretrained(
  data: MnistData,
  options: PretrainedOptions,
): Promise<{ data: MnistData; base: PretrainedBase }> {
  const { images, classes, seed, threads, kernel, convolution, makeStore, onProgress } = options;
  const network = networkOf(options, {
    classNames: classes.source.map(String),
    head: makeClassificationLayers(classes.source.length),
    ...{ hidden: 0, dropout: 0, seed },
  });
  const { extractor, width, size, cut, preprocessing } = network;
  const sha256 = await baseHash(network);
  const store =
    makeStore && (await makeStore(await featureKey(network, sha256, { convolution, kernel }), width));
  const { classNames, train, test } = splitPhotos(images, options.split);
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
      { extractor, width, size, store, onProgress: (done) => onProgress?.(before + done, files) },
    );
    before += places.length;
    const rows = new Float32Array(photos.files.length * width);
    for (const [n, place] of places.entries()) {
      rows.set(found.data.subarray(n * width, (n + 1) * width), place * width);
    }
    return { ...half, features: new Tensor(rows, [photos.files.length, width]) };
  };
  const begin = performance.now();
  extractor.compile({ optimizer: 'sgd', loss: 'meanSquaredError', threads, kernel, convolution });
  try {
    const halves = {
      train: await withFeatures(data.train, train, ofTrain),
      test: await withFeatures(data.test, test, ofTest),
    };
    const seconds = (performance.now() - begin) / 1000;
    const { source, model } = options.base;
    const format = model.origin?.format ?? 'degelo';
    const figures = { source, format, sha256, cut, width, size, preprocessing, seconds };
    return { data: { ...data, ...halves }, base: { figures, head: network.head, whole: network.full } };
  } finally {
    await extractor.dispose();
  }
}
