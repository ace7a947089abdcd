/**
 * Keras' own files of whole models:
 *
 *   .keras   a zip archive: metadata.json (who wrote it), config.json (layers), model.weights.h5 (their weights);
 *            or a folder with these files, as `save_model(…, zipped=False)` makes it
 *   .h5      HDF5: the attribute model_config (layers), the group model_weights, keras_version
 *
 * Source: Keras' saving/saving_lib.py and legacy/saving/legacy_h5_format.py. What the file was compiled with isn't read.
 */
import { unpacker } from '#unpacker';
import { named } from '../data/errors.ts';
import { MAX_BYTES } from '../data/limits.ts';
import { memberNames, readZip } from '../data/zip.ts';
import { Network, type NetworkConfig } from '../model/network.ts';
import { networkFromConfig } from '../model/network-config.ts';
import type { Shape, Tensor } from '../tensor/tensor.ts';
import { asFormatError, dataAsFormatError, FormatError } from './errors.ts';
import { expectedTensors, expectTensors } from './expected-tensors.ts';
import { fieldReader, isString } from './fields.ts';
import { KERAS_CONFIG, KERAS_METADATA, KERAS_WEIGHTS } from './format-names.ts';
import { type Hdf5Object, openHdf5, SIGNATURE } from './hdf5/file.ts';
import { decodeUtf8, isObject, type JsonObject, parseJsonObject, show } from './json.ts';
import { precisionRemarks } from './keras-dtypes.ts';
import { readKerasModel } from './keras-graph.ts';
import { withSizes } from './keras-open-sizes.ts';
import { withOutput } from './keras-outputs.ts';
import { isOfKeras3 } from './keras-topology.ts';
import { readKerasWeights, treeOf, treeOfNetwork } from './keras-weights.ts';
import type { Look } from './look.ts';
import type { ModelConfig } from './model.ts';
import { readForeignNotes, type WrittenNotes } from './model-notes.ts';
import type { Wanted } from './outputs.ts';
import type { Source } from './sources.ts';

/** The longest description of layers, in characters: NASNetLarge, of 1,041 layers, has 1.3 million. */
const MAX_CONFIG = 4_000_000;

/** What a file of Keras has, opened: layers as it describes them, and where their weights are. */
export interface KerasFile {
  readonly model: JsonObject;
  /** What degelo wrote beside it. */
  readonly notes: WrittenNotes;
  readonly root: Hdf5Object;
  /** Of Keras. */
  readonly version: unknown;
  /** Whether it says what the model was compiled with. */
  readonly compiled: boolean;
  /** What messages call them. */
  readonly files: { readonly layers: string; readonly weights: string };
}

/** A whole model of a file of Keras. */
export interface KerasModel {
  readonly config: ModelConfig;
  readonly weights: readonly Tensor[];
  /** `Keras 3.15.1` */
  readonly writer: string;
  readonly remarks: readonly string[];
}

/** Opens a .keras file. @throws FormatError where it is none. */
export function openKeras(bytes: Uint8Array, file: string): KerasFile {
  const members = dataAsFormatError(() => memberNames(bytes, file));
  const other = members.find((name) => name.startsWith('model.weights.') && name !== KERAS_WEIGHTS);
  if (other !== undefined && !members.includes(KERAS_WEIGHTS)) {
    throw new FormatError(
      file,
      `its weights are in ${show(other)}, which isn't read: save it with ${KERAS_WEIGHTS}, as model.save('model.keras') does`,
    );
  }
  const limit = Math.max(MAX_BYTES, bytes.length);
  const names = [KERAS_CONFIG, KERAS_METADATA, KERAS_WEIGHTS];
  const [config, metadata, weights] = dataAsFormatError(() => readZip(bytes, names, file, unpacker, limit));
  return openParts(
    { name: `${file}: ${KERAS_CONFIG}`, bytes: config },
    { name: `${file}: ${KERAS_METADATA}`, bytes: metadata },
    { name: `${file}: ${KERAS_WEIGHTS}`, bytes: weights },
  );
}

/** Whether a file is the `config.json` of a folder that holds a model. */
export function isKerasFolder({ name, json }: Look): boolean {
  const isConfig = name.split(/[/\\]/).at(-1) === KERAS_CONFIG;
  return isConfig && typeof json?.class_name === 'string' && isObject(json.config);
}

/** Opens a folder that holds a model, by its `config.json`. @throws FormatError as openKeras does. */
export async function openKerasFolder({ name, bytes, beside }: Source): Promise<KerasFile> {
  const weights = await beside(KERAS_WEIGHTS, Infinity);
  return openParts({ name, bytes }, await beside(KERAS_METADATA, MAX_CONFIG), weights);
}

