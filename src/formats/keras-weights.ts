/**
 * Weights as Keras' HDF5 files have them, for the layers of a network of ours. Keras 3 (`.keras`, `.weights.h5`) counts:
 *
 *   layers/conv2d/vars/0, layers/conv2d/vars/1, layers/conv2d_1/vars/0, layers/functional/layers/dense/vars/0, …
 *
 * A group has the name of the layer's class and, from the second of a class on, a number, whatever the layer itself is called;
 * a layer's arrays are in the order of its weights. Before (and still in `.h5`) layers have their own names, and say their
 * weights' names in that order, those that train before those that don't:
 *
 *   model_weights/dense          weight_names: ["dense/kernel:0", "dense/bias:0"]
 *   model_weights/dense/dense/kernel:0
 *
 * Source: Keras' saving/saving_lib.py (_save_container_state), legacy/saving/legacy_h5_format.py (_legacy_weights).
 */
import type { Parameter } from '../layers/layer.ts';
import { type Node, parameterName } from '../model/graph.ts';
import { asNetwork, type Network } from '../model/network.ts';
import { Tensor } from '../tensor/tensor.ts';
import { FormatError } from './errors.ts';
import { type FieldReader, isList, isString } from './fields.ts';
import type { Hdf5Object } from './hdf5/file.ts';
import type { JsonObject } from './json.ts';
import { show, wordOf } from './json.ts';
import { nameOf } from './keras-names.ts';
import { withWidth } from './keras-steps.ts';
import { standsFor } from './keras-submodel.ts';
import { isModelClass, modelParts } from './keras-topology.ts';
import { checkFinite } from './numbers.ts';

/** What is said of whole numbers among weights. */
const QUANTISED = 'whole numbers (quantised: save the weights before quantize())';

/** A layer, or a model with its layers, as Keras nests them. */
export interface KerasTree {
  readonly name: string;
  readonly className: string;
  readonly layers: readonly KerasTree[] | null;
}

/** The tree of a model that Keras describes. */
export function treeOf(model: JsonObject, where: string, field: FieldReader, file: string): KerasTree {
  const layers = isModelClass(model.class_name)
    ? modelParts(model, where, field, file).layers.map((layer) =>
        treeOf(layer, `model ${show(nameOf(layer))}`, field, file),
      )
    : null;
  return { name: nameOf(model), className: wordOf(model.class_name), layers };
}

/** The same of a network of ours. */
export function treeOfNetwork(network: Network): KerasTree {
  const layers = network.layers.map((layer): KerasTree => {
    const inner = asNetwork(layer);
    const className = inner ? standsFor(inner) : layer.className;
    if (inner && className === null) return treeOfNetwork(inner);
    return { name: layer.name, className: className ?? '', layers: null };
  });
  return { name: network.name, className: network.className, layers };
}

/** A layer without layers of its own. */
interface Leaf {
  /** Names of the models around it, from outside, and its own. */
  readonly names: readonly string[];
  /** Where Keras 3 has its arrays: `layers/functional/layers/dense`. */
  readonly place: string;
}

/**
 * The weights of a file's root group, by our names.
 * @param file what messages call it
 * @throws FormatError where there are none that Keras writes, and naming the layer where there are more or fewer arrays than it has.
 */
export function readKerasWeights(
  root: Hdf5Object,
  tree: KerasTree,
  network: Network,
  file: string,
): Map<string, Tensor> {
  const legacy = root.get('model_weights') ?? (listAttribute(root, 'layer_names') ? root : null);
  if (legacy) return readNamed(legacy, tree, network, file);
  const top = ['layers', '_layer_checkpoint_dependencies'].find((name) => root.get(name) !== null);
  if (top !== undefined) return readCounted((place) => root.get(place), top, tree, network, file);
  throw new FormatError(
    file,
    `not weights of Keras: expected a group layers or model_weights, got ${show(root.names)}`,
  );
}

/** A group of arrays, which may be in several files. */
export type Arrays = Pick<Hdf5Object, 'names' | 'get'>;

/**
 * The weights of Keras 3, which counts layers and arrays.
 * @param arraysAt the group at a place; null: there is none
 * @param top what the groups of a model's layers are called
 */
export function readCounted(
  arraysAt: (place: string) => Arrays | null,
  top: string,
  tree: KerasTree,
  network: Network,
  file: string,
): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  const nodes = nodesByPath(network);
  for (const { names, place } of leavesOf(tree, top)) {
    const node = nodeOf(names, nodes);
    if (!node) continue; // an input
    const { parameters } = node.layer;
    const group = arraysAt(`${place}/vars`);
    const count = group?.names.length ?? 0;
    if (count !== parameters.length) {
      const arrays = (group?.names ?? []).map((name) => group?.get(name)?.dataset()?.type.kind);
      const advice = arrays.includes('int') ? `, some of them ${QUANTISED}` : '';
      throw new FormatError(file, countFault(names, parameters, `${count} in ${place}/vars${advice}`));
    }
    for (const [i, parameter] of parameters.entries()) {
      const name = parameterName(node, parameter.name);
      tensors.set(name, tensorOf(group?.get(String(i)) ?? null, name, parameter, file));
    }
  }
  return tensors;
}

