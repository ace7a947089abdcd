/**
 * TensorFlow.js' LayersModel: `model.json`, and one or more files of weights beside it.
 *
 *   { "format": "layers-model", "generatedBy": …, "convertedBy": …,
 *     "modelTopology": { "class_name": "Sequential", "config": { "name": …, "layers": [ … ] } },
 *     "userDefinedMetadata": …,
 *     "weightsManifest": [ { "paths": ["weights.bin"], "weights": [ { "name": "conv2d/kernel", "shape": […], "dtype": "float32" } ] } ] }
 *
 * The numbers of all weights follow one another, little-endian, row-major, cut into the files of `paths` at any place.
 * Keras' converter puts the topology one level deeper, into `model_config`. Source: tfjs-core/src/io/types.ts,
 * tfjs-layers/src/models.ts. A training configuration is neither read nor written: compile the model instead.
 */
import { expectModel } from '../checks/handed-in.ts';
import { noMoreArguments } from '../checks/options.ts';
import { expectBetweenSteps } from '../layers/turns.ts';
import type { Network } from '../model/network.ts';
import { type Shape, Tensor } from '../tensor/tensor.ts';
import { asFormatError, FormatError } from './errors.ts';
import { expectedTensors, expectTensors } from './expected-tensors.ts';
import { type FieldReader, fieldReader, isList, isString } from './fields.ts';
import { halfToFloat } from './halves.ts';
import { isCounts, isObject, type JsonObject, parseJsonObject, show } from './json.ts';
import { precisionRemarks } from './keras-dtypes.ts';
import { readKerasModel, toTopology } from './keras-graph.ts';
import { withSizes } from './keras-open-sizes.ts';
import { withOutput } from './keras-outputs.ts';
import { withWidth } from './keras-steps.ts';
import { isOfKeras3 } from './keras-topology.ts';
import { type EncodedModel, MAX_MODEL_JSON, type ModelConfig, FORMAT as OURS } from './model.ts';
import { foreignNotes, type ModelNotes, readForeignNotes } from './model-notes.ts';
import { checkFinite, putNumbers, takeNumbers } from './numbers.ts';
import { type Wanted, WHOLE } from './outputs.ts';
import { expectSameLayers } from './same-layers.ts';
import { isOfTwoRows } from './teachable-machine.ts';
import { expectAsInKeras, isOfTfjs } from './tfjs-layers.ts';
import { VERSION } from './version.ts';

export const LAYERS_MODEL_FILE = 'model.json';
export const LAYERS_MODEL_WEIGHTS = 'weights.bin';

const FORMAT = 'layers-model';
/** Bytes of an element, of the types that are beside a model's own weights, which are float32. */
const ELEMENT_BYTES = { float32: 4, int32: 4, bool: 1 } as const;
/** Group of weights that belong to an optimizer, which `save(…, { includeOptimizer: true })` adds. */
const OPTIMIZER = 'optimizer';

/** One tensor's place among the numbers. */
interface WeightSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly begin: number;
  readonly quantization: Quantization | null;
}

/**
 * How TensorFlow.js' converter stores a weight in fewer bytes: as IEEE's half precision, or as whole numbers q for
 *
 *     value = q · scale + min, in float64, rounded once to float32
 *
 * Source: tfjs-core/src/io/io_utils.ts, decodeWeights.
 */
type Quantization =
  | { readonly dtype: 'float16' }
  | { readonly dtype: 'uint8' | 'uint16'; readonly scale: number; readonly min: number };

/** model.json, checked field by field. */
export interface LayersModelDescription {
  readonly config: ModelConfig;
  /** Whether it is a part of what the file has, which has weights of others too. */
  readonly isPart: boolean;
  /** Whether a metadata.json of Teachable Machine may be beside it. */
  readonly mayHaveMetadata: boolean;
  /** Plain names of the files with the numbers, in their order. */
  readonly paths: readonly string[];
  /** The model's weights, without the optimizer's. */
  readonly specs: readonly WeightSpec[];
  /** Bytes that all these files hold together. */
  readonly bytes: number;
  /** What of it is changed on the way, a line each. */
  readonly remarks: readonly string[];
}

