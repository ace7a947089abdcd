/**
 * Operations that stand between the layers of Keras' functional models, as the layers that compute the same: `x + 3` and `x / 6` as
 * a Rescaling, `ops.relu6(x)` as an Activation, `ops.mean(x, axis=[1, 2])` as a global average pooling. Keras 3 and Keras 2 write
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
import { isObject, type JsonObject, show, wordOf } from './json.ts';
import { isList, isString } from './model.ts';

/** What an operation is applied to: what a layer gives, or numbers, one or as many as there are channels. */
type Operand = Tensor | Numbers;
interface Tensor {
  readonly layer: string;
  /** Of a batch, where the file says it. */
  readonly shape: unknown;
}
interface Numbers {
  readonly numbers: number | readonly number[];
}

/** A layer of Keras: class, options, and what it reads. */
interface Replacement {
  readonly className: string;
  readonly options?: JsonObject;
  readonly reads?: readonly string[];
}

/** An operation in Keras 3's words. */
interface Operation {
  readonly name: string;
  readonly operands: readonly Operand[];
  readonly options: JsonObject;
}

/** The layer that computes the same; null: there is none. */
type Rule = (operation: Operation) => Replacement | null;

const RULES: Readonly<Record<string, Rule>> = {
  Add: ({ operands }) => affine(operands, (c) => ({ scale: 1, offset: c })) ?? merged('Add', operands),
  Multiply: ({ operands }) =>
    affine(operands, (c) => ({ scale: c, offset: 0 })) ?? merged('Multiply', operands),
  Subtract: ({ operands }) =>
    affine(operands, (c, isFirst) =>
      isFirst ? { scale: -1, offset: c } : { scale: 1, offset: each(c, (v) => -v) },
    ) ?? (operands.length === 2 ? merged('Subtract', operands) : null),
  // A number divided by a tensor is no product.
  TrueDivide: ({ operands }) =>
    isTensor(operands[0]) ? affine(operands, (c) => ({ scale: each(c, (v) => 1 / v), offset: 0 })) : null,
  Negative: () => ({ className: 'Rescaling', options: { scale: -1, offset: 0 } }),
  Square: ({ operands }) => merged('Multiply', [operands[0], operands[0]]),
  Maximum: ({ operands }) =>
    operands.some((operand) => !isTensor(operand) && operand.numbers === 0)
      ? activation('relu')
      : merged('Maximum', operands),
  Minimum: ({ operands }) => merged('Minimum', operands),
  Clip: ({ options: { x_min: low, x_max: high } }) =>
    low === 0 && typeof high === 'number' ? { className: 'ReLU', options: { max_value: high } } : null,
  Relu: () => activation('relu'),
  Relu6: () => activation('relu6'),
  Sigmoid: () => activation('sigmoid'),
  Tanh: () => activation('tanh'),
  Silu: () => activation('silu'),
  HardSilu: () => activation('hard_silu'),
  HardSigmoid: () => activation('hard_sigmoid'),
  Selu: () => activation('selu'),
  Softplus: () => activation('softplus'),
  Elu: ({ options }) => ((options.alpha ?? 1) === 1 ? activation('elu') : null),
  Gelu: ({ options }) => activation(options.approximate === false ? 'gelu' : 'gelu_new'),
  LeakyRelu: ({ options }) => ({
    className: 'LeakyReLU',
    options: { negative_slope: options.negative_slope ?? 0.2 },
  }),
  Softmax: ({ options }) => ((options.axis ?? -1) === -1 ? activation('softmax') : null),
  Identity: () => activation('linear'),
  Mean: (operation) => globalPooling('GlobalAveragePooling2D', operation),
  Max: (operation) => globalPooling('GlobalMaxPooling2D', operation),
  Concatenate: ({ operands, options }) => merged('Concatenate', operands, { axis: options.axis ?? -1 }),
  Reshape: ({ options: { newshape } }) =>
    isList(newshape) && (newshape[0] === -1 || newshape[0] === null) ? reshaped(newshape.slice(1)) : null,
  ExpandDims: ({ operands, options }) =>
    withShape(operands[0], (sizes) => {
      const at = axisOf(options.axis, sizes.length + 2);
      return at === null ? null : reshaped([...sizes.slice(0, at - 1), 1, ...sizes.slice(at - 1)]);
    }),
  Squeeze: ({ operands, options }) =>
    withShape(operands[0], (sizes) => {
      const axes = isList(options.axis) ? options.axis : [options.axis];
      const gone = axes.map((axis) => axisOf(axis, sizes.length + 1));
      return gone.includes(null) ? null : reshaped(sizes.filter((_, d) => !gone.includes(d + 1)));
    }),
  Transpose: ({ options: { axes } }) =>
    isList(axes) && axes[0] === 0 ? { className: 'Permute', options: { dims: axes.slice(1) } } : null,
  Pad: ({ options: { pad_width: margins, mode = 'constant', constant_values: value } }) =>
    isList(margins) &&
    margins.length === 4 &&
    isNothing(margins[0]) &&
    isNothing(margins[3]) &&
    wordOf(mode).toLowerCase() === 'constant' &&
    !value
      ? { className: 'ZeroPadding2D', options: { padding: margins.slice(1, 3) } }
      : null,
};

