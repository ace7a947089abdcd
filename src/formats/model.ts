/**
 * A model as two files: `model.json`, which says what it is, and `model.safetensors` with its weights.
 * docs/model-format.md defines them. Here they are made, and read into plain descriptions that have been
 * checked; training/saved/own-model.ts makes a model of those.
 */
import { expectModel } from '../checks/handed-in.ts';
import { noMoreArguments } from '../checks/options.ts';
import { Layer } from '../layers/layer.ts';
import { layerFromConfig, layers } from '../layers/registry.ts';
import { type Loss, lossConfig } from '../losses/loss.ts';
import { getLoss, losses } from '../losses/registry.ts';
import type { MetricConfig } from '../metrics/metric.ts';
import { type LayerDescription, Network, type NetworkConfig } from '../model/network.ts';
import { networkFromConfig } from '../model/network-config.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { getOptimizer, optimizers } from '../optimizers/registry.ts';
import { isMadeAgain } from '../registry/registry.ts';
import { expectShape, type Shape, sameShape, type Tensor } from '../tensor/tensor.ts';
import { COMPILE, type CompileConfig, isCompile, isNamed } from './compile-config.ts';
import { asFormatError, FormatError } from './errors.ts';
import { type FieldReader, fieldReader, isFileName, isList, isNames, isString } from './fields.ts';
import { expectJson, isCount, isCounts, isObject, type JsonObject, parseJsonObject, show } from './json.ts';
import { MAX_LAYERS } from './limits.ts';
import { type ModelNotes, readNotes, type WrittenNotes, writtenNotes } from './model-notes.ts';
import { BYTES } from './numbers.ts';
import { withTodaysOptions } from './older-layers.ts';
import { decodeSafetensors, encodeSafetensors, MAX_BESIDE_NUMBERS } from './safetensors.ts';
import { sha256 } from './sha256.ts';
import { VERSION } from './version.ts';

export const MODEL_FILE = 'model.json';
export const WEIGHTS_FILE = 'model.safetensors';
/** The longest model.json that is read, in characters. */
export const MAX_MODEL_JSON = 1_000_000;

export const FORMAT = 'degelo-model';
/** Counts the changes that older readers can't read: 2 has graphs, and models within models. */
const FORMAT_VERSION = 2;

/** The least version that can hold a network: a plain row of layers is as it always was. */
export function formatVersionOf(network: NetworkConfig): number {
  const isNested = network.layers.some(({ config }) => isList(config.layers));
  const isPlain =
    !network.graph && !isNested && network.layers.every(({ training }) => training === undefined);
  return isPlain ? 1 : FORMAT_VERSION;
}

/** @throws FormatError where it isn't a version that this reader knows. */
export function checkFormatVersion(root: JsonObject, field: FieldReader): void {
  const isKnown = (value: unknown): value is number => value === 1 || value === FORMAT_VERSION;
  field('formatVersion', root.formatVersion, `1 or ${FORMAT_VERSION}`, isKnown);
}

/** @throws FormatError where it isn't that of its network. */
export function expectFormatVersion(root: JsonObject, network: NetworkConfig, field: FieldReader): void {
  const version = formatVersionOf(network);
  field('formatVersion', root.formatVersion, `${version}`, (value): value is number => value === version);
}

/** The two files' contents. */
export interface EncodedModel {
  readonly json: string;
  readonly weights: Uint8Array;
}

/** What is saved of a model; Sequential has it all. */
export interface SavableModel extends Network, ModelNotes {
  readonly step: number;
  readonly compiled: {
    readonly optimizer: Optimizer;
    readonly loss: Loss;
    readonly metrics: readonly (string | MetricConfig)[];
    /** The network as it was at that time: `trainable` may have been changed since. */
    readonly config: NetworkConfig;
  } | null;
}

/** All of a built model but its numbers. */
export interface ModelConfig extends WrittenNotes {
  readonly network: NetworkConfig & { readonly inputShape: Shape };
  readonly step: number;
  readonly compile: CompileConfig | null;
}

/** model.json, checked field by field; whether layers, optimizer and loss accept it is theirs to say. */
export interface ModelDescription extends ModelConfig {
  readonly weights: { readonly file: string; readonly sha256: string };
}

