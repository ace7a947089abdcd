/**
 * Operations of Keras 3 that give several tensors, as one slice for each that is read:
 *
 *   a, b = ops.split(x, 2, axis=-1); y = a * b    →    split, which is x[..., :c], and split_output_1, which is x[..., c:]
 *
 * A file says which of them is read: `["split", 0, 1]` is the second. What can't be cut so stays as it is, and is refused by its name.
 */
import { isList } from './fields.ts';
import { isCount, isObject, type JsonObject, wordOf } from './json.ts';
import { nameOf, type Rename, withNames } from './keras-names.ts';
import { axisOf } from './keras-operation-parts.ts';
import type { Graph } from './keras-uses.ts';

const SPLITTING = ['Split', 'Unstack'];
const ALL = { class_name: '__slice__', config: { start: null, stop: null, step: null } };

/** A model's layers and ends, where such an operation is a slice for each tensor that is read. */
export function partsApart(graph: Graph): Graph {
  const cuts = graph.layers.filter(({ class_name: className }) => SPLITTING.includes(wordOf(className)));
  if (cuts.length === 0) return graph;
  const taken = new Set(graph.layers.map(nameOf));
  /** By the operation's name and the tensor's place: what that slice is called. */
  const names = new Map<string, ReadonlyMap<number, string>>();
  for (const layer of cuts) {
    const read = placesRead(graph, nameOf(layer));
    if (read.every((place) => keyOf(layer, place) !== null))
      names.set(nameOf(layer), new Map(read.map((place) => [place, partName(nameOf(layer), place, taken)])));
  }
  const rename: Rename = (name, _, place) =>
    typeof place === 'number' ? (names.get(name)?.get(place) ?? name) : name;
  const cut = graph.layers.flatMap((layer): JsonObject[] => {
    const read = { ...layer, inbound_nodes: withNames(layer.inbound_nodes, rename) };
    const parts = names.get(nameOf(layer));
    return parts ? [...parts].map(([place, name]) => slice(read, place, name)) : [read];
  });
  return { layers: cut, ends: withNames(graph.ends, rename) as JsonObject };
}

/** Which of an operation's tensors are read, by layers or as the model's output. */
function placesRead({ layers, ends }: Graph, name: string): number[] {
  const places = new Set<number>();
  withNames([layers.map(({ inbound_nodes: nodes }) => nodes), Object.values(ends)], (source, _, place) => {
    if (source === name && isCount(place)) places.add(place);
    return source;
  });
  return [...places].sort((a, b) => a - b);
}

/** The first has the operation's name. */
function partName(name: string, place: number, taken: Set<string>): string {
  if (place === 0) return name;
  let own = `${name}_output_${place}`;
  while (taken.has(own)) own += '_';
  taken.add(own);
  return own;
}

/** The operation as the slice of one of its tensors. */
function slice(layer: JsonObject, place: number, name: string): JsonObject {
  const [tensor] = argumentsOf(layer);
  const node = { args: [tensor, keyOf(layer, place)], kwargs: {} };
  return { ...layer, class_name: 'GetItem', name, config: { name }, inbound_nodes: [node] };
}

/** What is between the brackets of that slice, as Keras writes it; null: there is no such one. */
function keyOf(layer: JsonObject, place: number): readonly unknown[] | null {
  const [tensor, ...others] = argumentsOf(layer);
  const shape = isObject(tensor) && isObject(tensor.config) ? tensor.config.shape : null;
  const config = isObject(layer.config) ? layer.config : {};
  const axis = isList(shape) ? axisOf(config.axis ?? 0, shape.length) : null;
  if (!isList(shape) || axis === null || others.length > 0) return null;
  const size = shape[axis];
  const before = Array.from({ length: axis }, () => ALL);
  if (layer.class_name === 'Unstack') return isCount(size) && place < size ? [...before, place] : null;
  const bounds = boundsOf(config.indices_or_sections, size);
  if (!bounds || place + 1 >= bounds.length) return null;
  const [start, stop] = bounds.slice(place);
  return [...before, { class_name: '__slice__', config: { start, stop, step: null } }];
}

/** Where the parts begin, and the last one ends: of so many equal parts, or of the places between them. */
function boundsOf(parts: unknown, size: unknown): readonly number[] | null {
  if (!isCount(size)) return null;
  const isSound = (bounds: readonly unknown[]): bounds is readonly number[] =>
    bounds.every((bound, i) => isCount(bound) && (i === 0 || bound > (bounds[i - 1] as number)));
  if (isCount(parts) && parts > 0 && size % parts === 0) {
    return Array.from({ length: parts + 1 }, (_, i) => (i * size) / parts);
  }
  const bounds = isList(parts) ? [0, ...parts, size] : [null];
  return isSound(bounds) ? bounds : null;
}

/** What the operation is called with, if it is called once. */
function argumentsOf({ inbound_nodes: nodes }: JsonObject): readonly unknown[] {
  const [node, ...others] = isList(nodes) ? nodes : [];
  return isObject(node) && isList(node.args) && others.length === 0 ? node.args : [];
}
