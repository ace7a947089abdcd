/**
 * The dense tensor: numbers in one typed array, row-major, with a shape.
 *
 * Element (i0, i1, …, ik) of shape [d0, d1, …, dk] is at ((i0·d1 + i1)·d2 + …)·dk + ik.
 * There are no strides and no broadcasting here: kernels work on the flat array. `slice` gives rows without a copy; for other
 * views convert the tensor to an ndarray (`degelo/ndarray`), which copies nothing either.
 */
import { brief, describe, isLayerLike } from '../checks/describe.ts';
import { expectMemory } from '../checks/detached.ts';
import { knownOptions, noMoreArguments } from '../checks/options.ts';
import { closeClass, keepFields } from '../checks/properties.ts';
import { ours } from '../checks/realms.ts';
import { flag, oneOf, text } from '../checks/values.ts';
import { allocate, type DType, type FloatArray, type TensorOptions } from './memory.ts';
import {
  fillFromNested,
  isDense,
  isFloats,
  isNumberArray,
  remedy,
  shapeOfNested,
  type TensorLike,
} from './nested.ts';
import { printedTensor } from './printed.ts';

export type { DType, FloatArray, TensorOptions } from './memory.ts';

/** The size of each dimension, the outermost first; `[]` is a single number. */
export type Shape = readonly number[];

/** Plain numbers nested as deep as a shape is long, as `toNested` gives them: `[[1, 2], [3, 4]]` has shape [2, 2]. */
export type NestedArray = number | readonly NestedArray[];

/** Numbers with a shape, dense and row-major. */
export class Tensor<A extends FloatArray = FloatArray> {
  static {
    closeClass(Tensor.prototype, 'tensor', {
      ...{ dtype: 'tensor(values, shape, { dtype })', size: 'reshape(shape)', rank: 'reshape(shape)' },
    });
  }

  readonly data: A;
  readonly shape: Shape;

  /**
   * Wraps `data` without a copy.
   * @throws TypeError for numbers of another kind, RangeError where the shape doesn't hold as many elements as `data`, or isn't one.
   */
  constructor(data: A, shape: Shape) {
    noMoreArguments('Tensor', arguments, 2, 'new Tensor(data, shape)');
    if (!isFloats(data)) {
      throw new TypeError(
        `Tensor: data must be a Float32Array or a Float64Array, got ${describe(data)}: tensor(values, shape) copies any numbers`,
      );
    }
    expectMemory('Tensor', 'data', data);
    const size = sizeOf(shape, 'Tensor');
    if (data.length !== size) {
      throw new RangeError(
        `Tensor: data must fill the shape: expected ${size} elements for [${shape}], got ${data.length}`,
      );
    }
    this.data = ours(data);
    this.shape = Object.freeze([...shape]);
    keepFields(this);
  }

  get size(): number {
    return this.data.length;
  }

  get rank(): number {
    return this.shape.length;
  }

  get dtype(): DType {
    return this.data instanceof Float32Array ? 'float32' : 'float64';
  }

  /**
   * The element at `index`, one number per dimension.
   * @throws RangeError where the index has another rank than the tensor or leaves it.
   */
  at(...index: number[]): number {
    return this.data[offsetOf('at', this, index)];
  }

  /** Sets the element at `index`. Throws as `at` does, and a TypeError for what is no number. */
  set(value: number, ...index: number[]): void {
    if (typeof value !== 'number') throw new TypeError(`set: value must be a number, got ${describe(value)}`);
    this.data[offsetOf('set', this, index)] = value;
  }

  /**
   * The same numbers under another shape, without a copy. One size may be −1: what is left for it.
   *
   *     image.reshape([1, ...image.shape]); // a batch of one
   *     x.reshape([-1, 784]);
   *
   * @throws RangeError where the shape holds another number of elements.
   */
  reshape(shape: Shape): Tensor<A> {
    expectMemory('reshape', 'the tensor', this);
    const sizes = withOpenSize(shape, this.size);
    const size = sizeOf(sizes, 'reshape');
    if (size !== this.size) {
      throw new RangeError(
        `reshape: the shapes must hold the same number of elements: ` +
          `expected ${this.size} as in [${this.shape}], got ${size} in [${sizes}]`,
      );
    }
    return new Tensor(this.data, sizes);
  }

