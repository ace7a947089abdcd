/** `cloneModel`: the same layers again, with weights of their own. */
import { expectModel } from '../checks/handed-in.ts';
import { knownOptions, noMoreArguments } from '../checks/options.ts';
import { seedFrom } from '../checks/values.ts';
import { expectRegistered, expectSameLayers } from '../formats/same-layers.ts';
import { layers } from '../layers/registry.ts';
import { modelFromConfig } from './functional.ts';
import type { Model } from './model.ts';

/** What differs in the clone. */
export interface CloneModelOptions {
  /** Decides the clone's initial weights, and all that is random in its training. Default: the model's, with which the clone begins as the model began. */
  seed?: number | undefined;
}

/**
 * A model of the same layers, names and options, frozen where the model is, with new weights of its own, as Keras' clone_model. It isn't compiled.
 *
 *     const other = cloneModel(model, { seed: 1 });
 *     other.setWeights(model.getWeights());          // to go on from the same weights
 *
 * @throws TypeError where it is no model; RangeError where a layer's class isn't registered, or a layer isn't what its options make, since methods of
 *   its own were set.
 */
export function cloneModel<T extends Model>(model: T, options?: CloneModelOptions): T {
  noMoreArguments('cloneModel', arguments, 2, 'cloneModel(model, { seed })');
  expectModel('cloneModel', model);
  const { seed = model.seed } = knownOptions('cloneModel', options, ['seed']);
  for (const { name, className } of model.allLayers())
    expectRegistered(`layer ${name}`, layers.find(className));
  expectSameLayers(model);
  const clone = modelFromConfig({ ...model.toConfig(), seed: seedFrom('cloneModel', seed) });
  clone.classNames = model.classNames;
  clone.imageInput = model.imageInput;
  return clone as T; // of the same class: a row of layers, or a graph
}
