/**
 * What each of TensorFlow Lite's operators is here: one layer, or several. A new operator joins with one entry of
 * MAKERS. Source of what they compute: tensorflow/lite/kernels, and the schema's comments.
 */

import type { ElementwiseOperation } from '../../layers/elementwise.ts';
import {
  add,
  averagePooling2d,
  elementwise as elementwiseLayer,
  globalAveragePooling2d,
  globalMaxPooling2d,
  maximum,
  maxPooling2d,
  minimum,
  multiply,
  reLU,
  rescaling,
} from '../../layers/index.ts';
import type { SymbolicTensor } from '../../layers/layer.ts';
import { elementwise, leaky, softmaxOf } from './activations.ts';
import { division, extreme, merge, product, subtraction } from './arithmetic.ts';
import type { Call } from './call.ts';
import { convolution, depthwise, fullyConnected, transposed } from './convolutions.ts';
import { alongSteps } from './dilation.ts';
import { OPTIONS } from './options.ts';
import { gathering, mirroring, tiling } from './picks.ts';
import { overSpace, pooling } from './pooling.ts';
import { parametricReLU } from './prelu.ts';
import { resized } from './resize.ts';
import { byRule, lengthOne, reducing, squaredDifference } from './rules.ts';
import { selected } from './selects.ts';
import {
  concatenation,
  depthToSpace,
  packing,
  padding,
  reshaping,
  slicing,
  spaceToDepth,
  stridedSlicing,
  transposition,
} from './shapes.ts';
import { splitting, splittingBySizes, unpacking } from './splits.ts';

/** What an operator gives. @throws RangeError or TypeError where it can't be done here. */
type Maker = (call: Call) => SymbolicTensor;

const MAKERS: Readonly<Record<string, Maker>> = {
  CONV_2D: (call) => alongSteps(call, convolution),
  DEPTHWISE_CONV_2D: (call) => alongSteps(call, depthwise),
  FULLY_CONNECTED: fullyConnected,
  TRANSPOSE_CONV: transposed,
  AVERAGE_POOL_2D: (call) => pooling(call, averagePooling2d),
  MAX_POOL_2D: (call) => pooling(call, maxPooling2d),
  MEAN: (call) => overSpace(call, averagePooling2d, globalAveragePooling2d, 'Mean'),
  REDUCE_MAX: (call) => overSpace(call, maxPooling2d, globalMaxPooling2d, 'Max'),
  ADD: (call) => merge(call, OPTIONS.add, add, (c) => ({ scale: 1, offset: c })),
  MUL: (call) => merge(call, OPTIONS.mul, multiply, (c) => ({ scale: c })),
  SUB: subtraction,
  DIV: division,
  MAXIMUM: (call) => extreme(call, maximum),
  MINIMUM: (call) => extreme(call, minimum),
  NEG: (call) => call.put(rescaling({ ...call.own, scale: -1 }), call.input(0)),
  ADD_N: (call) =>
    call.put(
      add(call.own),
      Array.from({ length: call.count }, (_, i) => call.input(i)),
    ),
  BATCH_MATMUL: product,
  SQUARE: (call) => call.put(multiply(call.own), [call.input(0), call.input(0)]),
  CONCATENATION: concatenation,
  PACK: packing,
  RESHAPE: reshaping,
  SQUEEZE: reshaping,
  EXPAND_DIMS: reshaping,
  TRANSPOSE: transposition,
  PAD: padding,
  PADV2: padding,
  MIRROR_PAD: mirroring,
  GATHER: gathering,
  SPACE_TO_DEPTH: spaceToDepth,
  DEPTH_TO_SPACE: depthToSpace,
  TILE: tiling,
  SLICE: slicing,
  STRIDED_SLICE: stridedSlicing,
  SELECT: selected,
  SELECT_V2: selected,
  SOFTMAX: softmaxOf,
  RELU: (call) => elementwise(call, 'relu'),
  RELU6: (call) => elementwise(call, 'relu6'),
  RELU_N1_TO_1: (call) => elementwise(call, 'hardTanh'),
  RELU_0_TO_1: (call) => call.put(reLU({ ...call.own, maxValue: 1 }), call.input(0)),
  LEAKY_RELU: leaky,
  PRELU: parametricReLU,
  RESIZE_BILINEAR: (call) => resized(call, 'bilinear'),
  RESIZE_NEAREST_NEIGHBOR: (call) => resized(call, 'nearest'),
  LOGISTIC: (call) => elementwise(call, 'sigmoid'),
  TANH: (call) => elementwise(call, 'tanh'),
  // Of two inputs, the second α, where foldSelects made it of a choice.
  ELU: (call) =>
    call.count < 2 ? elementwise(call, 'elu') : byRule(call, 'Elu', 1, { alpha: call.constant(1)?.data[0] }),
  HARD_SWISH: (call) => elementwise(call, 'hardSwish'),
  EXP: (call) => elementwise(call, 'exponential'),
  L2_NORMALIZATION: lengthOne,
  LOG_SOFTMAX: (call) => elementwise(call, 'logSoftmax'),
  LOG: (call) => functionOf(call, 'log'),
  SQRT: (call) => functionOf(call, 'sqrt'),
  RSQRT: (call) => functionOf(call, 'rsqrt'),
  ABS: (call) => byRule(call, 'Absolute'),
  POW: (call) => byRule(call, 'Power', 2),
  SUM: (call) => reducing(call, 'Sum'),
  REDUCE_MIN: (call) => reducing(call, 'Min'),
  SQUARED_DIFFERENCE: squaredDifference,
  GELU: (call) => elementwise(call, call.options(OPTIONS.gelu).flag(0) ? 'geluApproximate' : 'gelu'),
};

/** Operators that give several tensors: what makes each of them, by its place among them. */
const SPLITTERS: Readonly<Record<string, (call: Call, place: number) => SymbolicTensor>> = {
  SPLIT: splitting,
  SPLIT_V: splittingBySizes,
  UNPACK: unpacking,
};

function functionOf(call: Call, operation: ElementwiseOperation): SymbolicTensor {
  return call.put(elementwiseLayer({ ...call.own, operation }), call.input(0));
}

/** Operators that give their input's real numbers again: in other units, or another type. */
const SAME = ['QUANTIZE', 'DEQUANTIZE', 'FAKE_QUANT', 'CAST'];

/** Whether what an operator gives is its input, as far as real numbers go. */
export function isSame(operator: string): boolean {
  return SAME.includes(operator);
}

/** What makes an operator's layers, of the output at this place; null: degelo has none. */
export function makerOf(operator: string, place = 0): Maker | null {
  if (Object.hasOwn(SPLITTERS, operator)) return (call) => SPLITTERS[operator](call, place);
  return Object.hasOwn(MAKERS, operator) && place === 0 ? MAKERS[operator] : null;
}

/** Names of all operators that are read. */
export function readOperators(): string[] {
  return [...Object.keys(MAKERS), ...Object.keys(SPLITTERS), ...SAME].sort();
}
