/**
 * Keras' models as one row of layers: Sequential ones, and functional ones whose layers are a chain.
 *
 *   { "class_name": "Sequential", "config": { "name": …, "layers": [ … ] } }
 *   { "class_name": "Functional", "config": { "name": …, "input_layers": …, "output_layers": …, "layers": [
 *       { "class_name": "Dense", "config": { "name": "dense", … }, "inbound_nodes": [ [ [ "flatten", 0, 0, {} ] ] ] }, … ] } }
 *
 * Keras 3 writes a node as `{ args, kwargs }`; TensorFlow.js also reads names in camel case, and says `Model` where Keras says `Functional`.
 * Source: Keras' Functional.get_config, tfjs-layers/src/engine/container.ts.
 */
import { FormatError } from './errors.ts';
import { type FieldReader, isList, isString } from './fields.ts';
import { isObject, type JsonObject, show, wordOf } from './json.ts';
import { activationsApart } from './keras-activations.ts';
import { TRAINING_ONLY } from './keras-layer-table.ts';
import { nameOf } from './keras-names.ts';
import { operationAsLayers } from './keras-operations.ts';
import { partsApart } from './keras-parts.ts';
import { apartByUse } from './keras-uses.ts';
import { withWholeInputs } from './keras-whole-inputs.ts';
import { MAX_LAYERS } from './limits.ts';

/** A model's layers in the order in which they work, as they are in the file. */
export interface LayerRow {
  readonly name: string;
  readonly layers: readonly JsonObject[];
  /** `build_input_shape`, which stands in for a shape that the first layer doesn't name; undefined where there is none. */
  readonly builtFor: unknown;
}

/** Layers that prepare images, of which Keras 3 says `training: true` in every graph, whether it trains or not. */
const PREPARING = /^(Random[A-Z]|CenterCrop$|Resizing$|AutoContrast$|\w*Equalization$)/;

const SEQUENTIAL = 'Sequential';
const FUNCTIONAL = ['Functional', 'Model'];

/**
 * The layers of a model that is a chain, and has no models in it.
 * @param where what messages call the model
 * @throws FormatError for a model of another class, and one with branches, by the layer where they begin.
 */
export function layerRow(model: JsonObject, where: string, field: FieldReader, file: string): LayerRow {
  const { name, layers: own, isGraph, config, builtFor } = modelParts(model, where, field, file);
  const ordered = isGraph ? chainOf({ layers: own, config }) : own;
  if (!ordered) throw new FormatError(file, `${where}: its layers must be a chain`);
  for (const layer of ordered) expectPlainCalls(layer, where, file);
  // As in Keras, where setting it on a model sets it on every layer.
  const frozen = config.trainable === false;
  return { name, layers: frozen ? ordered.map(freeze) : ordered, builtFor };
}

/** A model's fields, with Python's names. */
export interface ModelParts {
  readonly name: string;
  readonly config: JsonObject;
  readonly layers: readonly JsonObject[];
  /** Its layers are connected by name. */
  readonly isGraph: boolean;
  readonly builtFor: unknown;
}

/** @throws FormatError for a model of another class, and fields of other kinds. */
export function modelParts(model: JsonObject, where: string, field: FieldReader, file: string): ModelParts {
  const { class_name: given, config: content } = pythonic(model, where, file);
  const className = field(
    `${where}: class_name`,
    given,
    '"Sequential", "Functional" or "Model" (other classes are Python code: make a functional model of them in Keras)',
    isModelClass,
  );
  // Keras before 2.2.3 had the list itself in place of an object with it.
  const config = isList(content)
    ? { name: 'sequential', layers: content }
    : pythonic(field(`${where}: config`, content, 'an object', isObject), where, file);
  const list = field(`${where}: config.layers`, config.layers, 'a list', isList);
  if (list.length > MAX_LAYERS) {
    throw new FormatError(file, `layers must be at most ${MAX_LAYERS}, got ${list.length}`);
  }
  const name = field(`${where}: config.name`, config.name, 'a string', isString);
  const named = list.map((value, i): JsonObject => {
    const layer = pythonic(field(`layer ${i}`, value, 'an object', isObject), `layer ${i}`, file);
    const read = isObject(layer.config)
      ? { ...layer, config: pythonic(layer.config, `layer ${i}`, file) }
      : layer;
    const className = wordOf(layer.class_name);
    return TRAINING_ONLY.includes(className) || PREPARING.test(className) ? inInference(read) : read;
  });
  const { input_layers, output_layers, ...others } = config;
  const used = apartByUse(partsApart({ layers: named, ends: { input_layers, output_layers } }));
  const isGraph = className !== SEQUENTIAL;
  const own = withWholeInputs(used.layers, isGraph).flatMap((layer) => operationAsLayers(layer, where, file));
  const [layers, ends] = activationsApart(own, used.ends);
  return {
    ...{ name, layers, config: { ...others, ...ends } },
    isGraph,
    builtFor: config.build_input_shape,
  };
}

/** Without `training: true`, which Keras writes for every call of such a layer: its default. */
function inInference(layer: JsonObject): JsonObject {
  if (!isList(layer.inbound_nodes)) return layer;
  const nodes = layer.inbound_nodes.map((node) => {
    if (!isObject(node) || !isObject(node.kwargs)) return node;
    const { training: _, ...kwargs } = node.kwargs;
    return { ...node, kwargs };
  });
  return { ...layer, inbound_nodes: nodes };
}