function readNamed(
  weights: Hdf5Object,
  tree: KerasTree,
  network: Network,
  file: string,
): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  const nodes = nodesByPath(network);
  for (const top of tree.layers ?? []) {
    const leaves = leavesOf({ name: '', className: '', layers: [top] }, 'layers');
    const own = leaves.flatMap(({ names }) => {
      const node = nodeOf([tree.name, ...names], nodes) ?? nodeOf(names, nodes);
      return node ? node.layer.parameters.map((parameter) => ({ node, parameter })) : [];
    });
    const trained = own.filter(isTrained);
    const inOrder = [...trained, ...own.filter((each) => !trained.includes(each))];
    if (inOrder.length === 0) continue;
    const group = weights.get(top.name);
    const given = (group && listAttribute(group, 'weight_names')) ?? [];
    if (!group || given.length !== inOrder.length) {
      const how = given.some((each) => each.includes('/lora_'))
        ? ': save it from Keras as .keras, with LoRA within the kernels'
        : '';
      const got = group ? `${given.length}: ${show(given)}${how}` : `no such layer in ${show(weights.names)}`;
      throw new FormatError(
        file,
        countFault(
          [top.name],
          inOrder.map(({ parameter }) => parameter),
          got,
        ),
      );
    }
    for (const [i, { node, parameter }] of inOrder.entries()) {
      const name = parameterName(node, parameter.name);
      tensors.set(name, tensorOf(group.get(given[i]), name, parameter, file));
    }
  }
  return tensors;
}

function isTrained({ node, parameter }: { readonly node: Node; readonly parameter: Parameter }): boolean {
  return node.layer.trainable && (parameter.role ?? 'trained') === 'trained';
}

function countFault(names: readonly string[], parameters: readonly Parameter[], got: string): string {
  const expected = parameters.map(({ name, shape }) => `${name} [${shape}]`).join(', ');
  return `layer ${show(names.at(-1))}: expected ${parameters.length} arrays of weights (${expected || 'none'}), got ${got}`;
}

/** All layers without layers of their own, in Keras' order, with the names that Keras 3 has for their groups. */
function leavesOf({ layers }: KerasTree, top: string, above: readonly string[] = [], at = ''): Leaf[] {
  const counts = new Map<string, number>();
  return (layers ?? []).flatMap((layer): Leaf[] => {
    const word = classInFiles(layer.className);
    const count = counts.get(word) ?? 0;
    counts.set(word, count + 1);
    const place = `${at}${top}/${count === 0 ? word : `${word}_${count}`}`;
    const names = [...above, layer.name];
    return layer.layers ? leavesOf(layer, top, names, `${place}/`) : [{ names, place }];
  });
}

function nodesByPath(network: Network): ReadonlyMap<string, Node> {
  return new Map(network.nodes().map((node) => [pathKey(node.path), node]));
}

/** The layer of ours: under all its models' names, or, where these were taken for one row of layers, under its own. */
function nodeOf(names: readonly string[], nodes: ReadonlyMap<string, Node>): Node | undefined {
  for (let i = 0; i < names.length; i++) {
    const path = names.slice(i);
    // Of steps: a layer in a model of its name.
    const node = nodes.get(pathKey(path)) ?? nodes.get(pathKey([...path, path[path.length - 1]]));
    if (node) return node;
  }
  return undefined;
}

/** Names may have slashes. */
function pathKey(path: readonly string[]): string {
  return path.join('\0');
}

function tensorOf(object: Hdf5Object | null, name: string, { role, shape }: Parameter, file: string): Tensor {
  const dataset = object?.dataset();
  if (!dataset) throw new FormatError(file, `tensor ${show(name)} is missing: expected an array of numbers`);
  // HDF5 has no type of that name: Keras stores the two bytes. What they are, only Keras 3's .keras says, in an attribute.
  const isBfloat = dataset.type.kind === 'opaque' && dataset.type.size === 2;
  // Normalization counts what it was adapted to.
  const isCount = dataset.type.kind === 'int' && role === 'fixed' && dataset.shape.length === 0;
  if (dataset.type.kind !== 'float' && !isBfloat && !isCount) {
    throw new FormatError(
      file,
      `tensor ${show(name)} must be of type float16, bfloat16, float32 or float64, got ${dataset.type.name}`,
    );
  }
  const data = new Float32Array(dataset.read());
  checkFinite(data, name, file);
  return new Tensor(data, withWidth(dataset.shape, shape));
}

/** A list of texts; a long one is in several attributes, with numbers: weight_names0, weight_names1. null: there is none. */
function listAttribute(object: Hdf5Object, name: string): readonly string[] | null {
  const texts = (value: unknown): readonly string[] => (isList(value) ? value.filter(isString) : []);
  const whole = object.attribute(name);
  if (whole !== undefined) return texts(whole);
  const all: string[] = [];
  for (let i = 0; ; i++) {
    const part = object.attribute(`${name}${i}`);
    if (part === undefined) return i === 0 ? null : all;
    for (const text of texts(part)) all.push(text);
  }
}

/** Keras' name for a class in its files: `max_pooling2d` for MaxPooling2D. */
export function classInFiles(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
