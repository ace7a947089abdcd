/**
 * The rules by which an operation of Keras becomes layers: `x + 3` and `x / 6` a Rescaling, `ops.relu6(x)` an Activation, `x[..., 1:3]`
 * several layers one after the other. How files write operations: keras-operations.ts.
 */
import { isList, isString } from './fields.ts';
import { type JsonObject, wordOf } from './json.ts';
import { gated } from './keras-glu.ts';
import {
  activation,
  axisOf,
  isTensor,
  type Numbers,
  numbersLike,
  type Operand,
  type Operation,
  type Read,
  type Replacement,
  reshaped,
  type Tensor,
  withShape,
} from './keras-operation-parts.ts';
import { activationAlong } from './keras-other-axes.ts';
import { padded } from './keras-padding.ts';
import {
  dot,
  elementwise,
  minimumAlong,
  norm,
  normalized,
  type Pooling,
  reduction,
  spread,
  sumAlong,
} from './keras-reductions.ts';
import { rangesOf, sliced, turnedAxis } from './keras-slices.ts';
import { sliceSteps } from './slices.ts';

/** The most that something is repeated. */
const MOST_REPEATS = 64;

/** The layer that computes the same; null: there is none. */
type Rule = (operation: Operation) => Replacement | null;

/** The most slices that a tensor is put together of: the channels of a photo are three. */
const MOST_SLICES = 4;