/**
 * model.json and weights.bin of a built model, for TensorFlow.js. It gets layers, weights, the names of classes and
 * which images it takes; seed, step and what `compile` settled stay behind.
 *
 *     const { json, weights } = encodeLayersModel(model); // of model.json and weights.bin
 *
 * @throws Error where the model isn't built, FormatError where a weight isn't finite, RangeError where a layer has no
 *   place in the format.
 */
export function encodeLayersModel(model: Network & ModelNotes): EncodedModel {
  noMoreArguments('encodeLayersModel', arguments, 1);
  expectModel('encodeLayersModel', model);
  void model.inputShape; // throws where the model isn't built
  expectBetweenSteps('encodeLayersModel', model);
  expectSameLayers(model);
  const tensors = leafWeights(model);
  const specs = Array.from(tensors, ([name, { shape }]) => ({ name, shape, dtype: 'float32' }));
  const notes = foreignNotes(model);
  const description = {
    format: FORMAT,
    generatedBy: `degelo ${VERSION}`,
    convertedBy: null,
    modelTopology: toTopology(model),
    ...(Object.keys(notes).length > 0 && { userDefinedMetadata: notes }),
    weightsManifest: [{ paths: [LAYERS_MODEL_WEIGHTS], weights: specs }],
  };
  const size = Array.from(tensors.values()).reduce((sum, { data }) => sum + data.byteLength, 0);
  const weights = new Uint8Array(size);
  let at = 0;
  for (const [name, tensor] of tensors) at = putNumbers(weights, at, tensor, name, LAYERS_MODEL_WEIGHTS);
  return { json: `${JSON.stringify(description, null, 2)}\n`, weights };
}

/** The weights as TensorFlow.js names them: by their layer only, whatever models it is in. */
function leafWeights(model: Network): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const { layer, parameter, value } of model.parameters()) {
    const name = `${layer.name}/${parameter.name}`;
    if (tensors.has(name)) {
      throw new RangeError(
        `layer names must differ in this format, also between models within models, got ${layer.name} twice: rename one: layer.name = '…'`,
      );
    }
    tensors.set(name, value);
  }
  return tensors;
}

/**
 * A LayersModel's model.json, by TensorFlow.js or by Keras' converter.
 * @param file what messages call it
 * @throws FormatError for damaged JSON; a model that isn't a chain; a layer, an option or a layout that we lack, by its
 *   name; and weights that aren't float32, however they are stored.
 */
export function parseLayersModel(json: string, file: string, wanted: Wanted = WHOLE): LayersModelDescription {
  const root = parseJsonObject(json, file, MAX_MODEL_JSON);
  const field = fieldReader(file);
  if (root.format === OURS) {
    throw new FormatError(file, "this is degelo's own format: loadModel reads it");
  }
  // Early versions of TensorFlow.js wrote no format.
  field('format', root.format ?? FORMAT, `"${FORMAT}"`, (value) => value === FORMAT);
  const manifest = field('weightsManifest', root.weightsManifest, 'a list', isList);
  const topology = field('modelTopology', root.modelTopology, 'an object', isObject);
  const described = readTopology(topology, wanted, field, file);
  const notes = readForeignNotes(root.userDefinedMetadata, field, 'userDefinedMetadata.');
  const { remarks, ...weights } = readManifest(manifest, field, file);
  const model = isObject(topology.model_config) ? topology.model_config : topology;
  return {
    config: { ...described, ...notes },
    isPart: wanted.output !== null,
    mayHaveMetadata: isOfTwoRows(model) && described.classNames === undefined,
    ...weights,
    remarks: [...precisionRemarks(model), ...remarks],
  };
}

/** `12 weights stored as uint8 (value = q·scale + min) became float32` */
function remarksOn(specs: readonly WeightSpec[]): string[] {
  const types = (['uint8', 'uint16', 'float16'] as const).map((dtype) => ({
    dtype,
    count: specs.filter(({ quantization }) => quantization?.dtype === dtype).length,
  }));
  return types.flatMap(({ dtype, count }) => {
    const rule = dtype === 'float16' ? '' : ' (value = q·scale + min)';
    return count > 0
      ? [`${count} weight${count === 1 ? '' : 's'} stored as ${dtype}${rule} became float32`]
      : [];
  });
}

