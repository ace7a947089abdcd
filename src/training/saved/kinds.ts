/**
 * The kinds of files that hold models, or that people take for models: how each is told by its bytes, and what reads it, or
 * what to do instead. A new format joins with one entry.
 */
import { kindOf } from '../../data/kind.ts';
import { characters } from '../../data/text.ts';
import { KERAS_CONFIG, KERAS_WEIGHTS, type ModelFormat } from '../../formats/format-names.ts';
import { SIGNATURE } from '../../formats/hdf5/file.ts';
import { isKerasFolder } from '../../formats/keras-file.ts';
import { isShardIndex } from '../../formats/keras-shards.ts';
import type { Look } from '../../formats/look.ts';
import type { Wanted } from '../../formats/outputs.ts';
import type { Source } from '../../formats/sources.ts';
import { IDENTIFIER } from '../../formats/tflite/schema.ts';
import { isNpz, isSafetensors } from '../../formats/weights-file.ts';
import type { Found } from './found.ts';
import { readKeras, readKerasH5 } from './keras-model.ts';
import { readLayersModel } from './layers-model.ts';
import { readOwnModel } from './own-model.ts';
import { readTflite } from './tflite.ts';

interface Kind {
  /** Completes "this is …". */
  readonly what: string;
  /** Whether a file is of this kind; the first in the list that says so counts. */
  is(look: Look): boolean;
}

/** A format that becomes a model. */
export interface ModelKind extends Kind {
  readonly format: ModelFormat;
  read(source: Source, wanted: Wanted): Promise<Found>;
}

/** Another, by which people come with a model all the same. */
interface OtherKind extends Kind {
  /** Ends the message: what to do. */
  readonly instead: string;
}

export const MODEL_KINDS: readonly ModelKind[] = [
  {
    format: 'degelo',
    what: "a model of degelo's own format",
    is: ({ json }) => json?.format === 'degelo-model',
    read: async (source) => ({ model: await readOwnModel(source) }),
  },
  {
    format: 'tfjs',
    what: 'a TensorFlow.js LayersModel',
    // Early versions of TensorFlow.js wrote no format.
    is: ({ json }) =>
      json?.format === 'layers-model' || (json?.format === undefined && json?.modelTopology !== undefined),
    read: readLayersModel,
  },
  {
    format: 'keras',
    what: "a model of Keras' own format (.keras)",
    is: (look) =>
      look.members.includes(KERAS_CONFIG) || look.members.includes(KERAS_WEIGHTS) || isKerasFolder(look),
    read: readKeras,
  },
  {
    format: 'h5',
    what: 'a model of Keras in HDF5 (.h5)',
    is: (look) => look.has(SIGNATURE),
    read: readKerasH5,
  },
  {
    format: 'tflite',
    what: 'a TensorFlow Lite network',
    is: (look) => look.has(IDENTIFIER, 4),
    read: async ({ bytes, name }, { output }) => readTflite(bytes, name, output),
  },
];

const WEIGHTS_ALONE =
  'make the model (the same layers, by sequential or model), and give it these weights: await loadWeights(model, place)';
const CONVERT = 'save it from Keras with model.save("model.keras")';

/** How the index of a TensorFlow checkpoint ends: LevelDB's table. */
const TABLE = '\x57\xfb\x80\x8b\x24\x75\x47\xdb';

/** GraphDef: nodes, each beginning with its name and its operation. */
function isGraph({ bytes }: Look): boolean {
  return /^\n.{1,3}\n[\s\S]+(Placeholder|Const|VarHandleOp)/.test(characters(bytes.subarray(0, 256)));
}

const OTHER_KINDS: readonly OtherKind[] = [
  {
    what: 'a checkpoint of degelo',
    is: (look) => look.has('{"__metadata__":{"sha256":"', 8),
    instead: 'loadCheckpoint reads it',
  },
  {
    what: 'a safetensors file, which holds weights and no layers',
    is: isSafetensors,
    instead: WEIGHTS_ALONE,
  },
  {
    what: "NumPy's .npz, which holds weights and no layers",
    is: isNpz,
    instead: WEIGHTS_ALONE,
  },
  {
    what: "Keras' index of weights in several files (save_weights with max_shard_size), without layers",
    is: isShardIndex,
    instead: WEIGHTS_ALONE,
  },
  {
    what: 'a PyTorch file',
    is: ({ members }) => members.some((name) => /(^|\/)data\.pkl$/.test(name)),
    instead: 'it has weights under names of its own: docs/exchange.md says how they are written as .npz',
  },
  {
    what: 'an ONNX model',
    is: ({ bytes }) => kindOf(bytes) === 'an ONNX model',
    instead:
      'save the network from the library that made it: from Keras as .keras, from PyTorch its weights as .npz, as docs/exchange.md says',
  },
  {
    what: "TensorFlow's graph",
    is: (look) => kindOf(look.bytes)?.includes('SavedModel') === true || isGraph(look),
    instead: `${CONVERT}, or make a .tflite file of it with tf.lite.TFLiteConverter`,
  },
  {
    what: 'a TensorFlow checkpoint, which holds weights and no layers',
    is: (look) =>
      kindOf(look.bytes) === 'a TensorFlow checkpoint' || look.has(TABLE, look.bytes.length - TABLE.length),
    instead: `give them to the model in Keras (model.load_weights), and ${CONVERT}`,
  },
  {
    what: 'a TensorFlow.js GraphModel, whose operations can be run and not trained',
    is: ({ json }) => json?.format === 'graph-model',
    instead: `${CONVERT}, or with tensorflowjs_converter --output_format=tfjs_layers_model`,
  },
  {
    what: "Keras' description of layers alone (model.to_json()), without weights",
    is: ({ json }) => json !== null && typeof json.class_name === 'string' && json.config !== undefined,
    instead: `${CONVERT}, or make it with modelFromJSON and give it weights with loadWeights`,
  },
];

/** The kind of a file, of those that are no model for us; null: none that is known. */
export function otherKindOf(look: Look): OtherKind | null {
  return OTHER_KINDS.find((kind) => kind.is(look)) ?? null;
}

/** The kind of a file; null: none of those that are read. @throws FormatError where it begins as JSON and is none. */
export function modelKindOf(look: Look): ModelKind | null {
  return MODEL_KINDS.find((kind) => kind.is(look)) ?? null;
}
