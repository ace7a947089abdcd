/** Sums, products and their like, of tensors, and of tensors and constant numbers. */
import { add, dense, flatten, multiply, rescaling, reshape, subtract } from '../../layers/index.ts';
import type { Layer, LayerOptions, SymbolicTensor } from '../../layers/layer.ts';
import { placesIn } from '../../layers/merge.ts';
import { type Shape, sizeOf, Tensor } from '../../tensor/tensor.ts';
import { activated } from './activations.ts';
import { behind, type Call } from './call.ts';
import { OPTIONS } from './options.ts';
import { quotient } from './rules.ts';
import { outputsLast } from './weights.ts';

/** The most numbers of a constant that stand for places: a model's description holds them. */
const MOST_NUMBERS = 65_536;
/** And the most weights of the layer that makes a tensor of them. */
const MOST_WEIGHTS = 2 ** 20;

/** y = x·scale + offset, each one number or as many as there are channels. */
interface Affine {
  readonly scale: number | number[];
  readonly offset?: number | number[];
}

/** Of two tensors; or of one and constant numbers, one for all or one per channel, which makes it a rescaling. */
export function merge(
  call: Call,
  type: number,
  make: (options: LayerOptions) => Layer,
  withConstant: (numbers: number | number[]) => Affine,
): SymbolicTensor {
  const fused = call.options(type).byte(0);
  const at = [0, 1].find((i) => call.constant(i)) ?? -1;
  const constant = at < 0 ? null : call.constant(at);
  const y = constant
    ? scaled(call, 1 - at, constant, withConstant)
    : call.put(make(call.own), [call.input(0), call.input(1)]);
  return activated(call, y, fused);
}

