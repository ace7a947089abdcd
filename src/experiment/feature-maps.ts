/** Feature maps: what layers of a trained network make of one image, as grey images. The report and the page show them. */

import { maximum } from '../tensor/maximum.ts';
import type { Shape, Tensor } from '../tensor/tensor.ts';
import { compileForPrediction } from '../training/compile-for-prediction.ts';
import { model } from '../training/functional.ts';
import type { Model } from '../training/model.ts';
import { tensorOf } from './finetune/cut.ts';

/** What a layer makes of an image: one grey image a filter. */
export interface LayerMaps {
  readonly layer: string;
  /** [height, width, filters] */
  readonly shape: Shape;
  /** height × width × filters; 255 is the largest value of all. */
  readonly bytes: Uint8Array;
}

/** The front of a network up to each layer that is shown. They share their layers with it, so they see its weights as they are. */
export class FeatureMapper {
  readonly #fronts: readonly { readonly layer: string; readonly front: Model }[];

  /** @param layers places of the layers in the network */
  constructor(network: Model, layers: readonly number[]) {
    this.#fronts = layers.map((place) => {
      const layer = network.layers[place];
      const front = model({ inputs: network.input, outputs: tensorOf(network, layer) });
      // One image is quicker done than sent to threads. Maps are what training sees, to the bit.
      compileForPrediction(front, { threads: 0, convolution: 'winograd' });
      return { layer: layer.name, front };
    });
  }

  /** @param image [1, height, width, channels] */
  async mapsOf(image: Tensor): Promise<LayerMaps[]> {
    const maps: LayerMaps[] = [];
    for (const { layer, front } of this.#fronts) {
      const { data, shape } = await front.predict(image);
      maps.push({ layer, shape: shape.slice(1), bytes: bytesOf(data, maximum(data, 0) || 1) });
    }
    return maps;
  }

  async dispose(): Promise<void> {
    for (const { front } of this.#fronts) await front.dispose();
  }
}

/** Values from 0 to `largest` as bytes. */
export function bytesOf(values: ArrayLike<number>, largest = 1): Uint8Array {
  return Uint8Array.from(values, (value) => Math.round((value * 255) / largest));
}