/**
 * The weights of a described model, one tensor per parameter, in layer order.
 * @param bytes of all its files, one after the other
 * @throws FormatError where there are more or fewer bytes than model.json says, where layers can't follow one another,
 *   and where a tensor is missing, unknown, or of another shape.
 */
export function decodeLayersWeights(
  { config, isPart, specs, bytes: size }: LayersModelDescription,
  bytes: Uint8Array,
  files: { readonly json: string; readonly weights: string },
): Tensor[] {
  if (bytes.length !== size) {
    const fault = bytes.length < size ? 'truncated' : 'too long';
    throw new FormatError(
      files.weights,
      `${fault}: expected ${size} bytes, as model.json says, got ${bytes.length}`,
    );
  }
  const expected = asFormatError(files.json, () => expectedTensors(config));
  const tensors = new Map<string, Tensor>();
  const within = byEnds(expected.keys());
  for (const { name: given, shape, begin, quantization } of specs) {
    const name = ownName(given, expected, within);
    if (isPart && !expected.has(name)) continue;
    if (tensors.has(name)) {
      throw new FormatError(files.json, `weights must differ by name, got ${show(name)} twice`);
    }
    const read = quantization
      ? dequantized(bytes, begin, shape, quantization)
      : takeNumbers(bytes, begin, { name, shape, dtype: 'float32' }, files.weights);
    const value = new Tensor(read.data, withWidth(shape, expected.get(name) ?? shape));
    checkFinite(value.data, name, files.weights);
    tensors.set(name, value);
  }
  return expectTensors(tensors, expected, files.weights);
}

/** A weight that is stored in fewer bytes; whoever calls has compared its size with those that are there. */
function dequantized(bytes: Uint8Array, at: number, shape: Shape, quantization: Quantization): Tensor {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < data.length; i++) {
    if (quantization.dtype === 'float16') data[i] = halfToFloat(view.getUint16(2 * i, true));
    else {
      const q = quantization.dtype === 'uint8' ? view.getUint8(i) : view.getUint16(2 * i, true);
      data[i] = q * quantization.scale + quantization.min;
    }
  }
  return new Tensor(data, shape);
}

/**
 * `layer/parameter`, of a name that may begin with the model's name, or the layer's once more, and end in TensorFlow's number of
 * an output (`:0`). The longest end that is a parameter's name counts, since layers' names may hold slashes.
 */
function ownName(
  given: string,
  expected: ReadonlyMap<string, Shape>,
  within: ReadonlyMap<string, string | null>,
): string {
  const ends = endsOf(given.replace(/:\d+$/, ''));
  const own = ends.find((end) => expected.has(end));
  if (own !== undefined) return own;
  // Of a layer within a model, whose name is before it here, and not there.
  const inner = ends.slice(0, -1).find((end) => typeof within.get(end) === 'string');
  return inner === undefined ? (ends.at(-2) ?? ends[0]) : (within.get(inner) as string); // it was just found
}

/** Full names by what they end in; null where several do. */
function byEnds(names: Iterable<string>): Map<string, string | null> {
  const full = new Map<string, string | null>();
  for (const name of names) {
    for (const end of endsOf(name).slice(1)) full.set(end, full.has(end) ? null : name);
  }
  return full;
}

/** The parts of a name that are looked at, from its end: a file may have a name of half a million. */
const MOST_PARTS = 64;

/** `a/b/c`, `b/c`, `c` */
function endsOf(name: string): string[] {
  const parts = name.split('/').slice(-MOST_PARTS);
  return parts.map((_, i) => parts.slice(i).join('/'));
}

/**
 * A model without weights: what Keras' to_json and TensorFlow.js' toJSON say, which is as modelTopology in a LayersModel.
 * @throws FormatError as parseLayersModel does.
 */
export function parseTopology(json: string, file: string): ModelConfig {
  const root = parseJsonObject(json, file, MAX_MODEL_JSON);
  if (root.modelTopology !== undefined || root.format !== undefined) {
    throw new FormatError(file, 'this is a whole model.json, with weights beside it: loadModel reads it');
  }
  if (isList(root.layers) && root.seed !== undefined) {
    throw new FormatError(
      file,
      'this is what a model of degelo says of itself: cloneModel(model) has the same layers, with weights of its own',
    );
  }
  return readTopology(root, WHOLE, fieldReader(file), file);
}

