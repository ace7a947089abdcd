/**
 * Keras' models with branches, and models within models, in TensorFlow.js' layout:
 *
 *   { "class_name": "Functional", "config": { "name": …, "input_layers": [["x", 0, 0]], "output_layers": [["y", 0, 0]], "layers": [
 *       { "name": "add", "class_name": "Add", "config": { … }, "inbound_nodes": [[["a", 0, 0, {}], ["b", 0, 0, {}]]] }, … ] } }
 *
 * A chain without models in it is read as one row of layers: keras-topology.ts.
 */
import type { Layer } from '../layers/layer.ts';
import { layerFromConfig } from '../layers/registry.ts';
import { asNetwork, type LayerDescription, Network, type NetworkConfig } from '../model/network.ts';
import { networkFromConfig } from '../model/network-config.ts';
import type { Shape } from '../tensor/tensor.ts';
import { FormatError } from './errors.ts';
import { type FieldReader, isList } from './fields.ts';
import { isObject, type JsonObject, show, wordOf } from './json.ts';
import { fromKeras, inputWithin, readInput, readKerasLayer } from './keras-layers.ts';
import { nameOf } from './keras-names.ts';
import { isLaterModel, operationAsModel } from './keras-operations.ts';
import { leadingToOutput } from './keras-outputs.ts';
import { isOfSteps, stepsAsModel } from './keras-steps.ts';
import {
  callOf,
  chainOf,
  endsOf,
  isModelClass,
  layerRow,
  type ModelParts,
  modelParts,
  sourcesOf,
} from './keras-topology.ts';
import { severalOutputs } from './outputs.ts';
import { expectTfjsName, toTfjs } from './tfjs-layers.ts';

/** A description that is read: whether Keras 3 wrote it, and what names the place of a mistake. */
interface Reading {
  readonly isKeras3: boolean;
  readonly field: FieldReader;
  readonly file: string;
}

/** A network and the shape of its input. */
type Read = NetworkConfig & { readonly inputShape: Shape };

/** A built network as TensorFlow.js describes it. @throws RangeError where a layer has no place in the format. */
export function toTopology(network: Network): JsonObject {
  const { className, name, layers, links } = network;
  const isGraph = className === 'Functional';
  const described = network.toConfig().layers.map((layer, i): JsonObject => {
    const inner = asNetwork(layers[i]);
    // A row that begins with a layer says there what shape comes in.
    const shape = !isGraph && i === 0 ? network.inputShape : null;
    expectTfjsName(layers[i].name);
    const own = inner ? toTopology(inner) : toTfjs(layer, layers[i], shape);
    if (!isGraph) return own;
    const { inputs, training } = links[i];
    const options = training ? {} : { training };
    const read = inputs.filter((input) => input >= 0).map((input) => [...reference(layers[input]), options]);
    return { ...own, name: layers[i].name, inbound_nodes: read.length > 0 ? [read] : [] };
  });
  const ends = isGraph && {
    input_layers: [[layers.find((layer) => layer.className === 'InputLayer')?.name, 0, 0]],
    output_layers: layers.slice(-1).map(reference),
  };
  return { class_name: className, config: { name, layers: described, ...ends } };
}

/**
 * The network of a model as Keras describes it: one row of layers where it is a chain without models in it. Models within keep their names.
 * @param isPart whether layers that its output doesn't need are left out, in place of being refused
 * @throws FormatError naming the layer and what is wrong.
 */
export function readKerasModel(
  model: JsonObject,
  isKeras3: boolean,
  field: FieldReader,
  file: string,
  isPart = false,
): Read {
  if (!isRow(model, field, file)) return readGraph(model, 'model', null, { isKeras3, field, file }, isPart);
  const { name, layers, builtFor } = layerRow(model, 'model', field, file);
  return { name, seed: 0, ...fromKeras(layers, builtFor, isKeras3, field, file) };
}

/** What a layer gives. TensorFlow.js counts a model's own making as its first use, so that in another model it is the second. */
function reference(layer: Layer): [name: string, node: number, tensor: number] {
  return [layer.name, asNetwork(layer) ? 1 : 0, 0];
}

/**
 * Whether a model is one row of layers, none of which is a model here. Where layers aren't there, or lead in a circle, the graph's reader says so.
 */
function isRow(model: JsonObject, field: FieldReader, file: string): boolean {
  const parts = modelParts(model, 'model', field, file);
  if (parts.isGraph && chainOf(parts) === null) return false;
  return !parts.layers.some(
    (layer) => isLaterModel(layer) || isOfSteps(layer) || isModelClass(layer.class_name),
  );
}

