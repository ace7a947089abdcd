/**
 * What each of TensorFlow Lite's operators is here: one layer, or two where an activation is fused that our layer hasn't. A new
 * operator joins with one entry of OPERATORS. Source of what they compute: tensorflow/lite/kernels, and the schema's comments.
 */
import {
  type ActivationName,
  activation,
  add,
  averagePooling2d,
  concatenate,
  conv2d,
  dense,
  depthwiseConv2d,
  flatten,
  globalAveragePooling2d,
  globalMaxPooling2d,
  leakyReLU,
  maximum,
  maxPooling2d,
  minimum,
  multiply,
  permute,
  reLU,
  rescaling,
  reshape,
  softmax,
  subtract,
  zeroPadding2d,
} from '../../layers/index.ts';
import type { Layer, LayerOptions } from '../../layers/layer.ts';
import type { SymbolicTensor } from '../../layers/symbolic.ts';
import { sizeOf, Tensor } from '../../tensor/tensor.ts';
import { behind, type Call } from './call.ts';
import type { Table } from './flatbuffer.ts';
import { parametricReLU } from './prelu.ts';
import { enlarged } from './resize.ts';
import { outputsLast } from './weights.ts';

/** ActivationFunctionType, by number. */
const ACTIVATIONS: readonly (ActivationName | null)[] = ['linear', 'relu', null, 'relu6', 'tanh', null];
/** Padding, by number. */
const PADDINGS = ['same', 'valid'] as const;
/** BuiltinOptions, by number. */
const OPTIONS = {
  conv2d: 1,
  depthwise: 2,
  pool: 5,
  dense: 8,
  softmax: 9,
  concatenation: 10,
  add: 11,
  reshape: 17,
  mul: 21,
  reducer: 27,
  sub: 28,
  div: 29,
  leakyRelu: 75,
  gelu: 116,
} as const;

/** What an operator gives. @throws RangeError or TypeError where it can't be done here. */
type Maker = (call: Call) => SymbolicTensor;

const MAKERS: Readonly<Record<string, Maker>> = {
  CONV_2D: convolution,
  DEPTHWISE_CONV_2D: depthwise,
  FULLY_CONNECTED: fullyConnected,
  AVERAGE_POOL_2D: (call) => pooling(call, averagePooling2d),
  MAX_POOL_2D: (call) => pooling(call, maxPooling2d),
  MEAN: (call) => overSpace(call, globalAveragePooling2d),
  REDUCE_MAX: (call) => overSpace(call, globalMaxPooling2d),
  ADD: (call) => merge(call, OPTIONS.add, add, (c) => ({ scale: 1, offset: c })),
  MUL: (call) => merge(call, OPTIONS.mul, multiply, (c) => ({ scale: c })),
  SUB: subtraction,
  DIV: division,
  MAXIMUM: (call) => call.put(maximum(call.own), [call.input(0), call.input(1)]),
  MINIMUM: (call) => call.put(minimum(call.own), [call.input(0), call.input(1)]),
  CONCATENATION: concatenation,
  RESHAPE: reshaping,
  SQUEEZE: reshaping,
  EXPAND_DIMS: reshaping,
  TRANSPOSE: transposition,
  PAD: padding,
  PADV2: padding,
  SOFTMAX: softmaxOf,
  RELU: (call) => elementwise(call, 'relu'),
  RELU6: (call) => elementwise(call, 'relu6'),
  RELU_0_TO_1: (call) => call.put(reLU({ ...call.own, maxValue: 1 }), call.input(0)),
  LEAKY_RELU: (call) => {
    const negativeSlope = call.options(OPTIONS.leakyRelu)?.float(0) ?? 0;
    return call.put(leakyReLU({ ...call.own, negativeSlope }), call.input(0));
  },
  PRELU: parametricReLU,
  RESIZE_BILINEAR: (call) => enlarged(call, 'bilinear'),
  RESIZE_NEAREST_NEIGHBOR: (call) => enlarged(call, 'nearest'),
  LOGISTIC: (call) => elementwise(call, 'sigmoid'),
  TANH: (call) => elementwise(call, 'tanh'),
  ELU: (call) => elementwise(call, 'elu'),
  HARD_SWISH: (call) => elementwise(call, 'hardSwish'),
  GELU: (call) => elementwise(call, call.options(OPTIONS.gelu)?.flag(0) ? 'geluApproximate' : 'gelu'),
};

