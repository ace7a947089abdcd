/** TensorFlow.js' models as Sequentials, and Sequentials for TensorFlow.js; formats/layers-model.ts has what is in the files. */
import { isFolder, readWholeFile, writeModelFiles } from '#files';
import { decodeUtf8 } from '../../formats/json.ts';
import {
  decodeLayersWeights,
  encodeLayersModel,
  LAYERS_MODEL_FILE,
  LAYERS_MODEL_WEIGHTS,
  parseLayersModel,
} from '../../formats/layers-model.ts';
import { MAX_MODEL_JSON } from '../../formats/model.ts';
import { modelFolder, type Place, pathOf } from '../../formats/places.ts';
import type { Network } from '../../model/network.ts';
import type { Model } from '../model.ts';
import { makeModel } from './saved-model.ts';

/**
 * Writes a built model for `tf.loadLayersModel`: `model.json` and `weights.bin` in a folder, which is made where there is
 * none. Files of these names are replaced, by whole ones only.
 * @throws as encodeLayersModel does, or what the file system throws.
 */
export async function saveLayersModel(model: Network, folder: Place): Promise<void> {
  const path = modelFolder('saveLayersModel', folder);
  const { json, weights } = encodeLayersModel(model);
  await writeModelFiles(path, [
    [LAYERS_MODEL_WEIGHTS, weights],
    [LAYERS_MODEL_FILE, json],
  ]);
}

/**
 * A model that TensorFlow.js or Keras' converter saved: built, with its weights and each layer's `trainable`. Compile it
 * to train it.
 * @param place path or file: URL of its model.json, which may have another name, or of the folder that holds it
 * @throws FormatError, in one line with the file's path, where there is none, it is damaged, or has what we lack.
 */
export async function loadLayersModel(place: Place): Promise<Model> {
  const path = pathOf('loadLayersModel', place);
  const jsonPath = (await isFolder(path)) ? `${path}/${LAYERS_MODEL_FILE}` : path;
  const json = decodeUtf8(await readWholeFile(jsonPath, MAX_MODEL_JSON), jsonPath);
  const description = parseLayersModel(json, jsonPath);
  const folder = jsonPath.replace(/[^/\\]*$/, ''); // with its last slash; '' for the working folder
  const parts: Uint8Array[] = [];
  let left = description.bytes;
  for (const name of description.paths) {
    const part = await readWholeFile(folder + name, left);
    parts.push(part);
    left -= part.length;
  }
  const bytes = new Uint8Array(description.bytes - left);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const files = { json: jsonPath, weights: folder + (description.paths.at(-1) ?? LAYERS_MODEL_WEIGHTS) };
  return makeModel(description.config, decodeLayersWeights(description, bytes, files), jsonPath);
}

/**
 * The same from the contents: model.json, and the bytes of all files that it names, one behind the other.
 * @throws FormatError as loadLayersModel does.
 */
export function decodeLayersModel(json: string, weights: Uint8Array): Model {
  const description = parseLayersModel(json, LAYERS_MODEL_FILE);
  const files = { json: LAYERS_MODEL_FILE, weights: LAYERS_MODEL_WEIGHTS };
  return makeModel(description.config, decodeLayersWeights(description, weights, files), files.json);
}
