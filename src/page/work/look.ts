/** What a trained network makes of a drawing: the image it sees, the feature maps of both convolutions, its probabilities. */
import { fitDigit } from '../../data/digits.ts';
import type { ImagePixels } from '../../data/pixels.ts';
import { tensorOf } from '../../experiment/finetune/cut.ts';
import { meanSquaredError } from '../../losses/mean-squared-error.ts';
import { sgd } from '../../optimizers/sgd.ts';
import { maximum } from '../../tensor/maximum.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { model } from '../../training/functional.ts';
import type { Model } from '../../training/model.ts';
import type { Sequential } from '../../training/sequential.ts';
import { makeNetwork, restore, type Snapshot } from './network.ts';

/** Layers whose output is shown: the ReLU behind each of the two convolutions. */
const SHOWN = [1, 3] as const;

/** Feature maps of a layer as grey images, one for each filter. */
export interface Maps {
  /** [height, width, filters] */
  readonly shape: readonly number[];
  /** The largest value of all maps is 255. */
  readonly bytes: Uint8Array;
}

export interface Look {
  /** 28×28 bytes: the drawing as MNIST's images were made. */
  readonly image: Uint8Array;
  readonly maps: readonly Maps[];
  readonly digits: readonly number[];
  /** One for each digit. */
  readonly probabilities: readonly number[];
}

/** A trained network, with the parts of it that give what is shown. They share their layers. */
export class Looker {
  readonly #network: Sequential;
  readonly #fronts: readonly Model[];
  readonly #digits: readonly number[];

  constructor(snapshot: Snapshot, digits: readonly number[]) {
    const network = makeNetwork(0);
    restore(network, snapshot);
    this.#network = network;
    this.#digits = digits;
    this.#fronts = SHOWN.map((layer) =>
      model({ inputs: network.input, outputs: tensorOf(network, network.layers[layer]) }),
    );
    // One image is quicker done than sent to threads.
    for (const each of [network, ...this.#fronts]) {
      each.compile({ optimizer: sgd(), loss: meanSquaredError(), threads: 0 });
    }
  }

  /** @throws DataError where nothing is drawn. */
  async look(pixels: ImagePixels): Promise<Look> {
    const x = fitDigit(pixels);
    const maps: Maps[] = [];
    for (const front of this.#fronts) maps.push(mapsOf(await front.predict(x)));
    const { data } = await this.#network.predict(x);
    return { image: bytesOf(x.data), maps, digits: this.#digits, probabilities: Array.from(data) };
  }

  async dispose(): Promise<void> {
    for (const each of [this.#network, ...this.#fronts]) await each.dispose();
  }
}

function mapsOf({ data, shape }: Tensor): Maps {
  return { shape: shape.slice(1), bytes: bytesOf(data, maximum(data, 0) || 1) };
}

/** Values from 0 to `largest` as bytes. */
export function bytesOf(values: ArrayLike<number>, largest = 1): Uint8Array {
  return Uint8Array.from(values, (value) => Math.round((value / largest) * 255));
}