export const RULES: Readonly<Record<string, Rule>> = {
  Add: ({ operands }) => affine(operands, (c) => ({ scale: 1, offset: c })) ?? merged('Add', operands),
  Multiply: ({ operands }) =>
    affine(operands, (c) => ({ scale: c, offset: 0 })) ?? merged('Multiply', operands),
  Subtract: ({ operands }) =>
    affine(operands, (c, isFirst) =>
      isFirst ? { scale: -1, offset: c } : { scale: 1, offset: each(c, (v) => -v) },
    ) ?? (operands.length === 2 ? merged('Subtract', operands) : null),
  TrueDivide: divided,
  Divide: divided,
  Reciprocal: unary(({ layer }) => elementwise('reciprocal', layer)),
  Sqrt: unary(({ layer }) => elementwise('sqrt', layer)),
  Rsqrt: unary(({ layer }) => elementwise('rsqrt', layer)),
  Log: unary(({ layer }) => elementwise('log', layer)),
  Log2: unary(({ layer }) => scaled(elementwise('log', layer), 1 / Math.LN2)),
  Log10: unary(({ layer }) => scaled(elementwise('log', layer), 1 / Math.LN10)),
  // Next to 0 the sum rounds, so these have fewer digits there.
  Log1p: unary(({ layer }) => elementwise('log', shifted(layer, 1))),
  Expm1: unary(({ layer }) => shifted({ ...activation('exponential'), reads: [layer] }, -1)),
  Exp2: unary(({ layer }) => ({ ...activation('exponential'), reads: [scaled(layer, Math.LN2)] })),
  Trunc: unary(({ layer }) => elementwise('trunc', layer)),
  Exp: () => activation('exponential'),
  // x + scale·y
  CustomScaleLayer: ({ operands: [x, y], options: { scale } }) =>
    isTensor(x) && isTensor(y)
      ? {
          className: 'Add',
          reads: [x.layer, { className: 'Rescaling', options: { scale, offset: 0 }, reads: [y.layer] }],
        }
      : null,
  Negative: () => ({ className: 'Rescaling', options: { scale: -1, offset: 0 } }),
  Square: ({ operands }) => merged('Multiply', [operands[0], operands[0]]),
  Maximum: ({ operands }) =>
    operands.some((operand) => !isTensor(operand) && operand.numbers === 0)
      ? activation('relu')
      : extreme('Maximum', operands),
  Minimum: ({ operands }) => extreme('Minimum', operands),
  Clip: unary(({ layer }, { x_min: low, x_max: high }) => {
    if (typeof low !== 'number' || typeof high !== 'number') return null;
    if (low === 0) return { className: 'ReLU', options: { max_value: high } };
    const above: Read = { className: 'Maximum', reads: [layer, numbersLike(layer, low)] };
    return { className: 'Minimum', reads: [above, numbersLike(layer, high)] };
  }),
  Absolute: unary(({ layer }) => {
    const minus: Read = { className: 'Rescaling', options: { scale: -1, offset: 0 }, reads: [layer] };
    return {
      className: 'Add',
      reads: [layer, minus].map((read) => ({ ...activation('relu'), reads: [read] })),
    };
  }),
  Power: power,
  GetItem: unary((x, { key }) =>
    withShape(x, (sizes) => {
      const ranges = rangesOf(key, sizes);
      const turned = ranges ? null : turnedAxis(key, sizes);
      if (turned !== null) return reversed(x.layer, sizes, turned);
      return ranges && sliced(x.layer, sliceSteps(sizes, ranges));
    }),
  ),
  Flip: ({ operands: [x], options }) =>
    withShape(x, (sizes) => {
      const axis = axisOf(
        isList(options.axis) && options.axis.length === 1 ? options.axis[0] : options.axis,
        sizes.length + 1,
      );
      return axis === null || !isTensor(x) ? null : reversed(x.layer, sizes, axis - 1);
    }),
  Stack: ({ operands, options }) =>
    withShape(operands[0], (sizes) => {
      const axis = axisOf(options.axis ?? 0, sizes.length + 2);
      if (axis === null || !operands.every(isTensor) || operands.length < 2) return null;
      const target_shape = [...sizes.slice(0, axis - 1), 1, ...sizes.slice(axis - 1)];
      const reads = operands.map(
        ({ layer }): Read => ({ className: 'Reshape', options: { target_shape }, reads: [layer] }),
      );
      return { className: 'Concatenate', options: { axis }, reads };
    }),
  Relu: () => activation('relu'),
  Relu6: () => activation('relu6'),
  Sigmoid: () => activation('sigmoid'),
  Tanh: () => activation('tanh'),
  Silu: () => activation('silu'),
  HardSilu: () => activation('hard_silu'),
  HardSigmoid: () => activation('hard_sigmoid'),
  Selu: () => activation('selu'),
  Softplus: () => activation('softplus'),
  Softsign: () => activation('softsign'),
  LogSigmoid: () => activation('log_sigmoid'),
  HardTanh: () => activation('hard_tanh'),
  TanhShrink: () => activation('tanh_shrink'),
  SparsePlus: () => activation('sparse_plus'),
  SparseSigmoid: () => activation('sparse_sigmoid'),
  HardShrink: ({ options }) => ((options.threshold ?? 0.5) === 0.5 ? activation('hard_shrink') : null),
  SoftShrink: ({ options }) => ((options.threshold ?? 0.5) === 0.5 ? activation('soft_shrink') : null),
  Squareplus: ({ options }) => ((options.b ?? 4) === 4 ? activation('squareplus') : null),
  // α·elu(x/α)
  Celu: unary(({ layer }, { alpha = 1 }) => {
    if (typeof alpha !== 'number' || alpha === 1) return alpha === 1 ? activation('elu') : null;
    const reads = [{ ...activation('elu'), reads: [scaled(layer, 1 / alpha)] }];
    return { className: 'Rescaling', options: { scale: alpha, offset: 0 }, reads };
  }),
  LogSoftmax: unary((x, { axis = -1 }) => activationAlong('log_softmax', x, axis)),
  Elu: unary(elu),
  ELU: unary(elu),
  Gelu: ({ options }) => activation(options.approximate === false ? 'gelu' : 'gelu_new'),
  LeakyRelu: ({ options }) => ({
    className: 'LeakyReLU',
    options: { negative_slope: options.negative_slope ?? 0.2 },
  }),
  Softmax: unary((x, { axis = -1 }) => activationAlong('softmax', x, axis)),
  Identity: () => activation('linear'),
  Glu: unary(gated),
  // x above it, else 0.
  Threshold: unary((_, { threshold, default_value: below }) =>
    typeof threshold === 'number' && threshold >= 0 && below === 0
      ? { className: 'ReLU', options: { threshold } }
      : null,
  ),
  Cast: ({ options }) => (options.dtype === 'float32' ? activation('linear') : null),
  AveragePool: ({ options }) => pooling('AveragePooling2D', options),
  MaxPool: ({ options }) => pooling('MaxPooling2D', options),
  Mean: (operation) => globalPooling('Average', operation),
  Max: (operation) => globalPooling('Max', operation),
  Amax: (operation) => globalPooling('Max', operation),
  Min: unary(minimumAlong),
  Amin: unary(minimumAlong),
  Sum: unary(sumAlong),
  Var: unary((x, options) => spread(x, options, false)),
  Std: unary((x, options) => spread(x, options, true)),
  Norm: unary(norm),
  Normalize: unary(normalized),
  UnitNormalization: unary((x, { axis }) => normalized(x, { axis, epsilon: 1e-12 })),
  Dot: ({ operands: [x, y], options }) => (isTensor(x) && isTensor(y) ? dot(x, y, options) : null),
  // So many times one after the other.
  RepeatVector: unary((x, { n }) =>
    withShape(x, (sizes) =>
      sizes.length === 1 ? tiled({ ...reshaped([1, ...sizes]), reads: [x.layer] }, 1, n) : null,
    ),
  ),
  // Of one row, column or channel, as of a grey image for a network of colours.
  Repeat: unary((x, { repeats, axis }) =>
    withShape(x, (sizes) => {
      const at = axisOf(axis, sizes.length + 1);
      return at === null || sizes[at - 1] !== 1 ? null : tiled(x.layer, at, repeats);
    }),
  ),
  Tile: unary(({ layer }, { repeats }) => {
    if (!isList(repeats) || repeats[0] !== 1) return null;
    let made: Replacement | null = activation('linear');
    let read: Read = layer;
    for (const [axis, count] of repeats.entries()) {
      if (count === 1) continue;
      made = tiled(read, axis, count);
      if (!made) return null;
      read = { ...made, reads: made.reads ?? [layer] };
    }
    return made;
  }),
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
  Swapaxes: unary((x, { axis1, axis2 }) => moved(x, [axis1, axis2], [axis2, axis1])),
  Moveaxis: unary((x, { source, destination }) =>
    moved(x, isList(source) ? source : [source], isList(destination) ? destination : [destination]),
  ),
  Pad: padded,
  Resize: ({ operands: [x], options: { size, data_format: _, ...options } }) =>
    isTensor(x) && isList(size)
      ? { className: 'Resizing', options: { height: size[0], width: size[1], ...options }, reads: [x.layer] }
      : null,
};

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

