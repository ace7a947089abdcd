/**
 * The dense tensor: numbers in one typed array, row-major, with a shape.
 *
 * Element (i0, i1, …, ik) of shape [d0, d1, …, dk] stands at ((i0·d1 + i1)·d2 + …)·dk + ik.
 * There are no strides, views or broadcasting here: kernels work on the flat array, and whoever wants
 * views and slices converts to an ndarray (`degelo/ndarray`) without a copy.
 */

/** The numbers of a tensor. */
export type FloatArray = Float32Array | Float64Array;
/** The type of a tensor's numbers. */
export type DType = 'float32' | 'float64';
/** The size of each dimension, the outermost first; `[]` is a single number. */
export type Shape = readonly number[];

/** Numbers nested as deep as a shape is long: `[[1, 2], [3, 4]]` has shape [2, 2]. */
export type NestedArray = number | readonly NestedArray[];

/** Where a tensor's numbers are put, and as what. */
export interface TensorOptions {
  /** Element type. Default: float32. */
  dtype?: DType;
  /** Put the numbers into shared memory, which worker threads see without a copy. */
  shared?: boolean;
}

/** Numbers with a shape, dense and row-major. */
export class Tensor<A extends FloatArray = FloatArray> {
  readonly data: A;
  readonly shape: Shape;

  /**
   * Wraps `data` without a copy.
   * @throws RangeError where the shape doesn't hold as many elements as `data`, or isn't one.
   */
  constructor(data: A, shape: Shape) {
    const size = sizeOf(shape, 'Tensor');
    if (data.length !== size) {
      throw new RangeError(
        `Tensor: data must fill the shape: expected ${size} elements for [${shape}], got ${data.length}`,
      );
    }
    this.data = data;
    this.shape = Object.freeze([...shape]);
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
   * The element at `index`, one number a dimension.
   * @throws RangeError where the index has another rank than the tensor or leaves it.
   */
  at(...index: number[]): number {
    return this.data[this.#offset('at', index)];
  }

  /** Sets the element at `index`. Throws as `at` does. */
  set(value: number, ...index: number[]): void {
    this.data[this.#offset('set', index)] = value;
  }

  /**
   * The same numbers under another shape, without a copy.
   * @throws RangeError where the shape holds another number of elements.
   */
  reshape(shape: Shape): Tensor<A> {
    const size = sizeOf(shape, 'reshape');
    if (size !== this.size) {
      throw new RangeError(
        `reshape: the shapes must hold the same number of elements: ` +
          `expected ${this.size} as in [${this.shape}], got ${size} in [${shape}]`,
      );
    }
    return new Tensor(this.data, shape);
  }

  /**
   * Rows along the first dimension, from `begin` up to `end` without it, as of JavaScript's arrays: negative ones count from the
   * end, and what reaches out of the tensor is cut off. No copy: a change to one changes the other.
   *
   *   x.slice(0, 100); // the first hundred samples
   *   x.slice(-1);     // the last one
   *
   * @throws RangeError for a single number, which has no rows; TypeError where `begin` or `end` is no integer. (TensorFlow.js'
   *   slice takes the begin and size of every dimension.)
   */
  slice(begin = 0, end = Infinity): Tensor<A> {
    if (this.rank === 0) throw new RangeError('slice: expected a tensor with rows, got a single number');
    for (const [name, value] of Object.entries({ begin, end })) {
      if (!Number.isInteger(value) && value !== Infinity) {
        throw new TypeError(`slice: ${name} must be an integer, the number of a row: got ${String(value)}`);
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

  /** Nested plain arrays, for printing and for JSON. */
  toNested(): NestedArray {
    const nest = (dimension: number, start: number): NestedArray => {
      if (dimension === this.rank) return this.data[start];
      const stride = this.shape.slice(dimension + 1).reduce((product, d) => product * d, 1);
      return Array.from({ length: this.shape[dimension] }, (_, i) => nest(dimension + 1, start + i * stride));
    };
    return nest(0, 0);
  }

  #offset(operation: string, index: readonly number[]): number {
    if (index.length !== this.rank) {
      throw new RangeError(
        `${operation}: one index a dimension: expected ${this.rank} for [${this.shape}], got ${index.length}`,
      );
    }
    let offset = 0;
    for (let d = 0; d < index.length; d++) {
      const i = index[d];
      if (!Number.isInteger(i) || i < 0 || i >= this.shape[d]) {
        throw new RangeError(
          `${operation}: index ${d} must be an integer from 0 to ${this.shape[d] - 1}, got ${i}`,
        );
      }
      offset = offset * this.shape[d] + i;
    }
    return offset;
  }
}

/**
 * Number of elements of a shape; 1 for the empty shape of a scalar.
 * @throws RangeError where a dimension isn't an integer ≥ 0.
 */
export function sizeOf(shape: Shape, operation = 'sizeOf'): number {
  let size = 1;
  for (const dimension of shape) {
    if (!Number.isInteger(dimension) || dimension < 0) {
      throw new RangeError(`${operation}: dimensions must be integers ≥ 0, got [${shape}]`);
    }
    size *= dimension;
  }
  return size;
}

/** A typed array of zeros, in shared memory on request. */
export function allocate(
  size: number,
  { dtype = 'float32', shared = false }: TensorOptions = {},
): FloatArray {
  const bytes = size * (dtype === 'float32' ? 4 : 8);
  // TypeScript's typed-array constructors list no union of the two buffers, hence the common supertype.
  const buffer: ArrayBufferLike = shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  return dtype === 'float32' ? new Float32Array(buffer) : new Float64Array(buffer);
}

/** A tensor of zeros. */
export function zeros(shape: Shape, options: TensorOptions = {}): Tensor {
  return new Tensor(allocate(sizeOf(shape, 'zeros'), options), shape);
}

/**
 * A tensor from nested arrays, or from a flat (typed) array with its shape; the numbers are copied.
 * @throws RangeError where the nesting is ragged or the shape doesn't fit.
 */
export function tensor(
  values: NestedArray | ArrayLike<number>,
  shape?: Shape,
  options: TensorOptions = {},
): Tensor {
  const isTyped = ArrayBuffer.isView(values);
  const flat = isTyped ? (values as unknown as ArrayLike<number>) : flatten(values as NestedArray);
  const inferred = shape ?? (isTyped ? [flat.length] : nestedShape(values as NestedArray));
  const data = allocate(flat.length, options);
  data.set(flat);
  return new Tensor(data, inferred);
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

function nestedShape(values: NestedArray): number[] {
  const shape: number[] = [];
  let level = values;
  while (Array.isArray(level)) {
    shape.push(level.length);
    level = level[0];
  }
  return shape;
}

/** Flattens nested arrays, insisting that every branch has the shape of the first. */
function flatten(values: NestedArray): number[] {
  const shape = nestedShape(values);
  const flat: number[] = [];
  const walk = (level: NestedArray, depth: number): void => {
    if (depth === shape.length) {
      if (typeof level !== 'number') {
        throw new RangeError(
          `tensor: nested arrays must not be ragged: expected shape [${shape}] throughout`,
        );
      }
      flat.push(level);
      return;
    }
    if (!Array.isArray(level) || level.length !== shape[depth]) {
      const got = Array.isArray(level) ? `${level.length}` : typeof level;
      throw new RangeError(
        `tensor: nested arrays must not be ragged: expected ${shape[depth]} at depth ${depth}, got ${got}`,
      );
    }
    for (const inner of level) walk(inner, depth + 1);
  };
  walk(values, 0);
  return flat;
}
