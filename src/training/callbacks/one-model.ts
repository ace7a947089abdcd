/** Callbacks that note something of a model can be at work for one model at a time. */
import { isTraining } from '../../layers/turns.ts';
import type { TrainingModel } from './callback.ts';

/**
 * The model that a callback is for from now on.
 * @param before the one that it was for until now; null: none
 * @throws Error where that one is still trained: what the callback notes would be of both.
 */
export function nextModel(
  callback: string,
  before: TrainingModel | null,
  model: TrainingModel,
): TrainingModel {
  if (before !== model && isTraining(before)) {
    throw new Error(`${callback}: is at work for another model: make one for each model`);
  }
  return model;
}