/** Operators that give their input's real numbers again: in other units, or another type. */
const SAME = ['QUANTIZE', 'DEQUANTIZE', 'FAKE_QUANT', 'CAST'];

/** Whether what an operator gives is its input, as far as real numbers go. */
export function isSame(operator: string): boolean {
  return SAME.includes(operator);
}

/** What makes an operator's layer; null: degelo has none. */
export function makerOf(operator: string): Maker | null {
  return Object.hasOwn(MAKERS, operator) ? MAKERS[operator] : null;
}

/** Names of all operators that are read. */
export function readOperators(): string[] {
  return [...Object.keys(MAKERS), ...SAME].sort();
}

/** Kernels [O, KH, KW, I] become [KH, KW, I, O]. */
function convolution(call: Call): SymbolicTensor {
  const x = call.input(0);
  const options = call.options(OPTIONS.conv2d);
  const kernel = outputsLast(kernelOf(call, 4));
  const [KH, KW, I, filters] = kernel.shape;
  const [, , C] = x.shape;
  const groups = C / I;
  if (!Number.isInteger(groups) || groups < 1) {
    throw new RangeError(`weights must be for the input's ${C} channels or a part of them, got ${I}`);
  }
  const bias = biasOf(call, filters);
  const given = activationOf(options?.byte(3) ?? 0);
  return call.put(
    conv2d({
      ...call.own,
      filters,
      ...windows(options, KH, KW, 4, 5),
      ...(groups > 1 && { groups }),
      activation: given,
      useBias: bias !== null,
    }),
    x,
    [kernel, ...(bias ? [bias] : [])],
  );
}

/** Kernels [1, KH, KW, C·M] become [KH, KW, C, M]: the same numbers in the same order. */
function depthwise(call: Call): SymbolicTensor {
  const x = call.input(0);
  const options = call.options(OPTIONS.depthwise);
  const weights = kernelOf(call, 4);
  const [, KH, KW, outputs] = weights.shape;
  const [, , C] = x.shape;
  const depthMultiplier = outputs / C;
  if (weights.shape[0] !== 1 || !Number.isInteger(depthMultiplier)) {
    throw new RangeError(
      `weights must be [1, height, width, a multiple of ${C} channels], got [${weights.shape}]`,
    );
  }
  const bias = biasOf(call, outputs);
  return call.put(
    depthwiseConv2d({
      ...call.own,
      ...windows(options, KH, KW, 5, 6),
      depthMultiplier,
      activation: activationOf(options?.byte(4) ?? 0),
      useBias: bias !== null,
    }),
    x,
    [new Tensor(weights.data, [KH, KW, C, depthMultiplier]), ...(bias ? [bias] : [])],
  );
}

/** Kernels [O, I] become [I, O]; the input may have more dimensions, whose numbers are taken in their order. */
function fullyConnected(call: Call): SymbolicTensor {
  const options = call.options(OPTIONS.dense);
  if ((options?.byte(1) ?? 0) !== 0)
    throw new RangeError('weights must be in the default order, got shuffled ones');
  const kernel = outputsLast(kernelOf(call, 2));
  const [I, units] = kernel.shape;
  const x = call.input(0);
  if (sizeOf(x.shape) !== I) {
    throw new RangeError(
      `weights must be for the ${sizeOf(x.shape)} numbers of a sample [${x.shape}], got ${I}`,
    );
  }
  const flat = x.shape.length === 1 ? x : call.put(flatten(behind(call, 'flatten')), x);
  const bias = biasOf(call, units);
  const given = activationOf(options?.byte(0) ?? 0);
  const y = call.put(dense({ ...call.own, units, activation: given, useBias: bias !== null }), flat, [
    kernel,
    ...(bias ? [bias] : []),
  ]);
  const { outputShape } = call;
  return outputShape.length > 1
    ? call.put(reshape({ ...behind(call, 'reshape'), targetShape: outputShape }), y)
    : y;
}