/**
 * The network of a model that has branches, or models in it.
 * @param given the shape that comes before it, where it is within another; else null
 * @throws FormatError naming the layer and what is wrong.
 */
function readGraph(
  model: JsonObject,
  where: string,
  given: Shape | null,
  reading: Reading,
  isPart = false,
): Read {
  const parts = modelParts(model, where, reading.field, reading.file);
  if (!parts.isGraph) return row(parts, where, given, reading);
  return graph(isPart ? leadingToOutput(parts) : parts, where, given, reading);
}

function row(
  { name, layers, builtFor }: ModelParts,
  where: string,
  given: Shape | null,
  reading: Reading,
): Read {
  const { field, file } = reading;
  let inputShape = given;
  let shape = given;
  const read: LayerDescription[] = [];
  for (const layer of layers) {
    const called = `${where}: layer ${show(nameOf(layer))} (${wordOf(layer.class_name)})`;
    if (layer.class_name === 'InputLayer') {
      if (shape) inputWithin(layer, shape, called, field, file);
      else shape = inputShape = readInput(layer, builtFor, called, field);
      continue;
    }
    if (!shape && !isModelClass(layer.class_name))
      shape = inputShape = readInput(layer, builtFor, called, field);
    const description = describe(layer, shape ? [shape] : [], called, reading);
    const own = description.config as unknown as { inputShape?: Shape };
    inputShape ??= own.inputShape ?? null;
    shape = outputOf(description, shape ? [shape] : [], called, file);
    read.push(description);
  }
  if (!inputShape) throw new FormatError(file, `${where}: a model needs at least one layer, got none`);
  return { name, seed: 0, inputShape, layers: read };
}

/** Layers may be before those that they read: they wait, round after round, until these are there. */
function graph(parts: ModelParts, where: string, given: Shape | null, reading: Reading): Read {
  const { file } = reading;
  const ends = endsOfGraph(parts, where, file);
  /** Of what has been read. */
  const shapes = new Map<string, Shape>();
  const read: LayerDescription[] = [];
  let left = parts.layers;
  while (left.length > 0) {
    const waiting = left.filter((layer) => {
      const called = `${where}: layer ${show(nameOf(layer))} (${wordOf(layer.class_name)})`;
      const isInput = layer.class_name === 'InputLayer';
      if (isInput && nameOf(layer) !== ends.input) {
        throw new FormatError(
          file,
          `${where}: one input for now, got ${show(nameOf(layer))} beside ${show(ends.input)}`,
        );
      }
      const node = isInput
        ? readInputNode(layer, called, given, reading)
        : readNode(layer, called, { shapes, names: ends.names }, reading);
      if (!node) return true;
      shapes.set(nameOf(layer), node.shape);
      read.push(node.description);
      return false;
    });
    if (waiting.length === left.length) {
      throw new FormatError(
        file,
        `${where}: layers read one another in a circle: ${show(waiting.map(nameOf))}`,
      );
    }
    left = waiting;
  }
  const inputShape = shapes.get(ends.input);
  if (!inputShape) {
    throw new FormatError(file, `${where}: input_layers names ${show(ends.input)}, which doesn't exist`);
  }
  const used = new Set(read.flatMap(({ inputs = [] }) => inputs));
  const last = [...shapes.keys()].filter((own) => !used.has(own));
  if (last.length !== 1 || last[0] !== ends.output) {
    throw new FormatError(
      file,
      `${where}: all layers must lead to the output ${show(ends.output)}, got ${show(last)} at the end`,
    );
  }
  return { name: parts.name, seed: 0, inputShape, graph: true, layers: read };
}

/** What to do where a model has several inputs, or outputs. */
const ADVICE = {
  input_layers: () => ': models of one input are read, make one in Keras',
  output_layers: (first: string) => `: ${severalOutputs(first)}`,
};

/** The names of the layers, which must differ, and which of them begin and end the graph. */
function endsOfGraph(
  { layers, config }: ModelParts,
  where: string,
  file: string,
): { names: ReadonlySet<string>; input: string; output: string } {
  const single = (key: keyof typeof ADVICE): string => {
    const names = endsOf(config[key]);
    if (names.length === 1) return names[0];
    const advice = names.length > 1 && where === 'model' ? ADVICE[key](names[0]) : '';
    throw new FormatError(file, `${where}: ${key} must name one layer, got ${show(names)}${advice}`);
  };
  const input = single('input_layers');
  const output = single('output_layers');
  const names = new Set<string>();
  for (const layer of layers) {
    if (names.has(nameOf(layer))) {
      throw new FormatError(file, `${where}: layer names must differ, got ${show(nameOf(layer))} twice`);
    }
    names.add(nameOf(layer));
  }
  for (const [key, own] of Object.entries({ input_layers: input, output_layers: output })) {
    if (names.has(own)) continue;
    throw new FormatError(file, `${where}: ${key} names ${show(own)}, which doesn't exist`);
  }
  return { names, input, output };
}