/**
 * The two files of a built model. What it holds at the call is saved, whatever happens until the promise settles.
 * Optimizers' running means, threads and kernels aren't saved.
 * @throws Error where the model isn't built, FormatError where a weight isn't finite, RangeError where a layer,
 *   the optimizer or the loss isn't one of ours and could not be read again.
 */
export async function encodeModel(model: SavableModel): Promise<EncodedModel> {
  noMoreArguments('encodeModel', arguments, 1);
  expectModel('encodeModel', model);
  const config = modelConfig(model);
  const weights = encodeSafetensors(namedWeights(model), { file: WEIGHTS_FILE });
  const description = {
    format: FORMAT,
    formatVersion: formatVersionOf(config.network),
    degelo: VERSION,
    ...config,
    weights: { file: WEIGHTS_FILE, sha256: await sha256(weights) },
  };
  return { json: `${JSON.stringify(description, null, 2)}\n`, weights };
}

/** What a built model is. @throws as encodeModel does, except for the weights. */
export function modelConfig(model: SavableModel): ModelConfig {
  if (!model.built) throw new Error(`${model.name}: not built yet: a model is saved with its weights`);
  // Before anything is made of them.
  for (const layer of model.allLayers()) expectSavable(layers, layer.className, `layer ${layer.name}`, layer);
  const network = { ...model.toConfig(), inputShape: model.inputShape };
  expectedTensors({ network }); // whether it can be made again
  expectSameLayers(model);
  if (model.compiled) {
    const { optimizer, loss, metrics } = model.compiled;
    for (const metric of metrics) {
      if (typeof metric !== 'string') expectJson(`metric ${metric.name}`, 'what getConfig gives', metric);
    }
    expectSavable(optimizers, optimizer.name, `optimizer ${optimizer.name}`, optimizer);
    if (loss.getConfig) expectSavable(losses, loss.name, `loss ${loss.name}`, loss);
  }
  const compile = model.compiled && {
    optimizer: model.compiled.optimizer.getConfig(),
    loss: lossConfig(model.compiled.loss),
    metrics: model.compiled.metrics,
  };
  if (compile) {
    const { optimizer, loss } = compile;
    expectMadeAgain(`optimizer ${optimizer.name}`, model.compiled?.optimizer, getOptimizer(optimizer));
    expectMadeAgain(`loss ${loss.name}`, model.compiled?.loss, getLoss(loss));
  }
  return { network, step: model.step, ...writtenNotes(model), compile };
}

/** Whether a file can hold what a part of somebody's own says of itself; ours can. @throws as expectJson does. */
function expectSavable(
  ours: { isOwn(name: string): boolean },
  name: string,
  what: string,
  part: { getConfig?(): unknown },
): void {
  if (!ours.isOwn(name)) expectJson(what, 'what getConfig gives', part.getConfig?.());
}

/**
 * Whether a file's reader would make the same layers of their names and options.
 * @throws RangeError where one is a subclass of ours under our name, or has methods of its own: read again it would be another layer.
 */
export function expectSameLayers(model: Network): void {
  for (const layer of model.allLayers()) {
    const what = `layer ${layer.name} (${layer.className})`;
    if (!(layer instanceof Layer)) {
      throw new RangeError(
        `${what} can't be saved or cloned: it is of another copy of degelo: let both import the same one`,
      );
    }
    if (layers.find(layer.className) === null) continue; // formats say that of those that they don't know
    const again = layerFromConfig(layer.className, layer.getConfig());
    expectMadeAgain(what, layer, again);
  }
}

function expectMadeAgain(what: string, thing: object | undefined, again: object): void {
  if (!thing || isMadeAgain(thing, () => again)) return;
  throw new RangeError(
    `${what} can't be saved or cloned: made again by its name, it would not have its own methods: give it a name of its own, and register it`,
  );
}

/**
 * A model's weights under the names that files give them, in layer order; views, not copies.
 *
 *   const kernel = namedWeights(model).get('dense/kernel'); // a tensor [inputs, units]
 *
 * @throws Error where the model isn't built.
 */