  /**
   * Rows along the first dimension, from `begin` up to `end` without it, as of JavaScript's arrays: negative ones count from the
   * end, and what reaches out of the tensor is cut off. No copy: a change to one changes the other.
   *
   *     x.slice(0, 100); // the first hundred samples
   *     x.slice(-1);     // the last one
   *
   * @throws RangeError for a single number, which has no rows; TypeError where `begin` or `end` is no integer. (TensorFlow.js'
   *   slice takes the begin and size of every dimension.)
   */
  slice(begin = 0, end = Infinity): Tensor<A> {
    expectMemory('slice', 'the tensor', this);
    if (this.rank === 0) throw new RangeError('slice: expected a tensor with rows, got a single number');
    for (const [name, value] of Object.entries({ begin, end })) {
      if (!Number.isInteger(value) && value !== Infinity) {
        throw new TypeError(`slice: ${name} must be an integer, the number of a row: got ${describe(value)}`);
      }
    }
    const [rows, ...rest] = this.shape;
    const within = (at: number): number => Math.min(rows, at < 0 ? Math.max(0, rows + at) : at);
    const [from, to] = [within(begin), within(end)];
    const count = Math.max(0, to - from);
    const size = sizeOf(rest);
    // subarray of one of the two types gives the same type.
    return new Tensor(this.data.subarray(from * size, (from + count) * size) as A, [count, ...rest]);
  }

  /** Shape, type and numbers, of long ones the ends: what `console.log` shows in Node. */
  toString(): string {
    return printedTensor(this.data, this.shape, this.dtype);
  }

  /** What JSON has of it, all numbers: `tensor(json.data, json.shape, { dtype: json.dtype })` is the same again where they are finite. */
  toJSON(): { dtype: DType; shape: Shape; data: number[] } {
    expectMemory('toJSON', 'the tensor', this);
    return { dtype: this.dtype, shape: this.shape, data: Array.from(this.data) };
  }

  /** Nested plain arrays, for printing and for JSON. */
  toNested(): NestedArray {
    noMoreArguments('toNested', arguments, 0);
    expectMemory('toNested', 'the tensor', this);
    const nest = (dimension: number, start: number): NestedArray => {
      if (dimension === this.rank) return this.data[start];
      const stride = this.shape.slice(dimension + 1).reduce((product, d) => product * d, 1);
      return Array.from({ length: this.shape[dimension] }, (_, i) => nest(dimension + 1, start + i * stride));
    };
    return nest(0, 0);
  }
}

/** Where the element at `index` stands. Outside of the class, so that a Proxy around a tensor has elements too. */
function offsetOf(operation: string, tensor: Tensor<FloatArray>, index: readonly number[]): number {
  const { shape } = tensor;
  if (index.length !== shape.length) {
    throw new RangeError(
      `${operation}: one index per dimension: expected ${shape.length} for [${shape}], got ${index.length}`,
    );
  }
  let offset = 0;
  for (let d = 0; d < index.length; d++) {
    const i = index[d];
    if (!Number.isInteger(i) || i < 0 || i >= shape[d]) {
      throw new RangeError(
        `${operation}: index ${d} must be an integer from 0 to ${shape[d] - 1}, got ${describe(i)}`,
      );
    }
    offset = offset * shape[d] + i;
  }
  if (offset >= tensor.size) expectMemory(operation, 'the tensor', tensor);
  return offset;
}

/**
 * Number of elements of a shape: `sizeOf([28, 28, 1])` is 784; 1 for the empty shape of a scalar.
 * @throws TypeError where it is no array, RangeError where a dimension isn't an integer ≥ 0.
 */
export function sizeOf(shape: Shape, operation = 'sizeOf'): number {
  noMoreArguments('sizeOf', arguments, 2);
  text('sizeOf', 'operation', operation);
  if (!Array.isArray(shape)) {
    const right = typeof shape === 'number' ? `: [${shape}]` : '';
    throw new TypeError(`${operation}: shape must be an array of sizes, got ${describe(shape)}${right}`);
  }
  let size = 1;
  for (const dimension of shape) {
    if (!Number.isInteger(dimension) || dimension < 0) {
      const got = Array.from(shape, describe).join(',');
      throw new RangeError(`${operation}: dimensions must be integers ≥ 0, got [${got}]`);
    }
    size *= dimension;
  }
  return size;
}

/**
 * A tensor of zeros: `zeros([2, 3])`.
 * @throws TypeError or RangeError where the shape is none, or an option is unknown.
 */
export function zeros(shape: Shape, options?: TensorOptions): Tensor {
  noMoreArguments('zeros', arguments, 2, 'zeros([2, 3])');
  const size = sizeOf(shape, 'zeros');
  const given = readTensorOptions('zeros', options, 'zeros(shape, …)');
  return new Tensor(allocate(size, given, `zeros: a tensor of shape [${shape}]`), shape);
}

