/** The features of many photos, cell by cell: one task computes some cells, others the rest. */

import { VERSION } from '../../formats/version.ts';
import { chooseKernel, type KernelChoice } from '../../kernels/index.ts';
import { type ConvolutionChoice, sameInPredictions } from '../../layers/convolution.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { compileForPrediction } from '../../training/compile-for-prediction.ts';
import { type BaseOptions, baseHash, networkOf } from './base.ts';
import { type CellPhoto, type FeatureCell, placesOf } from './feature-cells.ts';
import type { FeatureJob, PhotoList } from './feature-job.ts';
import { extractFeatures, type FeatureStore } from './features.ts';
import type { FinetuneNetwork } from './network.ts';
import type { BadPhoto } from './photos.ts';

export interface ExtractionOptions extends BaseOptions {
  readonly threads: number;
  readonly kernel: KernelChoice;
  readonly convolution: ConvolutionChoice;
}

/** How one cell is computed. */
export interface CellWork {
  /** The cell as it already exists: of photos whose bytes are still the same nothing is computed again. */
  readonly before: FeatureCell | null;
  /** Called for a file that is no photo, which is then left out; absent: it is an error. */
  readonly skip?: (bad: BadPhoto) => void;
  readonly onProgress?: (done: number) => void;
}

export class Extraction {
  readonly job: FeatureJob;
  readonly network: FinetuneNetwork;
  readonly #list: PhotoList;

  private constructor(job: FeatureJob, network: FinetuneNetwork, list: PhotoList) {
    this.job = job;
    this.network = network;
    this.#list = list;
  }

  /**
   * @param cells that the photos are dealt to
   * @throws RangeError as networkOf does.
   */
  static async open(list: PhotoList, cells: number, options: ExtractionOptions): Promise<Extraction> {
    const { base, threads, kernel, convolution } = options;
    const network = networkOf(options, { classNames: list.classes, hidden: 0, dropout: 0, seed: 0 });
    const chosen = chooseKernel(kernel);
    const machine = { threads, kernel: chosen, convolution: sameInPredictions(convolution) };
    compileForPrediction(network.extractor, machine);
    const job: FeatureJob = {
      version: VERSION,
      base: { name: base.model.name, sha256: await baseHash(network) },
      ...{ cut: network.cut, width: network.width, size: network.size },
      ...{ preprocessing: network.preprocessing, convolution },
      kernel: chosen === 'fma' ? 'fma' : 'strict',
      ...{ classes: list.classes, photos: list.photos, cells },
    };
    return new Extraction(job, network, list);
  }

  /** @returns the cell, and how many photos' features were there before. @throws as extractFeatures does. */
  async extract(index: number, work: CellWork): Promise<{ cell: FeatureCell; stored: number }> {
    const { job, network } = this;
    const { from, to } = placesOf(job, index);
    const [files, names] = [this.#list.files, this.#list.names].map((all) => all.slice(from, to));
    const reasons = new Map<string, string>();
    const { places, hashes, data, stored } = await extractFeatures(files, {
      ...{ extractor: network.extractor, width: job.width, size: network.size },
      store: work.before && storeOf(work.before),
      ...(work.onProgress && { onProgress: work.onProgress }),
      ...(work.skip && {
        skip: (bad: BadPhoto) => {
          reasons.set(bad.file, bad.reason);
          work.skip?.(bad);
        },
      }),
    });
    const hashAt = new Map(places.map((place, n) => [place, hashes[n]]));
    const photos = names.map((name, n): CellPhoto => {
      const sha256 = hashAt.get(n);
      return sha256 === undefined ? { name, reason: reasons.get(files[n]) ?? '' } : { name, sha256 };
    });
    const features = new Tensor(data, [places.length, job.width]);
    return { cell: { job, index, photos, features }, stored };
  }

  async dispose(): Promise<void> {
    await this.network.extractor.dispose();
  }
}

/** Whether two cells have the same photos: then they have the same features. */
export function samePhotos(one: FeatureCell | null, other: FeatureCell): boolean {
  return one !== null && JSON.stringify(one.photos) === JSON.stringify(other.photos);
}

/** The features of a cell by their photos' hashes. */
function storeOf({ photos, features, job: { width } }: FeatureCell): FeatureStore {
  const known = new Map<string, Float32Array>();
  let row = 0;
  for (const photo of photos) {
    if (!('sha256' in photo)) continue;
    known.set(photo.sha256, features.data.subarray(row * width, ++row * width) as Float32Array); // by its dtype
  }
  return { get: (hash) => known.get(hash), add: async () => {}, flush: async () => {} };
}
