/** TensorFlow.js' models as Sequentials, and Sequentials for TensorFlow.js; formats/layers-model.ts has what is in the files. */
import { writeModelFiles } from '#files';
import { type Bytes, bytesOf, expectModel } from '../../checks/handed-in.ts';
import { noMoreArguments } from '../../checks/options.ts';
import { joined } from '../../data/fetch-bytes.ts';
import { decodeUtf8 } from '../../formats/json.ts';
import {
  decodeLayersWeights,
  encodeLayersModel,
  LAYERS_MODEL_FILE,
  LAYERS_MODEL_WEIGHTS,
  parseLayersModel,
} from '../../formats/layers-model.ts';
import type { ModelNotes, WrittenNotes } from '../../formats/model-notes.ts';
import { type Wanted, WHOLE } from '../../formats/outputs.ts';
import { modelFolder, type Place } from '../../formats/places.ts';
import { MAX_DOWNLOAD, type ModelPlace, openSource, type Source } from '../../formats/sources.ts';
import {
  MAX_METADATA,
  METADATA_FILE,
  METADATA_REMARK,
  readMetadata,
} from '../../formats/teachable-machine.ts';
import { betweenSteps } from '../../layers/turns.ts';
import type { Network } from '../../model/network.ts';
import type { Model } from '../model.ts';
import type { Found } from './found.ts';
import { makeModel } from './make-model.ts';

/**
 * Writes a built model for `tf.loadLayersModel`: `model.json` and `weights.bin` in a folder, which is made if there is none. Old files of
 * these names stay until the new ones are whole.
 *
 *     await saveLayersModel(model, 'for-tfjs');
 *
 * @throws as encodeLayersModel does, or what the file system throws.
 */
export async function saveLayersModel(model: Network & ModelNotes, folder: Place): Promise<void> {
  noMoreArguments('saveLayersModel', arguments, 2);
  expectModel('saveLayersModel', model);
  const path = modelFolder('saveLayersModel', folder);
  const { json, weights } = await betweenSteps('saveLayersModel', model, () => encodeLayersModel(model));
  await writeModelFiles(path, [
    [LAYERS_MODEL_WEIGHTS, weights],
    [LAYERS_MODEL_FILE, json],
  ]);
}

/**
 * A model that TensorFlow.js or Keras' converter saved: built, with its weights and each layer's `trainable`. Compile it
 * to train it. `loadModel` reads it too.
 *
 *     const model = await loadLayersModel('https://example.com/model/model.json');
 *
 * @param place path or URL of its model.json, which may have another name, or of the folder that holds it
 * @throws FormatError, in one line with the file's path, where there is none, it is damaged, or has what we lack.
 */
export async function loadLayersModel(place: ModelPlace): Promise<Model> {
  noMoreArguments('loadLayersModel', arguments, 1);
  return (await readLayersModel(await openSource('loadLayersModel', place, MAX_DOWNLOAD))).model;
}

/** The model in a model.json of TensorFlow.js, with the files of weights that it names beside it. Throws as loadLayersModel does. */
export async function readLayersModel(
  { name, bytes, beside }: Source,
  wanted: Wanted = WHOLE,
): Promise<Found> {
  const description = parseLayersModel(decodeUtf8(bytes, name), name, wanted);
  const parts: Uint8Array[] = [];
  let last = name;
  let left = description.bytes;
  for (const path of description.paths) {
    const part = await beside(path, left);
    parts.push(part.bytes);
    left -= part.bytes.length;
    last = part.name;
  }
  const weights = joined(parts, description.bytes - left);
  const files = { json: name, weights: last };
  const notes = description.mayHaveMetadata ? await metadataBeside(beside) : {};
  const config = { ...notes, ...description.config };
  const model = makeModel(config, decodeLayersWeights(description, weights, files), name);
  return { model, remarks: [...description.remarks, ...(notes.classNames ? [METADATA_REMARK] : [])] };
}

/** What Teachable Machine says of its model; nothing where there is no such file. */
async function metadataBeside(beside: Source['beside']): Promise<WrittenNotes> {
  const found = await beside(METADATA_FILE, MAX_METADATA).catch(() => null);
  return found ? readMetadata(new TextDecoder().decode(found.bytes)) : {};
}

/**
 * The model of a TensorFlow.js folder, of its contents: model.json, and the bytes of all files that it names, one after the other.
 *
 *     const model = decodeLayersModel(readFileSync('model.json', 'utf8'), readFileSync('weights.bin'));
 *
 * @throws FormatError as loadLayersModel does.
 */
export function decodeLayersModel(json: string, weights: Bytes): Model {
  noMoreArguments('decodeLayersModel', arguments, 2);
  const bytes = bytesOf('decodeLayersModel', weights);
  const description = parseLayersModel(json, LAYERS_MODEL_FILE);
  const files = { json: LAYERS_MODEL_FILE, weights: LAYERS_MODEL_WEIGHTS };
  return makeModel(description.config, decodeLayersWeights(description, bytes, files), files.json);
}
