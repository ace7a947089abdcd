/** Operators that move numbers to other places. */
import { add, concatenate, permute, rescaling, reshape, zeroPadding2d } from '../../layers/index.ts';
import type { LayerConfig, LayerOptions, SymbolicTensor } from '../../layers/layer.ts';
import { layerFromConfig } from '../../layers/registry.ts';
import { type Shape, sizeOf, Tensor } from '../../tensor/tensor.ts';
import { type Range, sliceSteps } from '../slices.ts';
import { activated } from './activations.ts';
import { behind, type Call } from './call.ts';
import { OPTIONS } from './options.ts';
import { turned } from './picks.ts';

export function concatenation(call: Call): SymbolicTensor {
  const options = call.options(OPTIONS.concatenation);
  const inputs = Array.from({ length: call.count }, (_, i) => call.input(i));
  const y = call.put(concatenate({ ...call.own, axis: options.int(0) }), inputs);
  return activated(call, y, options.byte(1));
}

/** The file says what shape comes of it, also where that is computed from the batch's size. */
export function reshaping(call: Call): SymbolicTensor {
  const x = call.input(0);
  const { outputShape } = call;
  // [N, height, width, channels] to [N·height·width, channels], for a dense layer, which takes each pixel by itself as it is.
  const isOfPixels =
    !outputShape.includes(-1) &&
    sizeOf(outputShape) < sizeOf(x.shape) &&
    outputShape.length === 1 &&
    outputShape[0] === x.shape.at(-1);
  // [1, n] to [n], where the converter knew that the batch is one sample.
  const isWithoutBatch = outputShape.length === 0 && x.shape.length === 1 && x.shape[0] > 1;
  return isOfPixels || isWithoutBatch ? x : call.put(reshape({ ...call.own, targetShape: outputShape }), x);
}

/** Blocks of pixels as channels of one. */
export function spaceToDepth(call: Call): SymbolicTensor {
  const B = blockOf(call, OPTIONS.spaceToDepth);
  const [H, W, C] = imageOf(call);
  if (H % B !== 0 || W % B !== 0) {
    throw new RangeError(`height and width must be multiples of the block, ${B}, got ${H}×${W}`);
  }
  return inBlocks(call, [H / B, B, W / B, B, C], [H / B, W / B, B * B * C]);
}

/** Channels as blocks of pixels. */
export function depthToSpace(call: Call): SymbolicTensor {
  const B = blockOf(call, OPTIONS.depthToSpace);
  const [H, W, C] = imageOf(call);
  if (C % (B * B) !== 0) {
    throw new RangeError(`channels must be a multiple of the block's pixels, ${B * B}, got ${C}`);
  }
  return inBlocks(call, [H, W, B, B, C / (B * B)], [H * B, W * B, C / (B * B)]);
}

function blockOf(call: Call, type: number): number {
  const block = call.options(type).int(0);
  if (block >= 1) return block;
  throw new RangeError(`the block must be of at least 1 pixel, got ${block}`);
}

function imageOf(call: Call): Shape {
  const { shape } = call.input(0);
  if (shape.length === 3) return shape;
  throw new RangeError(`expected an image [height, width, channels], got a sample [${shape}]`);
}

/** The second and the third of five dimensions change places: those of the blocks and those within, for rows and columns. */
function inBlocks(call: Call, parts: Shape, targetShape: Shape): SymbolicTensor {
  const apart = call.put(reshape({ ...behind(call, 'parts'), targetShape: parts }), call.input(0));
  const turned = call.put(permute({ ...behind(call, 'turned'), dims: [1, 3, 2, 4, 5] }), apart);
  return call.put(reshape({ ...call.own, targetShape }), turned);
}

export function transposition(call: Call): SymbolicTensor {
  const [batch, ...dims] = call.whole(1);
  if (batch !== 0) throw new RangeError(`samples must stay the first dimension, got ${[batch, ...dims]}`);
  return call.put(permute({ ...call.own, dims }), call.input(0));
}

