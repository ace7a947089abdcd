/** A model's weights alone, in a file of others' formats; Keras' save_weights and load_weights. */
import { readWholeFile, writeFileAtomic } from '#files';
import { namedWeights } from '../../formats/model.ts';
import { type Place, pathOf } from '../../formats/places.ts';
import {
  setNamedWeights,
  WEIGHTS_FORMATS,
  type WeightsFormat,
  weightsFormatOf,
} from '../../formats/weights-file.ts';
import type { Network } from '../../model/network.ts';

/**
 * Writes a model's weights: `.safetensors` or `.npz`, whole or not at all. One tensor a parameter, `layer/parameter`.
 * @throws RangeError for a name that ends in neither, Error where the model isn't built, FormatError where a weight
 *   isn't finite, or what the file system throws.
 */
export async function saveWeights(model: Network, place: Place): Promise<void> {
  const path = pathOf('saveWeights', place);
  const format = formatOf('saveWeights', path);
  await writeFileAtomic(path, format.encode(namedWeights(model), path));
}

/**
 * Sets a built model's weights from such a file, in which they have the model's own names and shapes.
 * @throws RangeError for a name that ends in neither, Error where the model isn't built, FormatError where the file is
 *   missing or damaged, or its tensors aren't the model's; no weight is set then.
 */
export async function loadWeights(model: Network, place: Place): Promise<void> {
  const path = pathOf('loadWeights', place);
  const format = formatOf('loadWeights', path);
  setNamedWeights(model, format.decode(await readWholeFile(path), path), path);
}

function formatOf(operation: string, path: string): WeightsFormat {
  const name = weightsFormatOf(path);
  if (!name) throw new RangeError(`${operation}: path must end in .safetensors or .npz, got ${path}`);
  return WEIGHTS_FORMATS[name];
}
