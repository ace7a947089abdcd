/** A model's weights alone, in a file of others' formats; Keras' save_weights and load_weights. */
import { writeFileAtomic } from '#files';
import { expectModel } from '../../checks/handed-in.ts';
import { noMoreArguments } from '../../checks/options.ts';
import { shown } from '../../checks/shown.ts';
import { KERAS_WEIGHTS } from '../../formats/format-names.ts';
import { isKerasFolder, isKerasWeights, parseKerasWeights } from '../../formats/keras-file.ts';
import { isShardIndex, readShards } from '../../formats/keras-shards.ts';
import { Look } from '../../formats/look.ts';
import { namedWeights } from '../../formats/model.ts';
import { type Place, pathOf } from '../../formats/places.ts';
import { MAX_DOWNLOAD, type ModelPlace, openSource, type Source } from '../../formats/sources.ts';
import {
  setNamedWeights,
  WEIGHTS_FORMATS,
  type WeightsFormat,
  weightsFormatOf,
  weightsFormatOfBytes,
} from '../../formats/weights-file.ts';
import { betweenSteps, inference } from '../../layers/turns.ts';
import type { Network } from '../../model/network.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/**
 * Writes a model's weights: `.safetensors` or `.npz`, whole or not at all. One tensor per parameter, `layer/parameter`.
 *
 *     await saveWeights(model, 'weights.npz');
 *     await loadWeights(another, 'weights.npz'); // a model of the same layers
 *
 * @throws RangeError for a name that ends in neither, Error where the model isn't built, FormatError where a weight
 *   isn't finite, or what the file system throws.
 */
export async function saveWeights(model: Network, place: Place): Promise<void> {
  noMoreArguments('saveWeights', arguments, 2);
  expectModel('saveWeights', model);
  const path = pathOf('saveWeights', place);
  const format = formatOf('saveWeights', path);
  const bytes = await betweenSteps('saveWeights', model, () => format.encode(namedWeights(model), path));
  await writeFileAtomic(path, bytes);
}

/**
 * Sets a built model's weights from a file, told by its bytes: safetensors and `.npz`, in which they have the model's own names and
 * shapes; and Keras' `.weights.h5`, `.weights.json` with the files that it names, `.h5` and `.keras`, in which the same layers are in the same
 * order (Keras 3) or under the same names. While the model is at work, it waits: until a step of `fit` has ended, or a prediction.
 *
 *     await loadWeights(model, 'model.weights.h5');
 *
 * @param place path or URL of the file, or its bytes
 * @returns what was changed on the way, a line each: numbers of other types
 * @throws RangeError for a file of another kind, Error where the model isn't built, FormatError where the file is
 *   missing or damaged, or its tensors aren't the model's; no weight is set then.
 */
export async function loadWeights(model: Network, place: ModelPlace): Promise<readonly string[]> {
  noMoreArguments('loadWeights', arguments, 2);
  expectModel('loadWeights', model);
  if (!model.built) namedWeights(model); // throws
  const source = await openSource('loadWeights', place, MAX_DOWNLOAD);
  const { name, bytes } = source;
  const first = new Look(bytes, name);
  const set = (tensors: ReadonlyMap<string, Tensor>): Promise<void> =>
    inference(model, 'loadWeights', async () => setNamedWeights(model, tensors, name));
  if (isShardIndex(first)) {
    await set(await readShards(source, first.json ?? {}, model));
    return [];
  }
  const look = isKerasFolder(first) ? await weightsBeside(source) : first;
  if (isKerasWeights(look)) {
    await set(parseKerasWeights(look, model));
    return [];
  }
  const format = weightsFormatOfBytes(look) ?? weightsFormatOf(name);
  if (!format) {
    look.expectWholeArchive();
    throw new RangeError(
      `loadWeights: expected weights as .safetensors or .npz, or Keras' .weights.h5, .weights.json, .h5 or .keras, got ${shown(name)}` +
        (look.json ? ', a whole model: loadModel reads it' : ''),
    );
  }
  const { tensors, remarks } = WEIGHTS_FORMATS[format].decode(bytes, name);
  await set(tensors);
  return remarks;
}

/** The file of weights of Keras' model in a folder. */
async function weightsBeside({ beside }: Source): Promise<Look> {
  const { name, bytes } = await beside(KERAS_WEIGHTS, Infinity);
  return new Look(bytes, name);
}

function formatOf(operation: string, path: string): WeightsFormat {
  const name = weightsFormatOf(path);
  if (!name) throw new RangeError(`${operation}: path must end in .safetensors or .npz, got ${shown(path)}`);
  return WEIGHTS_FORMATS[name];
}