/**
 * The layers from the input to the output, if they are a chain: each but the input reads one, and no two the same. null: they aren't, or
 * some aren't there, or read one another in a circle.
 */
export function chainOf({ layers, config }: Pick<ModelParts, 'layers' | 'config'>): JsonObject[] | null {
  const [input, ...inputs] = endsOf(config.input_layers);
  const [output, ...outputs] = endsOf(config.output_layers);
  const byName = new Map(layers.map((layer) => [nameOf(layer), layer]));
  if (inputs.length > 0 || outputs.length > 0 || byName.size < layers.length) return null;
  /** By the name of a layer, the one that reads it. */
  const readers = new Map<string, JsonObject>();
  for (const layer of layers) {
    const nodes = isList(layer.inbound_nodes) ? layer.inbound_nodes : [];
    if (nodes.length !== (nameOf(layer) === input ? 0 : 1)) return null;
    for (const node of nodes) {
      const { sources, training } = callOf(node);
      if (sources.length !== 1 || readers.has(sources[0]) || training === false) return null;
      readers.set(sources[0], layer);
    }
  }
  const row: JsonObject[] = [];
  // A circle can't be entered, since no layer is read twice, names differ, and the first one reads nothing.
  for (let next = byName.get(input); next; next = readers.get(nameOf(next))) row.push(next);
  const last = row.at(-1);
  return last && row.length === layers.length && nameOf(last) === output ? row : null;
}

/** @throws FormatError where a layer is called with anything but its input. */
function expectPlainCalls(layer: JsonObject, where: string, file: string): void {
  const called = `${where}: layer ${show(nameOf(layer))} (${wordOf(layer.class_name)})`;
  for (const node of isList(layer.inbound_nodes) ? layer.inbound_nodes : []) sourcesOf(node, called, file);
}

/** What a node reads, and whether it says `training`. */
export function callOf(node: unknown): { readonly sources: readonly string[]; readonly training: unknown } {
  if (isObject(node)) {
    // Keras 3 writes false for every layer that can train, and its fit says true to it all the same.
    return { sources: references(node.args, true), training: undefined };
  }
  const options = listsOf(node).map(([, , , given]) => (isObject(given) ? given : {}));
  return { sources: references(node), training: options[0]?.training };
}

/** The names of the layers that a node reads, in their order. */
export function sourcesOf(node: unknown, called: string, file: string): string[] {
  if (isObject(node)) {
    const { training, ...others } = isObject(node.kwargs) ? node.kwargs : {};
    // Keras 3 writes false for every layer that can train, and its fit says true to it all the same.
    expectNothing(training === false ? others : { training, ...others }, called, file);
    return references(node.args, true);
  }
  for (const [, , , options] of listsOf(node)) {
    const { training, ...others } = isObject(options) ? options : {};
    expectNothing(training === false ? others : { training, ...others }, called, file);
  }
  return references(node);
}

/** @throws FormatError where a layer is called with anything but its input. */
function expectNothing(options: JsonObject, called: string, file: string): void {
  for (const [name, value] of Object.entries(options)) {
    if (value !== null && value !== undefined) {
      throw new FormatError(
        file,
        `${called} is called with ${show(name)}: ${show(value)}: expected only its input`,
      );
    }
  }
}

/** Layers' names in lists such as `["dense", 0, 0]`, however deep these are nested. */
function references(value: unknown, inTensors = false): string[] {
  if (inTensors && isObject(value)) {
    return isObject(value.config) ? references(value.config.keras_history) : [];
  }
  if (inTensors && isList(value)) return value.flatMap((each) => references(each, true));
  return listsOf(value).map(([name]) => name);
}

/** The layers at a model's beginning or end: a list of references, or, by the names that Keras knows them under, an object of such. */
export function endsOf(value: unknown): string[] {
  return references(isObject(value) ? Object.values(value) : value);
}

/** The innermost lists that begin with a name. */
function listsOf(value: unknown): (readonly [string, ...unknown[]])[] {
  if (!isList(value)) return [];
  const isReference = (list: readonly unknown[]): list is readonly [string, ...unknown[]] =>
    isString(list[0]);
  return isReference(value) ? [value] : value.flatMap(listsOf);
}

function freeze(layer: JsonObject): JsonObject {
  return isObject(layer.config) ? { ...layer, config: { ...layer.config, trainable: false } } : layer;
}

/** The same object with Python's names: `batch_input_shape` where it says `batchInputShape`. */
function pythonic(object: JsonObject, where: string, file: string): JsonObject {
  const entries = Object.entries(object).map(([key, value]): [string, unknown] => [
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  const names = new Set<string>();
  for (const [name] of entries) {
    if (names.has(name))
      throw new FormatError(file, `${where}: fields must differ, got ${show(name)} in two spellings`);
    names.add(name);
  }
  // fromEntries makes `__proto__` a property like any other.
  return Object.fromEntries(entries);
}

/** Whether Keras 3 wrote it: by its version; its `to_json` says none, but the module of each class, which Keras 2's doesn't. */
export function isOfKeras3(model: JsonObject, version: unknown): boolean {
  return version === undefined || version === null ? isString(model.module) : /^3\./.test(wordOf(version));
}

export function isModelClass(value: unknown): value is string {
  return value === SEQUENTIAL || (isString(value) && FUNCTIONAL.includes(value));
}