type Windows = {
  poolSize: readonly [number, number];
  strides: readonly [number, number];
  padding: 'same' | 'valid';
} & LayerOptions;

function pooling(call: Call, make: (options: Windows) => Layer): SymbolicTensor {
  const options = call.options(OPTIONS.pool);
  const layer = make({
    ...call.own,
    poolSize: [options?.int(4) ?? 0, options?.int(3) ?? 0],
    strides: [options?.int(2) ?? 0, options?.int(1) ?? 0],
    padding: paddingOf(options),
  });
  return activated(call, call.put(layer, call.input(0)), options?.byte(5) ?? 0);
}

/** A mean, or a maximum, over height and width. */
function overSpace(
  call: Call,
  make: (options: { keepdims: boolean } & LayerOptions) => Layer,
): SymbolicTensor {
  const x = call.input(0);
  const rank = x.shape.length + 1;
  const axes = call.whole(1).map((axis) => (axis < 0 ? rank + axis : axis));
  if (rank !== 4 || [...new Set(axes)].sort().join() !== '1,2') {
    throw new RangeError(
      `axes must be height and width, 1 and 2 of 4, got ${axes.join(' and ') || 'none'} of ${rank}`,
    );
  }
  const keepdims = call.options(OPTIONS.reducer)?.flag(0) ?? false;
  return call.put(make({ ...call.own, keepdims }), x);
}

/** Of two tensors; or of one and constant numbers, one for all or one a channel, which makes it a rescaling. */
function merge(
  call: Call,
  type: number,
  make: (options: LayerOptions) => Layer,
  withConstant: (numbers: number | number[]) => { scale: number | number[]; offset?: number | number[] },
): SymbolicTensor {
  const fused = call.options(type)?.byte(0) ?? 0;
  const at = [0, 1].find((i) => call.constant(i)) ?? -1;
  const constant = at < 0 ? null : call.constant(at);
  const y = constant
    ? scaled(call, 1 - at, constant, withConstant)
    : call.put(make(call.own), [call.input(0), call.input(1)]);
  return activated(call, y, fused);
}

/** a − b = a + (−1)·b, which has the same bits. */
function subtraction(call: Call): SymbolicTensor {
  const fused = call.options(OPTIONS.sub)?.byte(0) ?? 0;
  const [first, second] = [call.constant(0), call.constant(1)];
  if (second) {
    return activated(
      call,
      scaled(call, 0, second, (c) => ({ scale: 1, offset: mapped(c, (v) => 0 - v) })),
      fused,
    );
  }
  if (first)
    return activated(
      call,
      scaled(call, 1, first, (c) => ({ scale: -1, offset: c })),
      fused,
    );
  return activated(call, call.put(subtract(call.own), [call.input(0), call.input(1)]), fused);
}

/** By constant numbers alone. */
function division(call: Call): SymbolicTensor {
  const divisor = call.constant(1);
  if (!divisor) throw new RangeError('tensors are divided by constant numbers alone');
  const fused = call.options(OPTIONS.div)?.byte(0) ?? 0;
  return activated(
    call,
    scaled(call, 0, divisor, (c) => ({ scale: mapped(c, (v) => 1 / v) })),
    fused,
  );
}

function scaled(
  call: Call,
  i: number,
  constant: Tensor,
  options: (numbers: number | number[]) => { scale: number | number[]; offset?: number | number[] },
): SymbolicTensor {
  const x = call.input(i);
  const { shape, data, size } = constant;
  const C = x.shape.at(-1) ?? 1;
  const isVector = size === 1 || (size === C && shape.at(-1) === C);
  if (!isVector) {
    throw new RangeError(
      `constant numbers must be one for all, or one a channel (${C}), got shape [${shape}]`,
    );
  }
  return call.put(rescaling({ ...call.own, ...options(size === 1 ? data[0] : Array.from(data)) }), x);
}

function mapped(numbers: number | number[], f: (value: number) => number): number | number[] {
  return typeof numbers === 'number' ? f(numbers) : numbers.map(f);
}