/** A member of an archive, or a file. */
interface Part {
  /** What messages call it. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

function openParts(config: Part, metadata: Part, weights: Part): KerasFile {
  const json = ({ name, bytes }: Part): JsonObject =>
    parseJsonObject(decodeUtf8(bytes, name), name, MAX_CONFIG);
  const about = json(metadata);
  const notes = readForeignNotes(about, fieldReader(metadata.name));
  const model = json(config);
  const root = openHdf5(weights.bytes, weights.name);
  const files = { layers: config.name, weights: weights.name };
  return {
    model,
    notes,
    root,
    version: about.keras_version,
    compiled: isCompiled(model.compile_config),
    files,
  };
}

/** Opens an .h5 file. @throws FormatError as openKeras does; and where it has only weights. */
export function openKerasH5(bytes: Uint8Array, file: string): KerasFile {
  const root = openHdf5(bytes, file);
  const config = root.attribute('model_config');
  if (config === undefined) {
    const isWeights = root.attribute('layer_names') !== undefined || root.get('layers') !== null;
    throw new FormatError(
      file,
      isWeights
        ? 'an HDF5 file with weights and no layers (save_weights): make the model (the same layers, by sequential or model), ' +
            'and give it these weights: await loadWeights(model, place)'
        : root.names.includes('vars') // by the names of its attributes in Python
          ? 'an HDF5 file with weights of a class of its own (Python code) and no layers: make a functional model of the same layers in Keras, and save it with model.save("model.keras")'
          : `an HDF5 file without a model of Keras: expected the attribute model_config, got groups ${show(root.names)}`,
    );
  }
  if (!isString(config)) throw new FormatError(file, `model_config must be text, got ${show(config)}`);
  const version = root.attribute('keras_version') ?? root.get('model_weights')?.attribute('keras_version');
  const model = parseJsonObject(config, `${file}: model_config`, MAX_CONFIG);
  const compiled = root.attribute('training_config') !== undefined;
  const files = { layers: `${file}: model_config`, weights: file };
  return { model, notes: {}, root, version, compiled, files };
}

/** The newest Keras whose files are known here. */
const NEWEST = [3, 15];

/**
 * The model in an opened file.
 * @throws FormatError where it has what we lack; it says so where a newer Keras wrote the file.
 */
export function parseKeras(opened: KerasFile, wanted: Wanted): KerasModel {
  try {
    return parseModel(opened, wanted);
  } catch (cause) {
    const [, major, minor] = /^(\d+)\.(\d+)\./.exec(String(opened.version)) ?? [];
    const isNewer = Number(major) > NEWEST[0] || (Number(major) === NEWEST[0] && Number(minor) > NEWEST[1]);
    if (!(cause instanceof FormatError) || !isNewer) throw cause;
    const problem = cause.message.slice(named(cause.file).length + 2);
    const hint = `Keras ${major}.${minor} wrote it, and degelo knows Keras up to ${NEWEST.join('.')}`;
    throw new FormatError(cause.file, `${problem}; ${hint}`, { cause });
  }
}

function parseModel(opened: KerasFile, { fill, output }: Wanted): KerasModel {
  const { notes, root, version, compiled, files } = opened;
  const model = withSizes(opened.model, fill);
  const field = fieldReader(files.layers);
  const part = withOutput(model, output);
  const network = readKerasModel(part, isOfKeras3(model, version), field, files.layers, output !== null);
  const config = { network, step: 0, ...notes, compile: null };
  const expected = asFormatError(files.layers, () => expectedTensors(config));
  const made = asFormatError(files.layers, () => madeOf(network));
  const tensors = readKerasWeights(root, treeOf(model, 'model', field, files.layers), made, files.weights);
  return {
    config,
    weights: expectTensors(tensors, expected, files.weights),
    writer: isString(version) ? `Keras ${version.slice(0, 40)}` : 'Keras',
    remarks: [
      ...precisionRemarks(model),
      ...(compiled
        ? [
            "what the file was compiled with, and its optimizer's state, aren't read: compile the model to train it",
          ]
        : []),
    ],
  };
}

/** A model that wasn't compiled has an empty compile_config, or one without a loss. */
function isCompiled(config: unknown): boolean {
  return isObject(config) && config.loss !== undefined && config.loss !== null;
}

/** The network without numbers: its layers, and the parameters that they have. */
function madeOf(network: NetworkConfig & { readonly inputShape: Shape }): Network {
  return networkFromConfig(network, (options) => new Network(options), { initialize: false });
}

/** Whether a file has weights as Keras writes them, with or without layers. */
export function isKerasWeights(look: Look): boolean {
  return look.has(SIGNATURE) || look.members.includes(KERAS_WEIGHTS);
}

/**
 * The weights of such a file for a built network of the same layers.
 * @throws FormatError naming the layer where they don't fit.
 */
export function parseKerasWeights({ bytes, name, members }: Look, network: Network): Map<string, Tensor> {
  const isZip = members.includes(KERAS_WEIGHTS);
  const file = isZip ? `${name}: ${KERAS_WEIGHTS}` : name;
  const limit = Math.max(MAX_BYTES, bytes.length);
  const [weights] = isZip
    ? dataAsFormatError(() => readZip(bytes, [KERAS_WEIGHTS], name, unpacker, limit))
    : [bytes];
  return readKerasWeights(openHdf5(weights, file), treeOfNetwork(network), network, file);
}
