/** A saved model that tells classes of photos apart: what `finetune` leaves, or any network for colour images. */
import { preprocess, preprocessingOf } from '../model/preprocessing.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Model } from '../training/model.ts';
import { drawable, type LoadedNetwork } from './classifier.ts';
import { asProbabilities, givesProbabilities } from './probabilities.ts';

/** Photos at once. */
export const PHOTOS_AT_ONCE = 32;

export interface PhotoClassifier extends LoadedNetwork {
  /** The name of each output, or its number where the model has no names. */
  readonly classes: readonly string[];
  /** The size of photos that the model takes. */
  readonly size: readonly [height: number, width: number];
  /** Of photos [n, height, width, 3], from 0 to 255: those of all classes, a row per photo. */
  probabilities(x: Tensor): Promise<number[][]>;
}

/** Whether a model takes colour images. */
export function takesPhotos({ inputShape }: Model): boolean {
  return inputShape.length === 3 && inputShape[2] === 3;
}

/** @throws RangeError where the model doesn't have one output per class. */
export function photoClassifier(network: LoadedNetwork): PhotoClassifier {
  const { folder, model } = network;
  const { outputShape } = model;
  const [outputs] = outputShape;
  if (outputShape.length !== 1 || outputs < 2) {
    throw new RangeError(
      `${folder}: the model must have one output per class, at least two: got output [${outputShape}]`,
    );
  }
  // Who doesn't say it takes them as they are.
  const preprocessing = preprocessingOf(model) ?? 'none';
  const areScores = !givesProbabilities(model);
  const [height, width] = drawable([model.inputShape[0], model.inputShape[1]], folder);
  return {
    ...network,
    classes: model.classNames ?? Array.from({ length: outputs }, (_, k) => `${k}`),
    size: [height, width],
    async probabilities(x) {
      return asProbabilities(
        await model.predict(preprocess(x, preprocessing), { batchSize: PHOTOS_AT_ONCE }),
        areScores,
      );
    },
  };
}