/** Keras 2's functions of TensorFlow by Keras 3's names, and their options. */
const FUNCTIONS: Readonly<
  Record<string, readonly [name: string, options?: Readonly<Record<string, string>>]>
> = {
  '__operators__.add': ['Add'],
  'math.add': ['Add'],
  'nn.bias_add': ['Add'],
  'math.subtract': ['Subtract'],
  'math.multiply': ['Multiply'],
  'math.truediv': ['TrueDivide'],
  'math.divide': ['TrueDivide'],
  'math.negative': ['Negative'],
  'math.square': ['Square'],
  'math.maximum': ['Maximum'],
  'math.minimum': ['Minimum'],
  clip_by_value: ['Clip', { clip_value_min: 'x_min', clip_value_max: 'x_max' }],
  'nn.relu': ['Relu'],
  'nn.relu6': ['Relu6'],
  'nn.silu': ['Silu'],
  'nn.swish': ['Silu'],
  'math.sigmoid': ['Sigmoid'],
  'nn.sigmoid': ['Sigmoid'],
  'math.tanh': ['Tanh'],
  'nn.tanh': ['Tanh'],
  'nn.selu': ['Selu'],
  'nn.elu': ['Elu'],
  'math.softplus': ['Softplus'],
  'nn.softplus': ['Softplus'],
  'nn.softmax': ['Softmax'],
  'nn.leaky_relu': ['LeakyRelu', { alpha: 'negative_slope' }],
  identity: ['Identity'],
  'math.reduce_mean': ['Mean'],
  'math.reduce_max': ['Max'],
  concat: ['Concatenate'],
  reshape: ['Reshape', { shape: 'newshape' }],
  expand_dims: ['ExpandDims'],
  squeeze: ['Squeeze'],
  transpose: ['Transpose', { perm: 'axes' }],
  'compat.v1.transpose': ['Transpose', { perm: 'axes' }],
  pad: ['Pad', { paddings: 'pad_width' }],
  'compat.v1.pad': ['Pad', { paddings: 'pad_width' }],
};

/**
 * A layer as it is, or the layer that stands for an operation.
 * @param where what messages call the model
 * @throws FormatError naming an operation that no layer stands for.
 */
export function operationAsLayer(layer: JsonObject, where: string, file: string): JsonObject {
  if (!isOperation(layer)) return layer;
  const config = isObject(layer.config) ? layer.config : {};
  const name = wordOf(layer.name ?? config.name);
  const nodes = isList(layer.inbound_nodes) ? layer.inbound_nodes : [];
  const called = `${where}: operation ${show(name)} (${wordOf(config.function ?? layer.class_name)})`;
  if (nodes.length !== 1) {
    throw new FormatError(file, `${called} must be used once, got ${nodes.length} times`);
  }
  const operation = isObject(nodes[0])
    ? ofKeras3(layer, config, nodes[0])
    : ofKeras2(layer, config, nodes[0]);
  const rule = operation && Object.hasOwn(RULES, operation.name) ? RULES[operation.name] : null;
  const found = operation?.operands.some(isTensor) ? rule?.(operation) : null;
  if (!operation || !found) {
    const expected = listed(Object.keys(RULES).sort());
    throw new FormatError(file, `${called} with these arguments has no layer here: expected ${expected}`);
  }
  const {
    className,
    options = {},
    reads = operation.operands.filter(isTensor).map(({ layer }) => layer),
  } = found;
  return {
    class_name: className,
    name,
    config: { name, trainable: true, ...options },
    inbound_nodes: [reads.map((read) => [read, 0, 0, {}])],
  };
}