/** [[0, 0], [above, below], [left, right], [before, behind]] numbers, which are zeros or v; of fewer dimensions as of an image that ends in sizes of 1. */
export function padding(call: Call): SymbolicTensor {
  const x = call.input(0);
  const { shape } = x;
  const margins = call.whole(1);
  if (shape.length > 3 || margins.length !== 2 * shape.length + 2 || margins[0] !== 0 || margins[1] !== 0) {
    throw new RangeError(
      `padding must be of the dimensions of a sample, of at most three: got [${margins}] for a sample [${shape}]`,
    );
  }
  const values = call.count > 2 ? call.constant(2) : new Tensor(new Float32Array(1), []);
  if (values?.size !== 1) throw new RangeError('padding must be with one constant number');
  const [v] = values.data;
  if (shape.length === 3) return filled(call, x, margins, v, call.own);
  const ones = Array.from({ length: 3 - shape.length }, () => 1);
  const image = call.put(reshape({ ...behind(call, 'image'), targetShape: [...shape, ...ones] }), x);
  const wide = [...margins, ...ones.flatMap(() => [0, 0])];
  const y = filled(call, image, wide, v, behind(call, 'padded'));
  return call.put(reshape({ ...call.own, targetShape: y.shape.slice(0, shape.length) }), y);
}

/** With v around. */
function filled(
  call: Call,
  x: SymbolicTensor,
  margins: readonly number[],
  v: number,
  own: LayerOptions,
): SymbolicTensor {
  if (v === 0) return padded(call, x, margins, own);
  // 1 within and 0 around becomes 0 within and v around, which is added: x + 0 and 0 + v, to the bit.
  const ones = call.put(rescaling({ ...behind(call, 'ones'), scale: 0, offset: 1 }), x);
  const within = padded(call, ones, margins, behind(call, 'within'));
  const around = call.put(rescaling({ ...behind(call, 'around'), scale: -v, offset: v }), within);
  return call.put(add(own), [padded(call, x, margins, behind(call, 'zeros')), around]);
}

/** With zeros; those of channels between two permutations, since our layers pad images. */
function padded(
  call: Call,
  x: SymbolicTensor,
  margins: readonly number[],
  own: LayerOptions,
): SymbolicTensor {
  const [, , above, below, left, right, before, after] = margins;
  const part = (what: string): LayerOptions => (own.name ? { name: `${own.name}_${what}` } : {});
  const image = {
    padding: [
      [above, below],
      [left, right],
    ] as const,
  };
  if (!before && !after) return call.put(zeroPadding2d({ ...own, ...image }), x);
  const isAround = above + below + left + right > 0;
  const wide = isAround ? call.put(zeroPadding2d({ ...part('image'), ...image }), x) : x;
  const first = call.put(permute({ ...part('channels_first'), dims: [3, 1, 2] }), wide);
  const channels = {
    padding: [
      [before, after],
      [0, 0],
    ] as const,
  };
  const deep = call.put(zeroPadding2d({ ...part('channels'), ...channels }), first);
  return call.put(permute({ ...own, dims: [2, 3, 1] }), deep);
}

/** Tensors beside each other along a new dimension. */
export function packing(call: Call): SymbolicTensor {
  const { outputShape, count } = call;
  const given = call.options(OPTIONS.pack).int(1);
  const axis = given < 0 ? outputShape.length + 1 + given : given;
  const targetShape = outputShape.map((size, d) => (d === axis - 1 ? 1 : size));
  const inputs = Array.from({ length: count }, (_, i) =>
    call.put(reshape({ ...behind(call, `input_${i}`), targetShape }), call.input(i)),
  );
  return call.put(concatenate({ ...call.own, axis }), inputs);
}

