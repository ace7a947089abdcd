/** Any model that degelo reads, told by its bytes and not by its name. */
import { describe } from '../../checks/describe.ts';
import { knownOptions, noMoreArguments } from '../../checks/options.ts';
import { aboveZero, oneOf, sampleSizes } from '../../checks/values.ts';
import { adviceFor, kindOf } from '../../data/kind.ts';
import { FormatError } from '../../formats/errors.ts';
import { MODEL_FORMATS, type ModelFormat } from '../../formats/format-names.ts';
import { show } from '../../formats/json.ts';
import { Look } from '../../formats/look.ts';
import { type Wanted, WHOLE } from '../../formats/outputs.ts';
import type { Place } from '../../formats/places.ts';
import { MAX_DOWNLOAD, type ModelPlace, openSource, type Source } from '../../formats/sources.ts';
import { expectShape, type Shape } from '../../tensor/tensor.ts';
import type { Model } from '../model.ts';
import { MODEL_KINDS, modelKindOf, otherKindOf } from './kinds.ts';

/** How `loadModel` reads. */
export interface LoadModelOptions {
  /** The most bytes that are downloaded for a file, where the place is a URL. Default: 2 ** 30. */
  maxBytes?: number | undefined;
  /** The format that it must have: `'degelo'`, `'tfjs'` …. Default: whatever its bytes say. */
  format?: ModelFormat | undefined;
  /**
   * Shape of one input sample, for a file of Keras or TensorFlow.js that leaves sizes open, as networks without their classifier do (`include_top=False`). Sizes
   * that the file says must be the same. Default: the file's own.
   */
  inputShape?: Shape | undefined;
  /**
   * Which output, of a network of Keras, TensorFlow.js or TensorFlow Lite that has several: its layer's name (of TensorFlow Lite its tensor's), or its place among them,
   * from 0. What it doesn't need is left out. Default: there must be one.
   */
  output?: string | number | undefined;
}

/**
 * The model in a file or folder: built, with its weights and each layer's `trainable`. What the file is, its bytes say:
 *
 * - degelo's own, as `model.save(folder)` writes it; compiled, with a fresh optimizer, if it was
 * - Keras' `.keras` and `.h5`
 * - TensorFlow.js' LayersModel: its `model.json`, with the files of weights beside it
 * - TensorFlow Lite: a `.tflite` file of a network that classifies images
 *
 *     const model = await loadModel('my-model');
 *     console.log(model.origin?.description);
 *
 * @param place path of a file or folder, a `file:`, `http:` or `https:` URL of a file, or a file's bytes
 * @throws FormatError, in one line with the file's path, where there is no whole model, or one with what degelo lacks.
 */
export async function loadModel(place: ModelPlace, options?: LoadModelOptions): Promise<Model> {
  noMoreArguments('loadModel', arguments, 2);
  const call = 'loadModel(place, …)';
  const given = knownOptions('loadModel', options, ['maxBytes', 'format', 'inputShape', 'output'], { call });
  const { maxBytes = MAX_DOWNLOAD, inputShape, output } = given;
  const format =
    given.format === undefined ? undefined : oneOf('loadModel', 'format', given.format, MODEL_FORMATS);
  if (inputShape !== undefined) sampleSizes('loadModel', 'inputShape', inputShape);
  aboveZero('loadModel', 'maxBytes', maxBytes); // Infinity: no limit
  if (output !== undefined && typeof output !== 'string' && !(Number.isInteger(output) && output >= 0)) {
    throw new RangeError(`loadModel: output must be a name, or a place from 0, got ${describe(output)}`);
  }
  const model = await readModel(await openSource('loadModel', place, maxBytes), format, {
    fill: inputShape ?? null,
    output: output ?? null,
  });
  if (inputShape) expectShape('loadModel', 'inputShape, as the file has it,', inputShape, model.inputShape);
  return model;
}

/** A pretrained network, with these sizes where its file leaves them open: what the file says counts. Throws as loadModel does. */
export async function loadBase(
  place: Place,
  size: readonly [number, number] | undefined,
  { format, output = null }: { readonly format?: ModelFormat; readonly output?: Wanted['output'] } = {},
): Promise<Model> {
  const source = await openSource('loadModel', place, MAX_DOWNLOAD);
  return readModel(source, format, { output, fill: size ? [...size, 3] : null });
}

/** @throws FormatError as loadModel does. */
export async function readModel(
  source: Source,
  format?: ModelFormat,
  wanted: Wanted = WHOLE,
): Promise<Model> {
  const look = new Look(source.bytes, source.name);
  const kind = format ? MODEL_KINDS.find((each) => each.format === format) : modelKindOf(look);
  if (!kind) {
    look.expectWholeArchive();
    throw new FormatError(source.name, whatItIs(look));
  }
  if (wanted.output !== null && kind.format === 'degelo') {
    throw new RangeError(
      `loadModel: output is for files of other libraries, but ${source.name} is ${kind.what}, which has one output`,
    );
  }
  const { model, writer, remarks = [] } = await kind.read(source, wanted);
  model.origin = { format: kind.format, description: kind.what + (writer ? `, by ${writer}` : ''), remarks };
  return model;
}

function whatItIs(look: Look): string {
  const other = otherKindOf(look);
  if (other) return `this is ${other.what}: ${other.instead}`;
  const { json, bytes } = look;
  const expected = MODEL_KINDS.map(({ what }) => what).join(', ');
  if (json) return `no model that is known: expected ${expected}; got JSON with format ${show(json.format)}`;
  const kind = bytes.length === 0 ? 'an empty file' : kindOf(bytes);
  return `no model that is known: expected ${expected}; got ${kind ?? 'other bytes'}${adviceFor(kind ?? '')}`;
}