/** α·(e^x − 1) below 0: α·elu(x) + (1 − α)·relu(x). */
function elu({ layer }: Tensor, { alpha = 1 }: JsonObject): Replacement | null {
  if (typeof alpha !== 'number' || alpha === 1) return alpha === 1 ? activation('elu') : null;
  const parts = { elu: alpha, relu: 1 - alpha };
  const reads = Object.entries(parts).map(([name, factor]) =>
    scaled({ ...activation(name), reads: [layer] }, factor),
  );
  return { className: 'Add', reads };
}

function scaled(read: Read, scale: number): Exclude<Read, string> {
  return { className: 'Rescaling', options: { scale, offset: 0 }, reads: [read] };
}

function shifted(read: Read, offset: number): Exclude<Read, string> {
  return { className: 'Rescaling', options: { scale: 1, offset }, reads: [read] };
}

/** Of one tensor. */
function unary(rule: (x: Tensor, options: JsonObject) => Replacement | null): Rule {
  return ({ operands: [x], options }) => (isTensor(x) ? rule(x, options) : null);
}

function merged(className: string, operands: readonly Operand[], options?: JsonObject): Replacement | null {
  if (operands.length < 2 || !operands.every(isTensor)) return null;
  return { className, reads: operands.map(({ layer }) => layer), ...(options && { options }) };
}

/** So many times along one dimension, one after the other. */
function tiled(read: Read, axis: number, count: unknown): Replacement | null {
  if (!Number.isInteger(count) || typeof count !== 'number' || count < 1 || count > MOST_REPEATS) return null;
  if (count === 1) return isString(read) ? activation('linear') : read;
  return { className: 'Concatenate', options: { axis }, reads: Array.from({ length: count }, () => read) };
}

/** The larger, or smaller, of two tensors, or of a tensor and numbers. */
function extreme(className: string, operands: readonly Operand[]): Replacement | null {
  const x = operands.find(isTensor);
  if (!x || operands.length !== 2) return null;
  const reads = operands.map((each) => (isTensor(each) ? each.layer : numbersLike(x.layer, each.numbers)));
  return { className, reads };
}