/** A layer of a graph with the shape that it gives. */
interface GraphNode {
  readonly description: LayerDescription;
  readonly shape: Shape;
}

function readInputNode(
  layer: JsonObject,
  called: string,
  given: Shape | null,
  { field, file }: Reading,
): GraphNode {
  const shape = given
    ? inputWithin(layer, given, called, field, file)
    : readInput(layer, undefined, called, field);
  const config = { name: nameOf(layer), trainable: true, shape };
  return { description: { className: 'InputLayer', config, inputs: [] }, shape };
}

/** @returns null where a layer that it reads hasn't been read yet. */
function readNode(
  layer: JsonObject,
  called: string,
  { shapes, names }: { readonly shapes: ReadonlyMap<string, Shape>; readonly names: ReadonlySet<string> },
  reading: Reading,
): GraphNode | null {
  const { field, file } = reading;
  const nodes = field(`${called}: inbound_nodes`, layer.inbound_nodes ?? [], 'a list', isList);
  if (nodes.length !== 1) {
    throw new FormatError(
      file,
      `${called} must be used once, got ${nodes.length} times: a model takes a layer once (make one for each use in Keras, with the same weights)`,
    );
  }
  const { training } = callOf(nodes[0]);
  const inputs = sourcesOf(nodes[0], called, file);
  if (inputs.length === 0) {
    throw new FormatError(file, `${called} reads nothing: expected the layers before it`);
  }
  const missing = inputs.find((source) => !names.has(source));
  if (missing !== undefined) {
    throw new FormatError(file, `${called} reads ${show(missing)}, which doesn't exist`);
  }
  const from = inputs.flatMap((source) => {
    const shape = shapes.get(source);
    return shape ? [shape] : [];
  });
  if (from.length < inputs.length) return null;
  const description = describe(layer, from, called, reading);
  return {
    description: { ...description, inputs, ...(training === false && { training }) },
    shape: outputOf(description, from, called, file),
  };
}

/** A layer of ours, or a model, after outputs of these shapes. */
function describe(
  layer: JsonObject,
  from: readonly Shape[],
  called: string,
  reading: Reading,
): LayerDescription {
  const { isKeras3, field, file } = reading;
  if (isLaterModel(layer, from[0])) {
    return describe(operationAsModel(layer, from[0] ?? [], called, file), from, called, reading);
  }
  if (isOfSteps(layer))
    return describe(stepsAsModel(layer, from[0] ?? [], called, file), from, called, reading);
  if (isModelClass(layer.class_name)) {
    const inner = readGraph(layer, `model ${show(nameOf(layer))}`, from[0] ?? null, reading);
    const isFrozen = isObject(layer.config) && layer.config.trainable === false;
    const layers = isFrozen ? inner.layers.map(freeze) : inner.layers;
    return {
      className: inner.graph ? 'Functional' : 'Sequential',
      config: { trainable: !isFrozen, ...inner, name: nameOf(layer), layers },
    };
  }
  try {
    return readKerasLayer(layer, from[0] ?? [], isKeras3, called, field);
  } catch (cause) {
    if (!(cause instanceof RangeError || cause instanceof TypeError)) throw cause;
    throw new FormatError(file, `${called}: ${cause.message}`, { cause });
  }
}

/** As in Keras, where setting it on a model sets it on every layer, at any depth. */
function freeze(layer: LayerDescription): LayerDescription {
  const { layers } = layer.config;
  // What describe has made of a model.
  const inner = isList(layers) && { layers: (layers as LayerDescription[]).map(freeze) };
  return { ...layer, config: { ...layer.config, trainable: false, ...inner } };
}

function outputOf(
  { className, config }: LayerDescription,
  from: readonly Shape[],
  called: string,
  file: string,
): Shape {
  try {
    if (className === 'Functional' || className === 'Sequential') {
      return networkFromConfig(config as unknown as NetworkConfig, (options) => new Network(options), {
        initialize: false,
      }).outputShape;
    }
    const [first, ...others] = from;
    return layerFromConfig(className, config).computeOutputShape(first, ...others);
  } catch (cause) {
    if (!(cause instanceof RangeError || cause instanceof TypeError)) throw cause;
    throw new FormatError(file, `${called}: ${cause.message}`, { cause });
  }
}
