/**
 * Operations that are between the layers of Keras' functional models, as the layers that compute the same: `x + 3` and `x / 6` as
 * a Rescaling, `ops.relu6(x)` as an Activation, `ops.mean(x, axis=[1, 2])` as a global average pooling, `x[..., 1:3]` as several. Keras 3 and
 * Keras 2 write
 *
 *   { "module": "keras.src.ops.numpy", "class_name": "Add", "config": { "name": "add" },
 *     "inbound_nodes": [{ "args": [{ "class_name": "__keras_tensor__", "config": { "shape": …, "keras_history": ["conv", 0, 0] } }, 3.0] }] }
 *   { "class_name": "TFOpLambda", "config": { "name": "tf.__operators__.add", "function": "__operators__.add", … },
 *     "inbound_nodes": [["conv", 0, 0, { "y": 3.0 }]] }
 *
 * Source: keras/src/ops, and keras/layers/core/tf_op_layer.py of Keras 2.
 */
import { listed } from '../checks/describe.ts';
import { FormatError } from './errors.ts';
import { isList, isString } from './fields.ts';
import { isObject, type JsonObject, show, wordOf } from './json.ts';
import { nameOf } from './keras-names.ts';
import { isTensor, type Numbers, type Operand, type Operation, type Read } from './keras-operation-parts.ts';
import { RULES } from './keras-operation-rules.ts';
import { asSubmodel, inputOf } from './keras-submodel.ts';
import { FUNCTIONS } from './keras2-functions.ts';

/**
 * A layer as it is, or the layers that stand for an operation, the last of which has its name.
 * @param where what messages call the model
 * @throws FormatError naming an operation that no layer stands for.
 */
export function operationAsLayers(layer: JsonObject, where: string, file: string): JsonObject[] {
  if (!isOperation(layer) || isLaterModel(layer)) return [layer];
  const config = isObject(layer.config) ? layer.config : {};
  const name = wordOf(layer.name ?? config.name);
  const nodes = isList(layer.inbound_nodes) ? layer.inbound_nodes : [];
  const called = `${where}: operation ${show(name)} (${wordOf(config.function ?? layer.class_name)})`;
  if (nodes.length === 0) {
    const remedy = 'in Keras, keras.Model(model.inputs, model.outputs) makes one';
    throw new FormatError(file, `${called} is only read in functional models: ${remedy}`);
  }
  if (nodes.length !== 1) {
    throw new FormatError(file, `${called} must be used once, got ${nodes.length} times`);
  }
  const operation = isObject(nodes[0])
    ? ofKeras3(layer, config, nodes[0])
    : ofKeras2(layer, config, nodes[0]);
  const rule = operation && Object.hasOwn(RULES, operation.name) ? RULES[operation.name] : null;
  const found = operation?.operands.some(isTensor) ? asRefusal(file, called, () => rule?.(operation)) : null;
  if (!operation || !found) {
    const expected = listed(Object.keys(RULES).sort());
    const advice = 'or end the model before it in Keras';
    throw new FormatError(
      file,
      `${called} with these arguments has no layer here: expected ${expected}; ${advice}`,
    );
  }
  const { reads = operation.operands.filter(isTensor).map(({ layer }) => layer) } = found;
  const layers: JsonObject[] = [];
  put({ ...found, reads }, () => name, name, layers, new Map());
  return layers;
}

/**
 * Adds a layer after those that it reads.
 * @param made the names of those that are there already, since two may read one
 * @returns its name, which is asked for when these are there
 */
function put(
  read: Exclude<Read, string>,
  ownName: () => string,
  operation: string,
  layers: JsonObject[],
  made: Map<Read, string>,
): string {
  const { className, options = {}, reads } = read;
  const inner = (): string => `${operation}_part_${layers.length}`;
  const sources = reads.map((source) =>
    isString(source) ? source : (made.get(source) ?? put(source, inner, operation, layers, made)),
  );
  const name = ownName();
  made.set(read, name);
  layers.push({
    class_name: className,
    name,
    config: { name, trainable: true, ...options },
    inbound_nodes: [sources.map((source) => [source, 0, 0, {}])],
  });
  return name;
}

