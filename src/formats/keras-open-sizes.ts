/**
 * Sizes that a model of Keras leaves open, such as an image's height in `[null, null, null, 3]`: written into the description of its layers,
 * before that is read.
 */
import type { Shape } from '../tensor/tensor.ts';
import { isList } from './fields.ts';
import { isObject, type JsonObject } from './json.ts';

/** Where a shape of a batch may be, in Python's names and in those of TensorFlow.js. */
const SHAPES = [
  'batch_shape',
  'batch_input_shape',
  'batchInputShape',
  'build_input_shape',
  'buildInputShape',
];

/**
 * The model's description with these sizes where its own input's are open; the same where none is, or it is of another rank.
 * @param fill sizes of an input sample; null: what is open stays so
 */
export function withSizes(model: JsonObject, fill: Shape | null): JsonObject {
  if (!fill) return model;
  const { config } = model;
  // Keras before 2.2.3 had the list itself in place of an object with it.
  if (isList(config)) return { ...model, config: entryFilled(config, fill) };
  if (!isObject(config)) return model;
  const { layers } = config;
  const shapes = SHAPES.filter((key) => Object.hasOwn(config, key)).map((key) => [
    key,
    filled(config[key], fill),
  ]);
  const entry = isList(layers) && { layers: entryFilled(layers, fill) };
  return { ...model, config: { ...config, ...Object.fromEntries(shapes), ...entry } };
}

/** Layers whose first one, and inputs of a graph, have their sizes. What other models within were made for is open to any size. */
function entryFilled(layers: readonly unknown[], fill: Shape): unknown[] {
  const isEntry = (layer: JsonObject, i: number): boolean =>
    [layer.class_name, layer.className].includes('InputLayer') || (i === 0 && !isCalled(layer));
  return layers.map((layer, i) => (isObject(layer) && isEntry(layer, i) ? withSizes(layer, fill) : layer));
}

/** Whether a layer of a graph reads others. */
function isCalled({ inbound_nodes, inboundNodes }: JsonObject): boolean {
  const nodes = inbound_nodes ?? inboundNodes;
  return isList(nodes) && nodes.length > 0;
}

/** A shape of a batch with sizes in the place of those that are left open; as it is where it is none of so many. */
function filled(batchShape: unknown, fill: Shape): unknown {
  if (!isList(batchShape) || batchShape.length !== fill.length + 1) return batchShape;
  return batchShape.map((size, d) => (d === 0 ? size : (size ?? fill[d - 1])));
}
