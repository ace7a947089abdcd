/** Models that JSON describes without weights: Keras' `model.to_json()` and TensorFlow.js' `model.toJSON()`. */
import { describe } from '../../checks/describe.ts';
import { knownOptions, noMoreArguments } from '../../checks/options.ts';
import { flag, seedFrom } from '../../checks/values.ts';
import { asFormatError } from '../../formats/errors.ts';
import { isObject, type JsonObject } from '../../formats/json.ts';
import { parseTopology } from '../../formats/layers-model.ts';
import { modelFromConfig } from '../functional.ts';
import type { Model } from '../model.ts';

/** Where the model's weights come from. */
export interface ModelFromJsonOptions {
  /** Decides the initial weights, and all that is random in training. Default: 0. */
  seed?: number | undefined;
  /** false: draw no initial weights, because `setWeights` follows. Default: true. */
  initialize?: boolean | undefined;
}

/**
 * The model that Keras' `model.to_json()` (Keras 2 or 3) or TensorFlow.js' `model.toJSON()` describes, with new weights:
 *
 *     const model = modelFromJSON(await readFile('mobilenet.json', 'utf8'));
 *     await loadWeights(model, 'mobilenet.npz');
 *
 * Operations between layers, as in `x / 127.5 - 1`, become layers that compute the same.
 * @param json the text, or the object that it says
 * @throws TypeError for anything else; FormatError, in one line with the layer's name, for what degelo lacks.
 */
export function modelFromJSON(json: string | JsonObject, options?: ModelFromJsonOptions): Model {
  noMoreArguments('modelFromJSON', arguments, 2);
  const { seed, initialize = true } = knownOptions('modelFromJSON', options, ['seed', 'initialize']);
  if (typeof json !== 'string' && !isObject(json)) {
    throw new TypeError(`modelFromJSON: json must be a string or an object, got ${describe(json)}`);
  }
  flag('modelFromJSON', 'initialize', initialize);
  if (seed !== undefined) seedFrom('modelFromJSON', seed);
  const file = 'modelFromJSON';
  const { network } = parseTopology(typeof json === 'string' ? json : textOf(json), file);
  return asFormatError(file, () =>
    modelFromConfig(seed === undefined ? network : { ...network, seed }, { initialize }),
  );
}

function textOf(json: JsonObject): string {
  try {
    return JSON.stringify(json);
  } catch (cause) {
    throw new TypeError('modelFromJSON: json must be an object of what JSON can say', { cause });
  }
}
