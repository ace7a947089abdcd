/** Saved models as models again; formats/model.ts has what is in their files. */
import { readModelFile } from '#files';
import { decodeUtf8 } from '../../formats/json.ts';
import {
  asFormatError,
  decodeWeights,
  MAX_MODEL_JSON,
  MODEL_FILE,
  type ModelConfig,
  mostWeightBytes,
  parseDescription,
} from '../../formats/model.ts';
import { type Place, pathOf } from '../../formats/places.ts';
import { getLoss } from '../../losses/registry.ts';
import type { MetricChoice } from '../../metrics/registry.ts';
import { getOptimizer } from '../../optimizers/registry.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { modelFromConfig } from '../functional.ts';
import type { Model } from '../model.ts';

/**
 * The model in a folder that `save` wrote.
 * @param place the folder's path, or its file: URL
 * @throws FormatError, in one line with the file's path, where the folder isn't there or is no whole model.
 */
export async function loadModel(place: Place): Promise<Model> {
  const folder = pathOf('loadModel', place);
  const json = await readModelFile(folder, MODEL_FILE, MAX_MODEL_JSON);
  const description = parseDescription(decodeUtf8(json.bytes, json.path), json.path);
  // What the layers have no place for isn't read.
  const most = asFormatError(json.path, () => mostWeightBytes(description));
  const weights = await readModelFile(folder, description.weights.file, most);
  const files = { json: json.path, weights: weights.path };
  return makeModel(description, await decodeWeights(description, weights.bytes, files), files.json);
}

/**
 * The model in the two files' contents, as `encodeModel` gave them: built, with its weights, each layer's
 * `trainable` and its count of steps; compiled, with a fresh optimizer, if it was.
 * @throws FormatError where they are no whole model.
 */
export async function decodeModel(json: string, weights: Uint8Array): Promise<Model> {
  const description = parseDescription(json, MODEL_FILE);
  const files = { json: MODEL_FILE, weights: description.weights.file };
  return makeModel(description, await decodeWeights(description, weights, files), files.json);
}

/**
 * The most megabytes that a step of a model from a file may take, unless its user says more: a file of 1 KB can describe
 * activations of gigabytes.
 */
const MEMORY_MB = 2048;

/** A described model with these weights. @throws FormatError where layers, optimizer or loss refuse what they get. */
export function makeModel(
  { network, step, compile }: ModelConfig,
  weights: readonly Tensor[],
  file: string,
): Model {
  return asFormatError(file, () => {
    const model = modelFromConfig(network, { initialize: false });
    model.memoryMB = MEMORY_MB;
    model.setWeights(weights);
    model.step = step;
    if (compile) {
      model.compile({
        optimizer: getOptimizer(compile.optimizer),
        loss: getLoss(compile.loss),
        metrics: compile.metrics as readonly MetricChoice[], // compile() knows which there are
      });
    }
    return model;
  });
}