/** begin[d] and size[d] of each dimension; −1: all that is left. */
export function slicing(call: Call): SymbolicTensor {
  const { shape } = call.input(0);
  const [begins, sizes] = [call.whole(1), call.whole(2)];
  const ranges = shape.map((size, d): Range => {
    const begin = begins[d + 1];
    return { begin, end: sizes[d + 1] < 0 ? size : begin + sizes[d + 1], step: 1, isIndex: false };
  });
  return sliced(call, ranges, begins[0] === 0);
}

/**
 * begin[d], end[d], stride[d] of each dimension, counted from the end where they are below 0. Bit d of a mask: begin, or end, isn't looked at;
 * one number alone is taken (shrink).
 */
export function stridedSlicing(call: Call): SymbolicTensor {
  const options = call.options(OPTIONS.stridedSlice);
  const [beginMask, endMask, ellipsis, added, shrink] = [0, 1, 2, 3, 4].map((i) => options.int(i));
  const [begins, ends, strides] = [call.whole(1), call.whole(2), call.whole(3)];
  const has = (mask: number, d: number): boolean => (mask & (1 << d)) !== 0;
  const { shape } = call.input(0);
  const back = strides.indexOf(-1);
  const isTurned =
    back > 0 &&
    ellipsis + added + shrink === 0 &&
    strides.every(
      (stride, d) => (d === back ? stride === -1 : stride === 1) && has(beginMask, d) && has(endMask, d),
    );
  if (isTurned) return turned(call, back - 1);
  if (ellipsis !== 0 || added !== 0 || begins.length !== shape.length + 1 || strides.some((s) => s < 1)) {
    throw new RangeError('a slice must say begin, end and a step above 0 of every dimension');
  }
  const ranges = shape.map((size, i): Range => {
    const d = i + 1;
    const place = (given: number): number => Math.min(Math.max(given < 0 ? size + given : given, 0), size);
    const begin = has(beginMask, d) ? 0 : place(begins[d]);
    if (has(shrink, d)) return { begin, end: begin + 1, step: 1, isIndex: true };
    return { begin, end: has(endMask, d) ? size : place(ends[d]), step: strides[d], isIndex: false };
  });
  const isWhole = has(beginMask, 0) || begins[0] === 0;
  return sliced(call, ranges, isWhole && strides[0] === 1 && !has(shrink, 0));
}

function sliced(call: Call, ranges: readonly Range[], hasAllSamples: boolean): SymbolicTensor {
  if (!hasAllSamples) throw new RangeError('a slice must take all samples of the batch');
  return cut(call, call.input(0), ranges, call.own);
}

/** Places begin ≤ i < end of input `i` along one dimension. @param what what a part is called that isn't the operator's last */
export function slicedAlong(
  call: Call,
  i: number,
  axis: number,
  begin: number,
  end: number,
  what?: string,
): SymbolicTensor {
  const x = call.input(i);
  const size = x.shape[axis] ?? 0;
  if (begin < 0 || begin >= end || end > size) {
    throw new RangeError(
      `a part must be within [${x.shape}], got ${begin} to ${end} of dimension ${axis + 1}`,
    );
  }
  const ranges = x.shape.map((all, d) => ({
    ...(d === axis ? { begin, end } : { begin: 0, end: all }),
    ...{ step: 1, isIndex: false },
  }));
  return cut(call, x, ranges, what === undefined ? call.own : behind(call, what));
}

/** The layers of a slice, one after the other, the last with the name in `own`. */
function cut(call: Call, x: SymbolicTensor, ranges: readonly Range[], own: LayerOptions): SymbolicTensor {
  const steps = sliceSteps(x.shape, ranges);
  return steps.reduce((y, { className, config }, i) => {
    const { name = '' } = i === steps.length - 1 ? own : behind(call, `${i}`);
    const options: LayerConfig = { ...config, name, trainable: true };
    return call.put(layerFromConfig(className, options), y);
  }, x);
}