/** Layers and input shape. What a LayersModel doesn't have is as in a new model: seed 0, no step, not compiled. */
function readTopology(
  outer: JsonObject,
  { fill, output }: Wanted,
  field: FieldReader,
  file: string,
): ModelConfig {
  const described =
    outer.model_config === undefined
      ? outer
      : field('modelTopology.model_config', outer.model_config, 'an object', isObject);
  if (isOfTfjs(outer.keras_version)) expectAsInKeras(described, field);
  const topology = withOutput(withSizes(described, fill), output);
  const isKeras3 = isOfKeras3(topology, outer.keras_version);
  return {
    network: readKerasModel(topology, isKeras3, field, file, output !== null),
    step: 0,
    compile: null,
  };
}

function readManifest(
  manifest: readonly unknown[],
  field: FieldReader,
  file: string,
): Omit<LayersModelDescription, 'config' | 'isPart' | 'mayHaveMetadata'> {
  const paths = new Set<string>();
  const specs: WeightSpec[] = [];
  let at = 0;
  for (const [i, value] of manifest.entries()) {
    const where = `weightsManifest[${i}]`;
    const group = field(where, value, 'an object', isObject);
    for (const path of field(`${where}.paths`, group.paths, 'a list', isList)) {
      const name = field(`${where}.paths`, path, 'plain file names', isPlainPath).replace(/^\.\//, '');
      // Each file is read once, so that they can't be more than there are.
      if (paths.has(name)) throw new FormatError(file, `${where}.paths must differ, got ${show(name)} twice`);
      paths.add(name);
    }
    for (const weight of field(`${where}.weights`, group.weights, 'a list', isList)) {
      const { elementBytes, isModels, ...spec } = readSpec(weight, where, field);
      if (isModels) specs.push({ ...spec, begin: at });
      at += spec.shape.reduce((product, dimension) => product * dimension, elementBytes);
      // Past 2^53 the sum is rounded, or infinite, and what is left of it after each file is anything.
      if (!Number.isSafeInteger(at)) {
        throw new FormatError(
          file,
          `weights must be fewer bytes than 2^53: got weight ${show(spec.name)} of shape ${show(spec.shape)}`,
        );
      }
    }
  }
  return { paths: [...paths], specs, bytes: at, remarks: remarksOn(specs) };
}

function readSpec(
  value: unknown,
  where: string,
  field: FieldReader,
): Omit<WeightSpec, 'begin'> & { elementBytes: number; isModels: boolean } {
  const spec = field(`${where}.weights`, value, 'a list of objects', isObject);
  const name = field(`${where}.weights: name`, spec.name, 'a string', isString);
  const weight = `weight ${show(name)}`;
  const isModels = spec.group !== OPTIMIZER;
  const isType = (dtype: unknown): dtype is keyof typeof ELEMENT_BYTES =>
    isModels ? dtype === 'float32' : isString(dtype) && Object.hasOwn(ELEMENT_BYTES, dtype);
  const dtype = field(
    `${weight}: dtype`,
    spec.dtype,
    isModels ? '"float32"' : 'float32, int32 or bool',
    isType,
  );
  const shape = field(`${weight}: shape`, spec.shape, 'a list of integers ≥ 0', isCounts);
  const quantization =
    spec.quantization === undefined
      ? null
      : field(`${weight}: quantization`, spec.quantization, QUANTIZATION, isQuantization);
  const elementBytes = quantization ? QUANTIZED_BYTES[quantization.dtype] : ELEMENT_BYTES[dtype];
  return { name, shape, elementBytes, isModels, quantization };
}

const QUANTIZED_BYTES = { uint8: 1, uint16: 2, float16: 2 } as const;
const QUANTIZATION = '{ dtype: "uint8" or "uint16", scale, min }, or { dtype: "float16" }';

function isQuantization(value: unknown): value is Quantization {
  if (!isObject(value)) return false;
  const { dtype, scale, min } = value;
  if (dtype === 'float16') return true;
  return (dtype === 'uint8' || dtype === 'uint16') && Number.isFinite(scale) && Number.isFinite(min);
}

/** A name in the model's own folder, with or without `./`; never a way out of it. */
function isPlainPath(value: unknown): value is string {
  return isString(value) && /^(\.\/)?\w[\w.-]{0,99}$/.test(value);
}