function isOperation({ module, class_name: className }: JsonObject): boolean {
  return (
    className === 'TFOpLambda' ||
    className === 'SlicingOpLambda' ||
    /^keras\.(src\.)?ops\b/.test(wordOf(module))
  );
}

/** `args` and `kwargs` of a node; null: there are others than tensors and numbers. */
function ofKeras3(layer: JsonObject, config: JsonObject, { args, kwargs }: JsonObject): Operation | null {
  // Concatenate has a list of tensors as its one argument.
  const given = (isList(args) ? args : []).flatMap((arg): unknown[] =>
    isList(arg) && arg.every(isKerasTensor) ? [...arg] : [arg],
  );
  const operands = given.map((arg) => (isKerasTensor(arg) ? kerasTensor(arg) : numbersOf(arg)));
  if (!operands.every(isKnown)) return null;
  const { name: _, ...options } = config;
  return {
    name: wordOf(layer.class_name),
    operands,
    options: { ...options, ...(isObject(kwargs) ? kwargs : {}) },
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
 * a second one stands among the options, a tensor as `["dense", 0, 0]`.
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

/** A number, or a list of one a channel, however Keras wraps it: { "class_name": "__numpy__", "config": { "value": [[1, 2, 3]] } }. */
function numbersOf(value: unknown): Numbers | null {
  const inner = isObject(value) && isObject(value.config) ? value.config.value : value;
  let list = inner;
  // Dimensions of size 1 before the channels.
  while (isList(list) && list.length === 1) list = list[0];
  const isNumber = (v: unknown): v is number => typeof v === 'number' && Number.isFinite(v);
  if (isNumber(list)) return { numbers: list };
  return isList(list) && list.length > 0 && list.every(isNumber) ? { numbers: list } : null;
}

function isTensor(operand: Operand): operand is Tensor {
  return 'layer' in operand;
}

function each(
  numbers: number | readonly number[],
  change: (value: number) => number,
): number | readonly number[] {
  return typeof numbers === 'number' ? change(numbers) : numbers.map(change);
}

/** Of a tensor and numbers: y = x·scale + offset. */
function affine(
  operands: readonly Operand[],
  coefficients: (
    numbers: number | readonly number[],
    isFirst: boolean,
  ) => { readonly scale: unknown; readonly offset: unknown },
): Replacement | null {
  const [first, second] = operands;
  if (operands.length !== 2 || isTensor(first) === isTensor(second)) return null;
  const numbers = (isTensor(first) ? second : first) as Numbers; // the other one is the tensor
  return { className: 'Rescaling', options: coefficients(numbers.numbers, !isTensor(first)) };
}

function merged(className: string, operands: readonly Operand[], options?: JsonObject): Replacement | null {
  if (operands.length < 2 || !operands.every(isTensor)) return null;
  return { className, reads: operands.map(({ layer }) => layer), ...(options && { options }) };
}

function activation(name: string): Replacement {
  return { className: 'Activation', options: { activation: name } };
}

/** Over height and width. */
function globalPooling(className: string, { options }: Operation): Replacement | null {
  const axes = isList(options.axis) ? options.axis : [];
  const isImage = axes.length === 2 && ['1,2', '-3,-2', '2,1', '-2,-3'].includes(axes.map(wordOf).join());
  return isImage ? { className, options: { keepdims: options.keepdims ?? false } } : null;
}

function reshaped(sizes: readonly unknown[]): Replacement {
  return { className: 'Reshape', options: { target_shape: sizes } };
}

/** With the sizes of a sample, where the file says them. */
function withShape(
  operand: Operand,
  make: (sizes: readonly number[]) => Replacement | null,
): Replacement | null {
  const sizes = isTensor(operand) && isList(operand.shape) ? operand.shape.slice(1) : [null];
  const isSize = (size: unknown): size is number => typeof size === 'number';
  return sizes.every(isSize) ? make(sizes) : null;
}

/** An axis among so many, the batch's, which is 0, not allowed; counted from either end. */
function axisOf(axis: unknown, rank: number): number | null {
  const at = typeof axis === 'number' && axis < 0 ? rank + axis : axis;
  return typeof at === 'number' && at > 0 && at < rank ? at : null;
}

function isNothing(margin: unknown): boolean {
  return isList(margin) && margin.every((size) => size === 0);
}
