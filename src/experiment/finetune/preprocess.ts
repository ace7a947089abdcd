/**
 * Photos as a base wants them: layers that make its units of pixels from 0 to 255, so that the model that is saved takes photos as
 * they are. Formulas and numbers: model/preprocessing.ts.
 */
import { conv2d } from '../../layers/conv2d.ts';
import type { Layer } from '../../layers/layer.ts';
import { rescaling } from '../../layers/rescaling.ts';
import { CAFFE_MEAN, IMAGENET_MEAN, IMAGENET_STD, type Preprocessing } from '../../model/preprocessing.ts';
import { tensor } from '../../tensor/tensor.ts';

/**
 * The layers, in order; they are frozen.
 *
 *     none:  x                        unit:  x/255             tf: x/127.5 − 1
 *     torch: (x/255 − mean)/deviation, channel by channel      caffe: blue, green, red, each less its mean
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
          scale: IMAGENET_STD.map((deviation) => 1 / (255 * deviation)),
          offset: IMAGENET_MEAN.map((mean, c) => -mean / IMAGENET_STD[c]),
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

/** Gives the layers their numbers, once they are in a model. */
export function settlePreprocessing(layers: readonly Layer[]): void {
  for (const layer of layers) {
    layer.trainable = false;
    if (layer.className === 'Conv2D') layer.setWeights([tensor([0, 0, 1, 0, 1, 0, 1, 0, 0], [1, 1, 3, 3])]);
  }
}
