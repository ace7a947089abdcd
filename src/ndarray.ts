/**
 * Entry point `degelo/ndarray`: tensors from and to ndarrays (https://github.com/scijs/ndarray), for views,
 * slices and element-wise work; with `ndarray` itself and `ops`, which is ndarray-ops: `ops.mean(array)`,
 * `ops.subseq(array, 0.5)` and many more. docs/ndarrays.md prepares data with them.
 *
 * An entry point of its own, because both compile code with `new Function`, which strict
 * content-security policies forbid: the library itself never imports it.
 */
import ndarray, { type Data, type NdArray } from 'ndarray';
import ops from 'ndarray-ops';
import { describe } from './checks/describe.ts';
import { knownOptions, noMoreArguments } from './checks/options.ts';
import { flag, oneOf } from './checks/values.ts';
import {
  allocate,
  type DType,
  expectTensor,
  type FloatArray,
  type Shape,
  sizeOf,
  Tensor,
} from './tensor/tensor.ts';

export type { NdArray };
export { ndarray, ops };

/** When `fromNdarray` copies, and to what. */
export interface FromNdarrayOptions {
  /**
   * `true`: always copy. `false`: never; throw where the layout asks for a copy.
   * Left out: copy only where the layout asks for it.
   */
  copy?: boolean;
  /** Element type of the tensor; that of the ndarray where it is float32 or float64, else float32. */
  dtype?: DType;
}

/**
 * An ndarray over the tensor's own numbers: no copy, and a change to one changes the other.
 * Shape and order are the same: `toNdarray(t).get(i, j)` is `t.at(i, j)`.
 *
 *   const pixels = toNdarray(x);                       // [n, 28, 28, 1]
 *   ops.mulseq(pixels, 1 / 255);                       // in place: x changes too
 *   const upright = fromNdarray(pixels.transpose(0, 2, 1, 3));
 */
export function toNdarray<A extends FloatArray>(tensor: Tensor<A>): NdArray<A> {
  noMoreArguments('toNdarray', arguments, 1);
  expectTensor('toNdarray', 'tensor', tensor);
  return ndarray(tensor.data, [...tensor.shape]);
}

/**
 * A tensor with the ndarray's shape and numbers.
 *
 * Where the ndarray is a float32 or float64 array in row-major order without gaps, which every array from
 * `toNdarray` is, the tensor stands on its numbers (on a part of them, for a slice along the first
 * dimension). Other views (transposed, stepped, cut out of wider rows) and other element types are copied.
 * @throws TypeError where this is no ndarray of numbers; where a copy is needed and `copy` is false.
 * RangeError where the view reaches out of its data.
 */
export function fromNdarray<A extends FloatArray>(
  array: NdArray<A>,
  options?: FromNdarrayOptions & { dtype?: never },
): Tensor<A>;
export function fromNdarray(array: NdArray<Data<number>>, options?: FromNdarrayOptions): Tensor;
export function fromNdarray(array: NdArray<Data<number>>, options?: FromNdarrayOptions): Tensor {
  noMoreArguments('fromNdarray', arguments, 2, 'fromNdarray(array, { copy, dtype })');
  const given = readOptions(options);
  expectNdarray(array);
  const size = sizeOf(array.shape, 'fromNdarray');
  expectInside(array, size);
  const { data, offset } = array;
  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  const dtype = given.dtype ?? (data instanceof Float64Array ? 'float64' : 'float32');

  if (isFloat && array.dtype === dtype && isRowMajor(array.shape, array.stride)) {
    if (given.copy !== true) return new Tensor(data.subarray(offset, offset + size), array.shape);
  } else if (given.copy === false) {
    throw new TypeError(
      `fromNdarray: without a copy only a row-major array of ${given.dtype ?? 'float32 or float64'} can be ` +
        `taken: got ${array.dtype} with shape [${array.shape}], stride [${array.stride}]`,
    );
  }
  const copied = allocate(size, { dtype });
  ops.assign(ndarray(copied, array.shape), array);
  return new Tensor(copied, array.shape);
}

function readOptions(options: FromNdarrayOptions | undefined): FromNdarrayOptions {
  const call = 'fromNdarray(array, …)';
  const given = knownOptions('fromNdarray', options, ['copy', 'dtype'], { call });
  if (given.copy !== undefined) flag('fromNdarray', 'copy', given.copy);
  if (given.dtype === undefined) return given;
  return { ...given, dtype: oneOf('fromNdarray', 'dtype', given.dtype, ['float32', 'float64']) };
}

/** @throws TypeError where it is none, or one of bigints. */
function expectNdarray(array: NdArray<Data<number>>): void {
  const data: unknown = array?.data;
  const isNdarray = typeof data === 'object' && data !== null && Array.isArray(array.shape);
  if (!isNdarray || array.dtype === undefined || array.shape.length !== array.stride?.length) {
    throw new TypeError(`fromNdarray: expected an ndarray, got ${describe(array)}`);
  }
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    throw new TypeError(`fromNdarray: expected an ndarray of numbers, got one of ${array.dtype}`);
  }
}

/** Whether element (i0, …, ik) is at ((i0·d1 + i1)·d2 + …) + ik; strides along dimensions of 1 don't matter. */
function isRowMajor(shape: Shape, stride: readonly number[]): boolean {
  let expected = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    if (shape[d] !== 1 && stride[d] !== expected) return false;
    expected *= shape[d];
  }
  return true;
}

/** ndarray's constructor takes any shape and stride; here a read past the end would become a NaN. */
function expectInside({ data, shape, stride, offset }: NdArray<Data<number>>, size: number): void {
  if (size === 0) return;
  let first = offset;
  let last = offset;
  for (let d = 0; d < shape.length; d++) {
    const reach = (shape[d] - 1) * stride[d];
    if (reach < 0) first += reach;
    else last += reach;
  }
  if (!(first >= 0 && last < data.length)) {
    throw new RangeError(
      `fromNdarray: the view must stay inside its data: expected indices from 0 to ${data.length - 1}, ` +
        `got ${first} to ${last}`,
    );
  }
}
