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
import { expectMemory } from './checks/detached.ts';
import { knownOptions, noMoreArguments } from './checks/options.ts';
import { arrayKind } from './checks/realms.ts';
import { flag, numeric, oneOf } from './checks/values.ts';
import { allocate } from './tensor/memory.ts';
import { isFloats, isNumberArray } from './tensor/nested.ts';
import { type DType, expectTensor, type FloatArray, type Shape, sizeOf, Tensor } from './tensor/tensor.ts';

export type { NdArray };
export { ndarray, ops };

/** When `fromNdarray` copies, and to what. */
export interface FromNdarrayOptions {
  /**
   * `true`: always copy. `false`: never; throw where the layout asks for a copy.
   * Left out: copy only where the layout asks for it.
   */
  copy?: boolean | undefined;
  /** Element type of the tensor; that of the ndarray where it is float32 or float64, else float32. */
  dtype?: DType | undefined;
}

/**
 * An ndarray over the tensor's own numbers: no copy, and a change to one changes the other.
 * Shape and order are the same: `toNdarray(t).get(i, j)` is `t.at(i, j)`.
 *
 *     const pixels = toNdarray(x);                       // [n, 28, 28, 1]
 *     ops.mulseq(pixels, 1 / 255);                       // in place: x changes too
 *     const upright = fromNdarray(pixels.transpose(0, 2, 1, 3));
 */
export function toNdarray<A extends FloatArray>(tensor: Tensor<A>): NdArray<A> {
  noMoreArguments('toNdarray', arguments, 1);
  expectTensor('toNdarray', 'tensor', tensor);
  return ndarray(tensor.data, [...tensor.shape]);
}

/**
 * A tensor with the ndarray's shape and numbers.
 *
 *     const x = fromNdarray(ndarray(new Float32Array(6), [2, 3])); // a tensor [2, 3]
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
  const view = viewOf(array);
  const size = sizeOf(view.shape, 'fromNdarray');
  expectInside(view, size);
  const { data, offset } = view;
  const dtype = given.dtype ?? (arrayKind(data) === 'Float64Array' ? 'float64' : 'float32');

  if (isFloats(data) && view.dtype === dtype && isRowMajor(view.shape, view.stride)) {
    if (given.copy !== true) return new Tensor(data.subarray(offset, offset + size), view.shape);
  } else if (given.copy === false) {
    throw new TypeError(
      `fromNdarray: without a copy only a row-major array of ${given.dtype ?? 'float32 or float64'} can be ` +
        `taken: got ${view.dtype} with shape [${view.shape}], stride [${view.stride}]`,
    );
  }
  const copied = allocate(size, { dtype });
  ops.assign(ndarray(copied, view.shape), view);
  return new Tensor(copied, view.shape);
}

function readOptions(options: FromNdarrayOptions | undefined): FromNdarrayOptions {
  const call = 'fromNdarray(array, …)';
  const given = knownOptions('fromNdarray', options, ['copy', 'dtype'], { call });
  if (given.copy !== undefined) flag('fromNdarray', 'copy', given.copy);
  if (given.dtype === undefined) return given;
  return { ...given, dtype: oneOf<DType>('fromNdarray', 'dtype', given.dtype, ['float32', 'float64']) };
}

/**
 * The same view as an ndarray of ours, whatever copy of ndarray made it.
 * @throws TypeError where it is none, or holds something else than numbers; RangeError where its parts make no view.
 */
function viewOf(array: NdArray<Data<number>>): NdArray<Data<number>> {
  const { data, shape, stride, offset } = Object(array) as Partial<NdArray<Data<number>>>;
  if (!data || !Array.isArray(shape) || !Array.isArray(stride) || shape.length !== stride.length) {
    throw new TypeError(`fromNdarray: expected an ndarray, got ${describe(array)}`);
  }
  expectMemory('fromNdarray', 'data', data);
  if (!isNumberArray(data)) expectNumbers(data);
  for (const [name, value] of [
    ['offset', offset] as const,
    ...stride.map((each) => ['stride', each] as const),
  ]) {
    if (Number.isInteger(value)) continue;
    throw new RangeError(`fromNdarray: ${name} must hold integers, got ${describe(value)}`);
  }
  sizeOf(shape, 'fromNdarray');
  return ndarray(data, [...shape], [...stride], offset);
}

/** @throws TypeError where a plain array, or a store with get and set, holds something else than numbers. */
function expectNumbers(data: unknown): void {
  const { get } = data as { get?(i: number): unknown };
  const isStore = typeof get === 'function';
  if (!Array.isArray(data) && !isStore) {
    throw new TypeError(`fromNdarray: data must hold numbers, got ${describe(data)}`);
  }
  const { length } = data as ArrayLike<unknown>;
  for (let i = 0; i < length; i++) {
    numeric('fromNdarray', `data[${i}]`, isStore ? get.call(data, i) : (data as readonly unknown[])[i]);
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