/** a − b = a + (−1)·b, which has the same bits. */
export function subtraction(call: Call): SymbolicTensor {
  const fused = call.options(OPTIONS.sub).byte(0);
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

/** By constant numbers a product; else a·(1/b). */
export function division(call: Call): SymbolicTensor {
  const divisor = call.constant(1);
  if (!divisor) return quotient(call);
  const fused = call.options(OPTIONS.div).byte(0);
  return activated(
    call,
    scaled(call, 0, divisor, (c) => ({ scale: mapped(c, (v) => 1 / v) })),
    fused,
  );
}

/** The larger, or smaller, of two tensors; or of one and constant numbers, which are 0·x + c then: a tensor of the same shape. */
export function extreme(call: Call, make: (options: LayerOptions) => Layer): SymbolicTensor {
  const at = [0, 1].find((i) => call.constant(i));
  if (at === undefined) return call.put(make(call.own), [call.input(0), call.input(1)]);
  const constant = call.constant(at) as Tensor; // it was just found
  const numbers = { ...call, own: behind(call, 'numbers') };
  const c = scaled(numbers, 1 - at, constant, (offset) => ({ scale: 0, offset }));
  return call.put(make(call.own), [call.input(1 - at), c]);
}

function scaled(
  call: Call,
  i: number,
  constant: Tensor,
  options: (numbers: number | number[]) => Affine,
): SymbolicTensor {
  const x = call.input(i);
  const { shape, data, size } = constant;
  const C = x.shape.at(-1) ?? 1;
  const isRow = size > 1 && shape.at(-1) === size;
  if (C === 1 && isRow) return widened(call, x, size, options(Array.from(data)));
  const isVector = size === 1 || (size === C && isRow);
  if (!isVector) return ofPlaces(call, x, 1 - i, constant, options);
  return call.put(rescaling({ ...call.own, ...options(size === 1 ? data[0] : Array.from(data)) }), x);
}

/** A number for each place, or for each row, which input `at` has: those of a sample in one row are its channels. */
function ofPlaces(
  call: Call,
  x: SymbolicTensor,
  at: number,
  constant: Tensor,
  options: (numbers: number[]) => Affine,
): SymbolicTensor {
  const size = sizeOf(x.shape);
  if (size <= MOST_NUMBERS) call.spend(at, size);
  const numbers = size <= MOST_NUMBERS ? spread(constant, x.shape) : null;
  if (!numbers) return ofLarger(call, x, at, constant, options(Array.from(constant.data)));
  const row = call.put(reshape({ ...behind(call, 'row'), targetShape: [size] }), x);
  const scaled = call.put(rescaling({ ...behind(call, 'places'), ...options(numbers) }), row);
  return call.put(reshape({ ...call.own, targetShape: x.shape }), scaled);
}

/** More numbers than a sample has, whose sizes of 1 are repeated: the numbers become a tensor, by a dense layer that has them as its bias. */
function ofLarger(
  call: Call,
  x: SymbolicTensor,
  at: number,
  constant: Tensor,
  { scale, offset = 0 }: Affine,
): SymbolicTensor {
  const shape = constant.shape.length > x.shape.length ? constant.shape.slice(1) : constant.shape;
  const weights = sizeOf(x.shape) * constant.size;
  const isSound =
    constant.size === sizeOf(shape) && weights <= MOST_WEIGHTS && shape.length === x.shape.length;
  if (!isSound || shape.some((size, d) => size !== x.shape[d] && size !== 1 && x.shape[d] !== 1)) {
    throw new RangeError(
      `constant numbers must be one for all, one per channel (${x.shape.at(-1)}), or fit a sample [${x.shape}], got shape [${constant.shape}]`,
    );
  }
  call.spend(at, weights);
  const asTensor = (numbers: number[]): SymbolicTensor => {
    const row = call.put(flatten(behind(call, 'row')), x);
    const kernel = new Tensor(new Float32Array(weights), [row.shape[0], constant.size]);
    const bias = new Tensor(Float32Array.from(numbers), [constant.size]);
    const same = call.put(dense({ ...behind(call, 'numbers'), units: constant.size }), row, [kernel, bias]);
    return call.put(reshape({ ...behind(call, 'constant'), targetShape: shape }), same);
  };
  if (typeof scale !== 'number') return call.put(multiply(call.own), [x, asTensor(scale)]);
  const scaled = scale === 1 ? x : call.put(rescaling({ ...behind(call, 'scaled'), scale }), x);
  return call.put(add(call.own), [scaled, asTensor(offset as number[])]); // a constant scales, or is added
}

/** As many numbers as a sample of this shape has: dimensions of size 1 are repeated, and those that are missing in front. null: they don't fit. */
function spread({ data, shape: given }: Tensor, shape: Shape): number[] | null {
  // The batch's dimension, if it is there, must be 1.
  const own = given.length > shape.length && given[0] === 1 ? given.slice(1) : given;
  const sizes = [...shape.slice(own.length).fill(1), ...own];
  if (own.length > shape.length || sizes.some((each, d) => each !== 1 && each !== shape[d])) return null;
  return Array.from(placesIn(own, shape), (place) => data[place]);
}

/** One number at each place becomes one per channel, x·scale + offset: what a dense layer of one input does. */
function widened(
  call: Call,
  x: SymbolicTensor,
  units: number,
  { scale, offset = 0 }: Affine,
): SymbolicTensor {
  const row = (numbers: number | number[], shape: Shape): Tensor =>
    new Tensor(
      typeof numbers === 'number' ? new Float32Array(units).fill(numbers) : Float32Array.from(numbers),
      shape,
    );
  return call.put(dense({ ...call.own, units }), x, [row(scale, [1, units]), row(offset, [units])]);
}

function mapped(numbers: number | number[], f: (value: number) => number): number | number[] {
  return typeof numbers === 'number' ? f(numbers) : numbers.map(f);
}

/** Products of rows: with a constant matrix what a dense layer does, of a row and a column of tensors Σ a·b. */
export function product(call: Call): SymbolicTensor {
  const options = call.options(OPTIONS.batchMatmul);
  const [isTurned, isOtherTurned] = [options.flag(0), options.flag(1)];
  const matrix = call.constant(1);
  const x = call.input(0);
  if (matrix && !isTurned) return byMatrix(call, x, matrix, isOtherTurned);
  if (!matrix && x.shape.length === 2) {
    const y = call.input(1);
    const [rows, own] = isTurned ? [x.shape[1], x.shape[0]] : x.shape;
    const [others, columns] = isOtherTurned ? [y.shape[1], y.shape[0]] : y.shape;
    if (rows === 1 && columns === 1 && own === others && y.shape.length === 2) return ofVectors(call, x, y);
  }
  throw new RangeError(
    `products must be with constant numbers, or of a row and a column, got samples [${x.shape}] and ${matrix ? `constant [${matrix.shape}], turned` : `[${call.input(1).shape}]`}`,
  );
}

function byMatrix(call: Call, x: SymbolicTensor, matrix: Tensor, isTurned: boolean): SymbolicTensor {
  const [rows, columns] = matrix.shape.slice(-2);
  if (matrix.shape.length < 2 || matrix.size !== rows * columns) {
    throw new RangeError(`constant numbers must be one matrix, got shape [${matrix.shape}]`);
  }
  const kernel = isTurned ? outputsLast(new Tensor(matrix.data, [rows, columns])) : matrix;
  const [inputs, units] = isTurned ? [columns, rows] : [rows, columns];
  const layer = dense({ ...call.own, units, useBias: false });
  return call.put(layer, x, [new Tensor(kernel.data, [inputs, units])]);
}

function ofVectors(call: Call, x: SymbolicTensor, y: SymbolicTensor): SymbolicTensor {
  const size = sizeOf(x.shape);
  const [a, b] = [x, y].map((each, i) =>
    call.put(reshape({ ...behind(call, `row_${i}`), targetShape: [size] }), each),
  );
  const products = call.put(multiply(behind(call, 'products')), [a, b]);
  const ones = new Tensor(new Float32Array(size).fill(1), [size, 1]);
  const sum = call.put(dense({ ...behind(call, 'sum'), units: 1, useBias: false }), products, [ones]);
  return call.put(reshape({ ...call.own, targetShape: [1, 1] }), sum);
}