function concatenation(call: Call): SymbolicTensor {
  const options = call.options(OPTIONS.concatenation);
  const inputs = Array.from({ length: call.count }, (_, i) => call.input(i));
  const y = call.put(concatenate({ ...call.own, axis: options?.int(0) ?? 0 }), inputs);
  return activated(call, y, options?.byte(1) ?? 0);
}

/** The file says what shape comes of it, also where that is computed from the batch's size. */
function reshaping(call: Call): SymbolicTensor {
  return call.put(reshape({ ...call.own, targetShape: call.outputShape }), call.input(0));
}

function transposition(call: Call): SymbolicTensor {
  const [batch, ...dims] = call.whole(1);
  if (batch !== 0) throw new RangeError(`samples must stay the first dimension, got ${[batch, ...dims]}`);
  return call.put(permute({ ...call.own, dims }), call.input(0));
}

/** [[0, 0], [above, below], [left, right], [0, 0]] zeros. */
function padding(call: Call): SymbolicTensor {
  const x = call.input(0);
  const margins = call.whole(1);
  const [n0, n1, above, below, left, right, c0, c1] = margins;
  if (x.shape.length !== 3 || margins.length !== 8 || n0 || n1 || c0 || c1) {
    throw new RangeError(
      `padding must be of height and width of an image, got [${margins}] for a sample [${x.shape}]`,
    );
  }
  if (call.count > 2 && call.constant(2)?.data.some((value) => value !== 0) !== false) {
    throw new RangeError('padding must be zeros, got other numbers');
  }
  const layer = zeroPadding2d({
    ...call.own,
    padding: [
      [above, below],
      [left, right],
    ],
  });
  return call.put(layer, x);
}

function softmaxOf(call: Call): SymbolicTensor {
  const beta = call.options(OPTIONS.softmax)?.float(0) ?? 1;
  if (beta !== 1) throw new RangeError(`softmax: beta must be 1, got ${beta}`);
  return call.put(softmax(call.own), call.input(0));
}

function elementwise(call: Call, name: ActivationName): SymbolicTensor {
  return call.put(activation({ ...call.own, activation: name }), call.input(0));
}

/** A fused activation of an operator whose layer here has none. */
function activated(call: Call, x: SymbolicTensor, number: number): SymbolicTensor {
  const name = activationOf(number);
  return name === 'linear' ? x : call.put(activation({ ...behind(call, name), activation: name }), x);
}

function kernelOf(call: Call, rank: number): Tensor {
  const weights = call.constant(1);
  if (!weights) throw new RangeError('weights must be constant, got what an operator gives');
  if (weights.shape.length === rank) return weights;
  throw new RangeError(`weights must have ${rank} dimensions, got [${weights.shape}]`);
}

/** null: there is none. */
function biasOf(call: Call, outputs: number): Tensor | null {
  if (call.count < 3) return null;
  const bias = call.constant(2);
  if (!bias) return null;
  if (bias.size === outputs) return new Tensor(bias.data, [outputs]);
  throw new RangeError(`bias must have one number an output: expected ${outputs}, got [${bias.shape}]`);
}

/** @param dilation number of the option; the next one is the height's */
function windows(
  options: Table | null,
  KH: number,
  KW: number,
  dilationWidth: number,
  dilationHeight: number,
): {
  kernelSize: [number, number];
  strides: [number, number];
  dilationRate: [number, number];
  padding: 'same' | 'valid';
} {
  return {
    kernelSize: [KH, KW],
    strides: [options?.int(2) ?? 0, options?.int(1) ?? 0],
    dilationRate: [options?.int(dilationHeight, 1) ?? 1, options?.int(dilationWidth, 1) ?? 1],
    padding: paddingOf(options),
  };
}

function paddingOf(options: Table | null): 'same' | 'valid' {
  const number = options?.byte(0) ?? 0;
  const name = PADDINGS[number];
  if (name) return name;
  throw new RangeError(`padding must be SAME (0) or VALID (1), got ${number}`);
}

function activationOf(number: number): ActivationName {
  const name = ACTIVATIONS[number];
  if (name) return name;
  const known = 'none, RELU, RELU6 or TANH';
  throw new RangeError(`fused activation must be ${known}, got ${number === 2 ? 'RELU_N1_TO_1' : number}`);
}
