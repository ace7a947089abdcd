/**
 * Activations with options, which Keras writes within another layer and we have as layers of their own:
 *
 *   { "class_name": "Conv2D", "config": { "name": "conv", "activation": { "class_name": "LeakyReLU", "config": { "negative_slope": 0.3 } } } }
 *
 * and the names of such: `"leaky_relu"`, and `"glu"`, which halves the channels. The layer keeps its name, by which its weights are found; what read it reads the one behind.
 */

import { isList, isString } from './fields.ts';
import { isObject, type JsonObject } from './json.ts';
import { type Rename, withNames } from './keras-names.ts';

/** Classes that may be there. */
const CLASSES = ['ReLU', 'LeakyReLU', 'ELU', 'Softmax', 'Activation'];

/** A layer with its activation, as one or two; others as they are. */
function apart(layer: JsonObject): JsonObject[] {
  const { config } = layer;
  if (!isObject(config) || !isString(config.name)) return [layer];
  const own = activationOf(config.activation);
  if (!own) return [layer];
  const name = `${config.name}_activation`;
  const behind = { class_name: own.className, name, config: { ...own.config, name } };
  const node = [[[config.name, 0, 0, {}]]];
  return [
    { ...layer, config: { ...config, activation: 'linear' } },
    { ...behind, ...(isList(layer.inbound_nodes) && { inbound_nodes: node }) },
  ];
}

function activationOf(value: unknown): { readonly className: string; readonly config: JsonObject } | null {
  if (value === 'leaky_relu') return { className: 'LeakyReLU', config: { negative_slope: 0.2 } };
  if (value === 'glu') return { className: 'Glu', config: {} };
  if (!isObject(value) || !isObject(value.config) || !isString(value.class_name)) return null;
  return CLASSES.includes(value.class_name) ? { className: value.class_name, config: value.config } : null;
}

/** A model's layers with such activations as layers, and its fields that name the layers at its ends. */
export function activationsApart(
  layers: readonly JsonObject[],
  ends: JsonObject,
): [JsonObject[], JsonObject] {
  const renamed = new Map<string, string>();
  const parts = layers.map((layer) => {
    const [first, ...behind] = apart(layer);
    for (const { name } of behind) renamed.set(String((first.config as JsonObject).name), String(name)); // apart has seen them
    return [first, ...behind];
  });
  if (renamed.size === 0) return [[...layers], ends];
  const rename: Rename = (name) => renamed.get(name) ?? name;
  const moved = parts.flatMap(([first, ...behind]) => [
    { ...first, inbound_nodes: withNames(first.inbound_nodes, rename) },
    ...behind,
  ]);
  return [moved, withNames(ends, rename) as JsonObject];
}
