/** A saved model that tells classes of photos apart: what `finetune` leaves, or any network for colour images. */
import { preprocess, preprocessingOf } from '../model/preprocessing.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Model } from '../training/model.ts';
import { namesOf } from './classes.ts';
import { drawable, type LoadedNetwork } from './classifier.ts';
import { asProbabilities, bothClasses, classCount, givesProbabilities } from './probabilities.ts';

/** The number of photos that are predicted at once. */
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

/**
 * @param given names of the classes, as --classes has them; unless given, the model's own, or else 0, 1, 2, …
 * @throws RangeError where the model doesn't have one output per class, UsageError where it has not as many as there are names.
 */
export function photoClassifier(network: LoadedNetwork, given?: string): PhotoClassifier {
  const { folder, model } = network;
  const count = classCount(model, folder);
  const names = given === undefined ? model.classNames : namesOf(given, count);
  // Who doesn't say it takes them as they are.
  const preprocessing = preprocessingOf(model) ?? 'none';
  const areScores = !givesProbabilities(model);
  const [height, width] = drawable([model.inputShape[0], model.inputShape[1]], folder);
  return {
    ...network,
    classes: names?.length === count ? names : Array.from({ length: count }, (_, k) => `${k}`),
    size: [height, width],
    async probabilities(x) {
      const outputs = await model.predict(preprocess(x, preprocessing), { batchSize: PHOTOS_AT_ONCE });
      return asProbabilities(bothClasses(outputs), areScores);
    },
  };
}
