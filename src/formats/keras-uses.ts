/**
 * Layers that a functional model of Keras uses several times, as one layer a use:
 *
 *   relu = ReLU(); x = relu(a); y = relu(b)    →    layers relu, which reads a, and relu_use_2, which reads b
 *
 * A file says which use is read: `["relu", 1, 0]` is the second. Only layers without weights are told apart so: they compute the same. Those with
 * weights would train apart.
 */
import { isList } from './fields.ts';
import { isObject, type JsonObject, wordOf } from './json.ts';
import { isWithoutWeights } from './keras-layer-table.ts';
import { nameOf, type Rename, withNames } from './keras-names.ts';
import { MAX_LAYERS } from './limits.ts';

/** The layers, and the fields that name those at a model's ends. */
export interface Graph {
  readonly layers: readonly JsonObject[];
  readonly ends: JsonObject;
}

/** A model's layers and ends, where such a layer is one for each use. */
export function apartByUse(graph: Graph): Graph {
  const { layers, ends } = graph;
  const shared = layers.filter(
    ({ class_name: className, inbound_nodes: nodes }) =>
      isList(nodes) && nodes.length > 1 && isWithoutWeights(wordOf(className)),
  );
  const count = shared.reduce((sum, { inbound_nodes: nodes }) => sum + (nodes as unknown[]).length, 0);
  // Too many are refused as any layer is that is used several times.
  if (shared.length === 0 || layers.length + count > MAX_LAYERS) return graph;
  const taken = new Set(layers.map(nameOf));
  const names = new Map(
    shared.map((layer) => {
      const own = nameOf(layer);
      const uses = (layer.inbound_nodes as unknown[]).map((_, i) =>
        i === 0 ? own : copyName(own, i, taken),
      );
      return [own, uses];
    }),
  );
  // A use that isn't there gets the name of no layer, which is said later.
  const rename: Rename = (name, use) => {
    const uses = names.get(name);
    return uses && typeof use === 'number' ? (uses[use] ?? `${name}, use ${use + 1}`) : name;
  };
  const single = layers.flatMap((layer): JsonObject[] => {
    const nodes = layer.inbound_nodes;
    const uses = shared.includes(layer) && isList(nodes) ? nodes.map((node) => [node]) : [nodes];
    return uses.map((own, i) => {
      const name = names.get(nameOf(layer))?.[i];
      const config = name !== undefined && isObject(layer.config) && { config: { ...layer.config, name } };
      return {
        ...layer,
        ...(name !== undefined && { name }),
        ...config,
        inbound_nodes: withNames(own, rename),
      };
    });
  });
  return { layers: single, ends: withNames(ends, rename) as JsonObject };
}

/** relu_use_2, or what isn't taken. */
function copyName(name: string, i: number, taken: Set<string>): string {
  let copy = `${name}_use_${i + 1}`;
  while (taken.has(copy)) copy += '_';
  taken.add(copy);
  return copy;
}
