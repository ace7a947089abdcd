/** What a trained network makes of a drawing: the image it sees, the feature maps of both convolutions, its probabilities. */

import { fitDigit } from '../../data/digits.ts';
import type { ImagePixels } from '../../data/pixels.ts';
import { bytesOf, FeatureMapper, type LayerMaps } from '../../experiment/feature-maps.ts';
import { compileForPrediction } from '../../training/compile-for-prediction.ts';
import type { Sequential } from '../../training/sequential.ts';
import { makeNetwork, restore, type Snapshot } from './network.ts';

/** Layers whose output is shown: the ReLU behind each of the two convolutions. */
const SHOWN = [1, 3] as const;

export interface Look {
  /** 28×28 bytes: the drawing as MNIST's images were made. */
  readonly image: Uint8Array;
  readonly maps: readonly Pick<LayerMaps, 'shape' | 'bytes'>[];
  readonly digits: readonly number[];
  /** One for each digit. */
  readonly probabilities: readonly number[];
}

/** A trained network, with what shows its feature maps. */
export class Looker {
  readonly #network: Sequential;
  readonly #mapper: FeatureMapper;
  readonly #digits: readonly number[];

  constructor(snapshot: Snapshot, digits: readonly number[]) {
    const network = makeNetwork(0);
    restore(network, snapshot);
    this.#network = network;
    this.#digits = digits;
    this.#mapper = new FeatureMapper(network, SHOWN);
    // One image is quicker done than sent to threads.
    compileForPrediction(network, { threads: 0 });
  }

  /** @throws DataError where nothing is drawn. */
  async look(pixels: ImagePixels): Promise<Look> {
    const x = fitDigit(pixels);
    const maps = await this.#mapper.mapsOf(x);
    const { data } = await this.#network.predict(x);
    return { image: bytesOf(x.data), maps, digits: this.#digits, probabilities: Array.from(data) };
  }

  async dispose(): Promise<void> {
    await this.#network.dispose();
    await this.#mapper.dispose();
  }
}
