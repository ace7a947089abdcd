/** What is before a fine-tuning begins: its options settled, its photos found, its network put together. */
import { defaultThreads } from '#pool';
import { chooseKernel } from '../../kernels/index.ts';
import type { KernelName } from '../../kernels/kernels.ts';
import { type ConvolutionChoice, sameInPredictions } from '../../layers/convolution.ts';
import { networkOf } from './base.ts';
import type { FinetuneNetwork, Thawed } from './network.ts';
import { FINETUNE_DEFAULTS, type FinetuneChoices, type FinetuneOptions } from './options.ts';
import { featureSource, folderSource, type PhotoSource, settleBy } from './photo-source.ts';

/** The kernels, the way of convolution and the number of threads. */
export interface Machine {
  readonly threads: number;
  readonly kernel: KernelName;
  readonly convolution: ConvolutionChoice;
}

export interface Setup {
  readonly options: FinetuneOptions;
  /** What decides the result. */
  readonly choices: FinetuneChoices;
  readonly source: PhotoSource;
  readonly network: FinetuneNetwork;
  readonly thawed: Thawed | null;
  readonly machine: Machine;
  /** The most megabytes of activations that are kept. */
  readonly featureCacheMB: number;
}

/**
 * @throws RangeError for an option that makes no sense, and where the base can't be cut, sized or thawed so: whether it can be
 *   thawed shows before hours of work. DataError for the folder of photos.
 */
export function setUp(options: FinetuneOptions): Setup {
  const given = { ...FINETUNE_DEFAULTS, ...options };
  const { features } = options;
  const { testSplit, hidden, dropout, seed, convolution } = given;
  const kernel = chooseKernel(given.kernel);
  const source = features
    ? featureSource(features.set, features.source, options.images, { testSplit, seed })
    : folderSource(options.images, { testSplit, seed });
  const { classNames } = source.folder;
  const network = networkOf(features ? settleBy(features.set, options) : options, {
    ...{ classNames, hidden, dropout, seed },
  });
  const thawed = options.thaw == null ? null : network.thaw(options.thaw);
  network.features.trainable = false;
  const { epochs, batchSize, learningRate, classWeights, thawEpochs, thawLearningRate } = given;
  return {
    ...{ options, source, network, thawed },
    choices: {
      ...{ cut: options.cut ?? null, size: network.size, preprocessing: network.preprocessing, testSplit },
      ...{ hidden, dropout, epochs, batchSize, learningRate, classWeights },
      ...{ thaw: options.thaw ?? null, thawEpochs, thawLearningRate, seed, convolution },
    },
    // Features are what training would see, to the bit, whether they are kept or not.
    machine: {
      threads: options.threads ?? defaultThreads(),
      ...{ kernel, convolution: sameInPredictions(convolution) },
    },
    featureCacheMB: given.featureCacheMB,
  };
}