export function namedWeights(model: Network): Map<string, Tensor> {
  noMoreArguments('namedWeights', arguments, 1);
  expectModel('namedWeights', model);
  if (!model.built) throw new Error(`${model.name}: not built yet: it has no weights`);
  return new Map(model.parameters().map(({ name, value }) => [name, value]));
}

/**
 * model.json as a description, each field of the kind that it must be.
 * @param file what messages call it
 * @throws FormatError for damaged JSON, another format or version, and the first field that isn't as it must be.
 */
export function parseDescription(json: string, file: string): ModelDescription {
  const root = parseJsonObject(json, file, MAX_MODEL_JSON);
  const field = fieldReader(file);
  if (root.format === 'layers-model' || (root.format === undefined && root.modelTopology !== undefined)) {
    throw new FormatError(file, 'this is a TensorFlow.js model: loadLayersModel reads it');
  }
  field('format', root.format, `"${FORMAT}"`, (value) => value === FORMAT);
  checkFormatVersion(root, field);

  const config = readModelConfig(root, field);
  expectFormatVersion(root, config.network, field);
  const weights = field('weights', root.weights, 'an object', isObject);
  return {
    ...config,
    weights: {
      // A name, and never a path: a model's folder is all that loading it reads.
      file: field('weights.file', weights.file, 'a plain file name', isFileName),
      sha256: field('weights.sha256', weights.sha256, '64 hexadecimal digits', isSha256),
    },
  };
}

/** A model's fields in a JSON object, each checked by `field`, which knows the file. */
export function readModelConfig(root: JsonObject, field: FieldReader): ModelConfig {
  const network = field('network', root.network, 'an object', isObject);
  return {
    network: {
      ...readNetwork(network, 'network', field),
      inputShape: field('network.inputShape', network.inputShape, 'a list of integers ≥ 0', isCounts),
    },
    step: field('step', root.step, 'an integer ≥ 0', isCount),
    ...readNotes(root, field),
    compile: root.compile === null ? null : field('compile', root.compile, COMPILE, isCompile),
  };
}

/** A network, or a model within one; JSON's own depth is bounded (json.ts). */
function readNetwork(network: JsonObject, where: string, field: FieldReader): NetworkConfig {
  const graph = field(`${where}.graph`, network.graph ?? false, 'true or false', isBoolean);
  const layers = field(`${where}.layers`, network.layers, 'a list', isList).map((value, i) => {
    const path = `${where}.layers[${i}]`;
    const layer = field(path, value, 'an object', isObject);
    return readLayerDescription(layer, path, graph, field);
  });
  const shape = network.inputShape ?? null;
  return {
    name: field(`${where}.name`, network.name, 'a string', isString),
    seed: field(`${where}.seed`, network.seed, 'an integer ≥ 0', isCount),
    inputShape:
      shape === null ? null : field(`${where}.inputShape`, shape, 'a list of integers ≥ 0', isCounts),
    ...(graph && { graph }),
    layers,
  };
}

function readLayerDescription(
  layer: JsonObject,
  path: string,
  graph: boolean,
  field: FieldReader,
): LayerDescription {
  const className = field(`${path}.className`, layer.className, 'a string', isString);
  const config = field(`${path}.config`, layer.config, 'a layer with name and trainable', isLayerConfig);
  const { inputs, training } = layer;
  const isModel = className === 'Sequential' || className === 'Functional';
  return {
    className,
    config: isModel
      ? { trainable: config.trainable, ...readNetwork(config as JsonObject, `${path}.config`, field) }
      : withTodaysOptions(className, config),
    ...(graph && { inputs: field(`${path}.inputs`, inputs, 'a list of layer names', isNames) }),
    ...(training !== undefined && {
      training: field(`${path}.training`, training, 'true or false', isBoolean),
    }),
  };
}

/**
 * The weights of a described model, one tensor per parameter, in layer order. No memory is taken for layers that
 * are only claimed: the tensors that are there must be the ones that the layers ask for.
 * @param files what messages call the two files
 * @throws FormatError where the checksum differs, where the layers can't be made or follow one another, and
 *   where a tensor is missing, unknown, or of another type or shape.
 */
