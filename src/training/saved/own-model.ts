/** Models in our own format as models again; formats/read-model.ts reads their files. */
import { type Bytes, bytesOf } from '../../checks/handed-in.ts';
import { noMoreArguments } from '../../checks/options.ts';
import { asFormatError } from '../../formats/errors.ts';
import { mostWeightBytes } from '../../formats/expected-tensors.ts';
import { decodeUtf8 } from '../../formats/json.ts';
import { MODEL_FILE } from '../../formats/model.ts';
import { decodeWeights, parseDescription } from '../../formats/read-model.ts';
import type { Source } from '../../formats/sources.ts';
import type { Model } from '../model.ts';
import { makeModel } from './make-model.ts';

/** The model in a model.json of ours, with its weights beside it. @throws FormatError where they are no whole model. */
export async function readOwnModel({ name, bytes, beside }: Source): Promise<Model> {
  const description = parseDescription(decodeUtf8(bytes, name), name);
  // What the layers have no place for isn't read.
  const most = asFormatError(name, () => mostWeightBytes(description));
  const weights = await beside(description.weights.file, most);
  const files = { json: name, weights: weights.name };
  return makeModel(description, await decodeWeights(description, weights.bytes, files), name);
}

/**
 * The model in the contents of both files, as `encodeModel` gave them: built, with its weights, each layer's `trainable` and its count of
 * steps. If it was compiled, it is again, with a new optimizer.
 *
 *     const again = await decodeModel(json, weights);
 *
 * @throws FormatError where they are no whole model.
 */
export async function decodeModel(json: string, weights: Bytes): Promise<Model> {
  noMoreArguments('decodeModel', arguments, 2);
  const bytes = bytesOf('decodeModel', weights);
  const description = parseDescription(json, MODEL_FILE);
  const files = { json: MODEL_FILE, weights: description.weights.file };
  return makeModel(description, await decodeWeights(description, bytes, files), files.json);
}