/** Back to front along one dimension, as `x[..., ::-1]` makes BGR of RGB: its slices in the other order. null: too many of them. */
function reversed(layer: string, sizes: readonly number[], axis: number): Replacement | null {
  const size = sizes[axis];
  if (size < 2 || size > MOST_SLICES) return null;
  const reads = Array.from({ length: size }, (_, i): Read => {
    const begin = size - 1 - i;
    const ranges = sizes.map((end, d) =>
      d === axis
        ? { begin, end: begin + 1, step: 1, isIndex: false }
        : { begin: 0, end, step: 1, isIndex: false },
    );
    return sliced(layer, sliceSteps(sizes, ranges)) as Exclude<Read, string>; // of several, each has a step
  });
  return { className: 'Concatenate', options: { axis: axis + 1 }, reads };
}

/** These dimensions at these places, and the others around them in their order. */
function moved(x: Tensor, from: readonly unknown[], to: readonly unknown[]): Replacement | null {
  return withShape(x, (sizes) => {
    const at = (axes: readonly unknown[]): unknown[] => axes.map((axis) => axisOf(axis, sizes.length + 1));
    const [sources, places] = [at(from), at(to)];
    if ([...sources, ...places].includes(null) || sources.length !== places.length) return null;
    const others = sizes.map((_, d) => d + 1).filter((d) => !sources.includes(d));
    const dims = sizes.map((_, d) => {
      const place = places.indexOf(d + 1);
      return place < 0 ? others.shift() : sources[place];
    });
    return { className: 'Permute', options: { dims } };
  });
}

/** Of images whose channels are last. */
function pooling(
  className: string,
  { pool_size: size, strides, padding = 'valid', data_format: format }: JsonObject,
): Replacement | null {
  if (format === 'channels_first') return null;
  return { className, options: { pool_size: size, strides: strides ?? size, padding } };
}

/** Over height and width, or along other dimensions. */
function globalPooling(kind: Pooling, { operands: [x], options }: Operation): Replacement | null {
  const axes = isList(options.axis) ? options.axis : [];
  const isAlong = axes.length === 2 && ['1,2', '-3,-2', '2,1', '-2,-3'].includes(axes.map(wordOf).join());
  // Of rows of numbers these are all dimensions. Keras 2's files say no shape.
  const isImage = isTensor(x) && (!isList(x.shape) || x.shape.length === 4);
  if (!isAlong || !isImage) return isTensor(x) ? reduction(kind, x, options) : null;
  return { className: `Global${kind}Pooling2D`, options: { keepdims: options.keepdims ?? false } };
}

/** By numbers a product; a/b, or c/b, is a product with 1/b. */
function divided({ operands }: Operation): Replacement | null {
  const [a, b] = operands;
  if (operands.length !== 2) return null;
  if (!isTensor(b)) return affine(operands, (c) => ({ scale: each(c, (v) => 1 / v), offset: 0 }));
  const reads = [elementwise('reciprocal', b.layer)];
  if (isTensor(a)) return { className: 'Multiply', reads: [a.layer, ...reads] };
  return { className: 'Rescaling', options: { scale: a.numbers, offset: 0 }, reads };
}

/** The most factors that a power is made of. */
const MOST_FACTORS = 8;

/** By one number: products, roots, and x^p = e^(p·ln x). */
function power({ operands: [x, exponent] }: Operation): Replacement | null {
  if (!isTensor(x) || !exponent || isTensor(exponent) || typeof exponent.numbers !== 'number') return null;
  const p = exponent.numbers;
  if (p === 1) return activation('linear');
  if (p === 0.5) return elementwise('sqrt', x.layer);
  if (p === -0.5) return elementwise('rsqrt', x.layer);
  if (p === -1) return elementwise('reciprocal', x.layer);
  if (!Number.isInteger(p)) {
    const options = { scale: p, offset: 0 };
    const scaled: Read = { className: 'Rescaling', options, reads: [elementwise('log', x.layer)] };
    return { ...activation('exponential'), reads: [scaled] };
  }
  if (p < 1 || p > MOST_FACTORS) return null;
  return { className: 'Multiply', reads: Array.from({ length: p }, () => x.layer) };
}