/** What a rule says against its arguments becomes an error of the file. */
function asRefusal<T>(file: string, called: string, rule: () => T): T {
  try {
    return rule();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new FormatError(file, `${called}: ${cause.message}`, { cause });
  }
}

/** Layers without weights, of one input, that several of ours stand for, of an input of so many dimensions, the batch among them: always, or with some options. */
const LAYERS_OF_ONE_INPUT: Readonly<Record<string, (config: JsonObject, rank: number | null) => boolean>> = {
  RepeatVector: () => true,
  UnitNormalization: () => true,
  Softmax: ({ axis = -1 }, rank) => {
    const [last, ...others] = isList(axis) ? axis : [axis];
    return others.length > 0 || (last !== -1 && last !== null && last !== (rank ?? 0) - 1);
  },
  ELU: ({ alpha = 1 }) => alpha !== 1,
  // As an activation of another layer: keras-activations.ts.
  Glu: () => true,
};
/** The same, of any number. CustomScaleLayer is InceptionResNetV2's own in keras.applications. */
const LAYERS_LIKE_OPERATIONS: readonly string[] = ['CustomScaleLayer', 'Dot'];

/** Whether several layers of ours stand for one, which has no weights and reads one input. */
function isSeveral({ class_name: className, config }: JsonObject, rank: number | null): boolean {
  const word = wordOf(className);
  return (
    Object.hasOwn(LAYERS_OF_ONE_INPUT, word) &&
    LAYERS_OF_ONE_INPUT[word](isObject(config) ? config : {}, rank)
  );
}

/**
 * Whether a layer becomes a model of its own, by `operationAsModel`, once the shape is known that comes before it: in a row of layers, and by
 * Keras 2, no file says it.
 * @param inputShape of a sample, where it is known
 */
export function isLaterModel(layer: JsonObject, inputShape: readonly number[] | null = null): boolean {
  const { inbound_nodes: nodes } = layer;
  const saysShape = isList(nodes) && nodes.some(isObject);
  return !saysShape && isSeveral(layer, inputShape && inputShape.length + 1);
}

/**
 * Such a layer, after an output of `shape`, as a functional model of the layers that stand for it, which has its name.
 * @throws FormatError where none do.
 */
export function operationAsModel(
  layer: JsonObject,
  shape: readonly number[],
  where: string,
  file: string,
): JsonObject {
  const name = nameOf(layer);
  const history = [inputOf(name), 0, 0];
  const tensor = {
    class_name: '__keras_tensor__',
    config: { shape: [null, ...shape], keras_history: history },
  };
  const inbound_nodes = [{ args: [tensor], kwargs: {} }];
  return asSubmodel(layer, name, shape, operationAsLayers({ ...layer, inbound_nodes }, where, file), name);
}

function isOperation(layer: JsonObject): boolean {
  const { module, class_name: className } = layer;
  return (
    isSeveral(layer, null) ||
    className === 'TFOpLambda' ||
    className === 'SlicingOpLambda' ||
    /^keras\.(src\.)?ops\b/.test(wordOf(module)) ||
    LAYERS_LIKE_OPERATIONS.includes(wordOf(className)) ||
    isOperationOfH5(layer)
  );
}

/** Keras 3 writes no modules to .h5: there an operation is what is called in its way, and can't be trained or frozen; of layers, these alone don't say that they can. */
function isOperationOfH5({
  class_name: className,
  module,
  config,
  inbound_nodes: nodes,
}: JsonObject): boolean {
  const isCalled = isList(nodes) && nodes.length > 0 && isObject(nodes[0]);
  return (
    module === undefined &&
    isCalled &&
    isObject(config) &&
    config.trainable === undefined &&
    !/^SpatialDropout/.test(wordOf(className)) &&
    config.layers === undefined
  );
}