/**
 * A tensor from nested arrays, or from a flat (typed) array with its shape; the numbers are copied.
 *
 *     tensor([[1, 2], [3, 4]])          tensor(Float32Array.of(1, 2, 3, 4), [2, 2])
 *     tensor([rowA, rowB])              of typed arrays or tensors: one dimension more
 *
 * @throws RangeError where the nesting is ragged or the shape doesn't fit, TypeError for what is no number.
 */
export function tensor(
  values: TensorLike | ArrayLike<number>,
  shape?: Shape,
  options?: TensorOptions,
): Tensor {
  noMoreArguments('tensor', arguments, 3, 'tensor(values, [2, 3])');
  if (shape !== undefined) sizeOf(shape, 'tensor');
  const given = readTensorOptions('tensor', options, 'tensor(values, shape, …)');
  const nested = shapeOfNested('tensor', 'values', values);
  const data = allocate(sizeOf(nested), given);
  fillFromNested('tensor', 'values', values, nested, data);
  return new Tensor(data, shape ?? nested);
}

function readTensorOptions(where: string, options: TensorOptions | undefined, call: string): TensorOptions {
  const given = knownOptions(where, options, ['dtype', 'shared'], { call });
  if (given.shared !== undefined) flag(where, 'shared', given.shared);
  if (given.dtype === undefined) return given;
  return { ...given, dtype: oneOf<DType>(where, 'dtype', given.dtype, ['float32', 'float64']) };
}

/**
 * A tensor as people hand one in: ours as it is, one of another copy of degelo as ours, on the same numbers.
 * @param what names the value in messages
 * @throws TypeError where it is none, with the way to make one.
 */
export function expectTensor(where: string, what: string, value: unknown): Tensor {
  if (isDense(value)) return value instanceof Tensor ? value : new Tensor(value.data, value.shape);
  const isArray = isNumberArray(value) || Array.isArray(value);
  const right = isArray ? 'tensor(values, shape)' : typeof value === 'object' ? remedy(value) : '';
  throw new TypeError(`${where}: ${what} must be a tensor, got ${describe(value)}${right && `: ${right}`}`);
}

/** A list of tensors. @throws TypeError where it is no array, or as expectTensor does. */
export function expectTensors(where: string, what: string, values: unknown): Tensor[] {
  if (!Array.isArray(values)) {
    const right = isLayerLike(values) ? `: its getWeights()` : '';
    throw new TypeError(`${where}: ${what} must be an array of tensors, got ${describe(values)}${right}`);
  }
  return Array.from(values, (value, i) => expectTensor(where, `${what}[${i}]`, value));
}

/** A map of tensors by name. @throws TypeError where it is none, or as expectTensor does. */
export function expectTensorMap(where: string, tensors: unknown): Map<string, Tensor> {
  if (!isMap(tensors)) {
    throw new TypeError(
      `${where}: tensors must be a Map of tensors by name, as namedWeights gives it, got ${describe(tensors)}`,
    );
  }
  return new Map(
    Array.from(tensors, ([name, value]: [unknown, unknown]) => {
      if (typeof name === 'string') return [name, expectTensor(where, `tensor ${brief(name)}`, value)];
      throw new TypeError(`${where}: names of tensors must be strings, got ${describe(name)}`);
    }),
  );
}

/** Whether it is a map, and no Proxy around one, which has none of its entries. */
function isMap(value: unknown): value is Map<unknown, unknown> {
  try {
    return value instanceof Map && value.size >= 0;
  } catch {
    return false;
  }
}

/** A shape with what is left of `size` numbers in the place of −1, rounded up where nothing fits. */
function withOpenSize(shape: Shape, size: number): Shape {
  const open = Array.isArray(shape) ? shape.indexOf(-1) : -1;
  if (open < 0 || open !== shape.lastIndexOf(-1)) return shape;
  const known = shape.reduce((product, d, i) => (i === open ? product : product * d), 1);
  return shape.with(open, Math.ceil(size / known) || 0);
}

/** @throws RangeError naming the operation, the expected and the actual shape, where they differ. */
export function expectShape(operation: string, argument: string, actual: Shape, expected: Shape): void {
  if (!sameShape(actual, expected)) {
    throw new RangeError(`${operation}: ${argument} must have shape [${expected}], got [${actual}]`);
  }
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, i) => dimension === b[i]);
}