export async function decodeWeights(
  description: ModelDescription,
  bytes: Uint8Array,
  files: { readonly json: string; readonly weights: string },
): Promise<Tensor[]> {
  const hash = await sha256(bytes);
  if (hash !== description.weights.sha256) {
    throw new FormatError(
      files.weights,
      `not the weights that ${MODEL_FILE} names: expected sha256 ${description.weights.sha256}, got ${hash}`,
    );
  }
  const expected = asFormatError(files.json, () => expectedTensors(description));
  const { tensors } = decodeSafetensors(bytes, files.weights);
  return expectTensors(tensors, expected, files.weights);
}

/**
 * The tensors of these names and shapes, in this order.
 * @throws FormatError where one is missing, of another type or shape, or belongs to no layer.
 */
export function expectTensors(
  tensors: ReadonlyMap<string, Tensor>,
  expected: ReadonlyMap<string, Shape>,
  file: string,
): Tensor[] {
  for (const name of tensors.keys()) {
    if (!expected.has(name)) {
      throw new FormatError(file, `tensor ${show(name)} belongs to no layer of the model`);
    }
  }
  return Array.from(expected, ([name, shape]) => expectTensor(tensors, name, shape, file));
}

/** The tensor of this name. @throws FormatError where it is missing, or of another type or shape. */
export function expectTensor(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  shape: Shape,
  file: string,
): Tensor {
  const value = tensors.get(name);
  const wanted = `float32 of shape [${shape}]`;
  if (!value) throw new FormatError(file, `tensor ${show(name)} is missing: expected ${wanted}`);
  if (value.dtype !== 'float32' || !sameShape(value.shape, shape)) {
    const got = `${value.dtype} of shape [${value.shape}]`;
    throw new FormatError(file, `tensor ${show(name)} must be ${wanted}, got ${got}`);
  }
  return value;
}

/** Of a model, with those of the models in it. */
function expectFewLayers(network: NetworkConfig): void {
  const countOf = (layers: unknown): number =>
    isList(layers) ? layers.reduce<number>((sum, layer) => sum + 1 + nestedIn(layer), 0) : 0;
  const nestedIn = (layer: unknown): number =>
    isObject(layer) && isObject(layer.config) ? countOf(layer.config.layers) : 0;
  const count = countOf(network.layers);
  if (count > MAX_LAYERS) throw new RangeError(`layers must be at most ${MAX_LAYERS}, got ${count}`);
}

/** Names and shapes of all parameters, in layer order, from layers that are made for this and get no numbers. */
export function expectedTensors({ network }: Pick<ModelConfig, 'network'>): Map<string, Shape> {
  expectFewLayers(network);
  const { layers, inputShape, graph } = network;
  if (layers.length === 0) return new Map();
  const own = graph ? undefined : (layers[0].config.inputShape as Shape | undefined);
  if (own) expectShape(`layer ${layers[0].config.name}`, 'inputShape', own, inputShape);
  const made = networkFromConfig(network, (options) => new Network(options), { initialize: false });
  expectShape(`model ${network.name}`, 'inputShape', made.inputShape, inputShape);
  return new Map(made.parameters().map(({ name, parameter }) => [name, parameter.shape]));
}

/**
 * The most bytes that the weights' file of a described model can have, known before it is read: all its parameters as float32,
 * and the longest header.
 */
export function mostWeightBytes(config: Pick<ModelConfig, 'network'>): number {
  let numbers = 0;
  for (const shape of expectedTensors(config).values()) {
    // Where one size is 0, the product of the others may be infinite.
    if (!shape.includes(0)) numbers += shape.reduce((product, size) => product * size, 1);
  }
  return BYTES.float32 * numbers + MAX_BESIDE_NUMBERS;
}

function isLayerConfig(value: unknown): value is NetworkConfig['layers'][number]['config'] {
  if (!isNamed(value) || value.name === '' || typeof value.trainable !== 'boolean') return false;
  return value.inputShape === undefined || isCounts(value.inputShape);
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isSha256(value: unknown): value is string {
  return isString(value) && /^[0-9a-f]{64}$/.test(value);
}