/** `args` and `kwargs` of a node; null: there are others than tensors and numbers. */
function ofKeras3(layer: JsonObject, config: JsonObject, { args, kwargs }: JsonObject): Operation | null {
  // Concatenate has a list of tensors as its one argument.
  const all = isList(args) ? args : [];
  const isSlice = layer.class_name === 'GetItem';
  const given = (isSlice ? all.slice(0, 1) : all).flatMap((arg): unknown[] =>
    isList(arg) && arg.every(isKerasTensor) ? [...arg] : [arg],
  );
  const operands = given.map((arg) => (isKerasTensor(arg) ? kerasTensor(arg) : numbersOf(arg)));
  if (!operands.every(isKnown)) return null;
  const { name: _, ...options } = config;
  return {
    name: wordOf(layer.class_name),
    operands,
    options: { ...options, ...(isSlice && { key: all[1] }), ...(isObject(kwargs) ? kwargs : {}) },
  };
}

function isKnown(operand: Operand | null): operand is Operand {
  return operand !== null;
}

function isKerasTensor(value: unknown): value is JsonObject & { readonly config: JsonObject } {
  return isObject(value) && isObject(value.config) && isList(value.config.keras_history);
}

function kerasTensor({ config }: { readonly config: JsonObject }): Operand | null {
  const [layer] = isList(config.keras_history) ? config.keras_history : [];
  return isString(layer) ? { layer, shape: config.shape } : null;
}

/**
 * `["conv", 0, 0, { "y": 3.0, "name": null }]`, or a list of such. The first argument may be a number: `["_CONSTANT_VALUE", -1, 3.0, { … }]`;
 * a second one is among the options, a tensor as `["dense", 0, 0]`.
 */
function ofKeras2(layer: JsonObject, config: JsonObject, node: unknown): Operation | null {
  const known = Object.hasOwn(FUNCTIONS, wordOf(config.function)) ? FUNCTIONS[wordOf(config.function)] : null;
  if (!known || !isList(node)) return null;
  const shape = isObject(layer.build_config) ? layer.build_config.input_shape : undefined;
  const entries: readonly unknown[] = isString(node[0]) ? [node] : node;
  const operands: (Operand | null)[] = [];
  let options: JsonObject = {};
  for (const entry of entries) {
    if (!isList(entry) || !isString(entry[0])) return null;
    const isConstant = entry[0] === '_CONSTANT_VALUE';
    operands.push(isConstant ? numbersOf(entry[2]) : { layer: entry[0], shape });
    if (isObject(entry[3])) options = entry[3];
  }
  const [name, renamed = {}] = known;
  const others: [string, unknown][] = [];
  for (const [key, value] of Object.entries(options)) {
    if (key === 'y' || key === 'bias') {
      operands.push(
        isList(value) && isString(value[0]) ? { layer: value[0], shape: undefined } : numbersOf(value),
      );
    } else if (key !== 'name') others.push([renamed[key] ?? key, value]);
  }
  return operands.every(isKnown) ? { name, operands, options: Object.fromEntries(others) } : null;
}

/** A number, or a list of one per channel, however Keras wraps it: { "class_name": "__numpy__", "config": { "value": [[1, 2, 3]] } }. */
function numbersOf(value: unknown): Numbers | null {
  const inner = isObject(value) && isObject(value.config) ? value.config.value : value;
  let list = inner;
  // Dimensions of size 1 before the channels.
  while (isList(list) && list.length === 1) list = list[0];
  const isNumber = (v: unknown): v is number => typeof v === 'number' && Number.isFinite(v);
  if (isNumber(list)) return { numbers: list };
  return isList(list) && list.length > 0 && list.every(isNumber) ? { numbers: list } : null;
}
