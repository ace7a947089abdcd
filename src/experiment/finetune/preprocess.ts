/**
 * Photos as a base wants them: layers that make its units of pixels from 0 to 255, so that the model that is saved takes photos as
 * they are. Formulas and numbers are those of Keras' `imagenet_utils.preprocess_input`.
 */
import { conv2d } from '../../layers/conv2d.ts';
import type { Layer } from '../../layers/layer.ts';
import { rescaling } from '../../layers/rescaling.ts';
import { tensor } from '../../tensor/tensor.ts';
import type { Model } from '../../training/model.ts';
import type { Preprocessing } from './options.ts';

/** Of ImageNet, from 0 to 1: red, green, blue. */
const MEAN = [0.485, 0.456, 0.406];
const DEVIATION = [0.229, 0.224, 0.225];
/** Of ImageNet, from 0 to 255: blue, green, red. */
const CAFFE_MEAN = [103.939, 116.779, 123.68];

/**
 * The layers, in order; they are frozen.
 *
 *   none:  x                        unit:  x/255             tf: x/127.5 − 1
 *   torch: (x/255 − mean)/deviation, channel by channel      caffe: blue, green, red, each less its mean
 */
export function preprocessingLayers(kind: Preprocessing): Layer[] {
  const name = 'preprocessing';
  switch (kind) {
    case 'none':
      return [];
    case 'unit':
      return [rescaling({ name, scale: 1 / 255 })];
    case 'tf':
      return [rescaling({ name, scale: 1 / 127.5, offset: -1 })];
    case 'torch':
      return [
        rescaling({
          name,
          scale: DEVIATION.map((deviation) => 1 / (255 * deviation)),
          offset: MEAN.map((mean, c) => -mean / DEVIATION[c]),
        }),
      ];
    case 'caffe':
      return [reversedChannels(), rescaling({ name, scale: 1, offset: CAFFE_MEAN.map((mean) => -mean) })];
  }
}

/** Red, green, blue become blue, green, red: a convolution of 1×1 whose kernel is [0 0 1; 0 1 0; 1 0 0]. */
function reversedChannels(): Layer {
  return conv2d({ name: 'channels', filters: 3, kernelSize: 1, useBias: false, trainable: false });
}

/** Gives the layers their numbers, once they stand in a model. */
export function settlePreprocessing(layers: readonly Layer[]): void {
  for (const layer of layers) {
    layer.trainable = false;
    if (layer.className === 'Conv2D') layer.setWeights([tensor([0, 0, 1, 0, 1, 0, 1, 0, 0], [1, 1, 3, 3])]);
  }
}

/** What a base wants, where its layers say so: one that begins with a rescaling takes photos as they are. null: nobody knows. */
export function preprocessingOf(base: Model): Preprocessing | null {
  const first = base.layers.find((layer) => layer.className !== 'InputLayer');
  return first && ['Rescaling', 'Normalization'].includes(first.className) ? 'none' : null;
}
