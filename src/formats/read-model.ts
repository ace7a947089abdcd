/**
 * The two files of a model (model.ts), read into plain descriptions that have been checked; training/saved/own-model.ts makes a
 * model of those.
 */
import type { LayerDescription, NetworkConfig } from '../model/network.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { COMPILE, isCompile, isNamed } from './compile-config.ts';
import { asFormatError, FormatError } from './errors.ts';
import { expectedTensors, expectTensors } from './expected-tensors.ts';
import { type FieldReader, fieldReader, isFileName, isList, isNames, isString } from './fields.ts';
import { isCount, isCounts, isObject, type JsonObject, parseJsonObject } from './json.ts';
import {
  FORMAT,
  FORMAT_VERSION,
  formatVersionOf,
  MAX_MODEL_JSON,
  type ModelConfig,
  type ModelDescription,
} from './model.ts';
import { readNotes } from './model-notes.ts';
import { withTodaysOptions } from './older-layers.ts';
import { decodeSafetensors } from './safetensors.ts';
import { sha256 } from './sha256.ts';

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
      `not the weights that model.json names: expected sha256 ${description.weights.sha256}, got ${hash}`,
    );
  }
  const expected = asFormatError(files.json, () => expectedTensors(description));
  const { tensors } = decodeSafetensors(bytes, files.weights);
  return expectTensors(tensors, expected, files.weights);
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
