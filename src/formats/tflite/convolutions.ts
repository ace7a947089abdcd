/** Operators with weights. Their kernels have the outputs first; ours have them last. */
import {
  type Conv2dTransposeOptions,
  conv2d,
  conv2dTranspose,
  dense,
  depthwiseConv2d,
  flatten,
  reshape,
} from '../../layers/index.ts';
import type { SymbolicTensor } from '../../layers/layer.ts';
import { type Shape, sizeOf, Tensor } from '../../tensor/tensor.ts';
import { activated, activationOf } from './activations.ts';
import { behind, type Call } from './call.ts';
import { dilated } from './dilation.ts';
import type { Table } from './flatbuffer.ts';
import { OPTIONS, paddingOf } from './options.ts';
import { outputsLast } from './weights.ts';

/** Kernels [O, KH, KW, I] become [KH, KW, I, O]. */
export function convolution(call: Call): SymbolicTensor {
  const options = call.options(OPTIONS.conv2d);
  const { x, ...dilation } = dilated(call, options) ?? { x: call.input(0) };
  const kernel = outputsLast(kernelOf(call, 4));
  const [KH, KW, I, filters] = kernel.shape;
  const [, , C] = x.shape;
  const groups = C / I;
  if (!Number.isInteger(groups) || groups < 1) {
    throw new RangeError(`weights must be for the input's ${C} channels or a part of them, got ${I}`);
  }
  const bias = biasOf(call, filters);
  const given = activationOf(options.byte(3));
  return call.put(
    conv2d({
      ...call.own,
      filters,
      ...windows(options, KH, KW, 4, 5),
      ...dilation,
      ...(groups > 1 && { groups }),
      activation: given,
      useBias: bias !== null,
    }),
    x,
    [kernel, ...(bias ? [bias] : [])],
  );
}

/** Kernels [1, KH, KW, C·M] become [KH, KW, C, M]: the same numbers in the same order. */
export function depthwise(call: Call): SymbolicTensor {
  const options = call.options(OPTIONS.depthwise);
  const { x, ...dilation } = dilated(call, options) ?? { x: call.input(0) };
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
      ...dilation,
      depthMultiplier,
      activation: activationOf(options.byte(4)),
      useBias: bias !== null,
    }),
    x,
    [new Tensor(weights.data, [KH, KW, C, depthMultiplier]), ...(bias ? [bias] : [])],
  );
}

/** Kernels [O, KH, KW, I] become [KH, KW, O, I]. Input 0 is the output's shape, which the layer knows by itself. */
export function transposed(call: Call): SymbolicTensor {
  const x = call.input(2);
  const options = call.options(OPTIONS.transposeConv);
  const weights = kernelOf(call, 4);
  const [filters, KH, KW, I] = weights.shape;
  const bias = biasOf(call, filters, 3);
  const data = new Float32Array(weights.size);
  for (let o = 0; o < filters; o++) {
    for (let k = 0; k < KH * KW; k++) {
      for (let i = 0; i < I; i++) data[(k * filters + o) * I + i] = weights.data[(o * KH * KW + k) * I + i];
    }
  }
  const moves: Windows & { readonly filters: number } = {
    filters,
    kernelSize: [KH, KW],
    strides: [options.int(2), options.int(1)],
    padding: paddingOf(options),
  };
  const layer = conv2dTranspose({
    ...{ ...call.own, ...moves, useBias: bias !== null },
    ...beyond(call, moves, x.shape),
  });
  const kernel = new Tensor(data, [KH, KW, filters, I]);
  return activated(call, call.put(layer, x, [kernel, ...(bias ? [bias] : [])]), options.byte(3));
}

/** Kernels [O, I] become [I, O]; the input may have more dimensions, whose numbers are taken in their order. */
export function fullyConnected(call: Call): SymbolicTensor {
  const options = call.options(OPTIONS.dense);
  if (options.byte(1) !== 0) throw new RangeError('weights must be in the default order, got shuffled ones');
  const kernel = outputsLast(kernelOf(call, 2));
  const [I, units] = kernel.shape;
  const x = call.input(0);
  const isOfPixels = sizeOf(x.shape) !== I && x.shape.at(-1) === I;
  if (sizeOf(x.shape) !== I && !isOfPixels) {
    throw new RangeError(
      `weights must be for the ${sizeOf(x.shape)} numbers of a sample [${x.shape}], or for its last dimension, got ${I}`,
    );
  }
  const isFlat = x.shape.length === 1 || isOfPixels;
  const flat = isFlat ? x : call.put(flatten(behind(call, 'flatten')), x);
  const bias = biasOf(call, units);
  const given = activationOf(options.byte(0));
  const y = call.put(dense({ ...call.own, units, activation: given, useBias: bias !== null }), flat, [
    kernel,
    ...(bias ? [bias] : []),
  ]);
  // The file may have made samples of the pixels: here they stay where they are, until the file puts them back.
  if (isOfPixels) return y;
  const { outputShape } = call;
  return outputShape.length > 1
    ? call.put(reshape({ ...behind(call, 'reshape'), targetShape: outputShape }), y)
    : y;
}

/** How a kernel moves. */
interface Windows {
  readonly kernelSize: [number, number];
  readonly strides: [number, number];
  readonly padding: 'same' | 'valid';
}

/** Rows and columns that the file's output has beyond the layer's smallest size; nothing where it is of the usual one. */
function beyond(
  { fixedShape }: Call,
  moves: Windows & { readonly filters: number },
  input: Shape,
): Pick<Conv2dTransposeOptions, 'outputPadding'> {
  if (!fixedShape) return {};
  const usual = conv2dTranspose(moves).computeOutputShape(input);
  if (fixedShape[0] === usual[0] && fixedShape[1] === usual[1]) return {};
  const [rows, columns] = [0, 1].map((d) => {
    const kernel = moves.padding === 'valid' ? moves.kernelSize[d] : moves.kernelSize[d] % 2;
    return fixedShape[d] - ((input[d] - 1) * moves.strides[d] + kernel);
  });
  return { outputPadding: [rows, columns] };
}

function kernelOf(call: Call, rank: number): Tensor {
  const weights = call.constant(1);
  if (!weights) throw new RangeError('weights must be constant, got what an operator gives');
  if (weights.shape.length === rank) return weights;
  throw new RangeError(`weights must have ${rank} dimensions, got [${weights.shape}]`);
}

/** null: there is none. */
function biasOf(call: Call, outputs: number, at = 2): Tensor | null {
  if (call.count <= at) return null;
  const bias = call.constant(at);
  if (!bias) return null;
  if (bias.size === outputs) return new Tensor(bias.data, [outputs]);
  throw new RangeError(`bias must have one number per output: expected ${outputs}, got [${bias.shape}]`);
}

/** @param dilation number of the option; the next one is the height's */
function windows(
  options: Table,
  KH: number,
  KW: number,
  dilationWidth: number,
  dilationHeight: number,
): Windows & { readonly dilationRate: [number, number] } {
  return {
    kernelSize: [KH, KW],
    strides: [options.int(2), options.int(1)],
    dilationRate: [options.int(dilationHeight, 1), options.int(dilationWidth, 1)],
    padding: paddingOf(options),
  };
}
