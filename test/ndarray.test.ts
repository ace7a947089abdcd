import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromNdarray, type NdArray, ndarray, ops, toNdarray } from '../src/ndarray.ts';
import { type NestedArray, Tensor, tensor, zeros } from '../src/tensor/tensor.ts';

/** Nested arrays of an ndarray, read through its own get(). */
function nested(array: NdArray): NestedArray {
  const walk = (index: number[]): NestedArray =>
    index.length === array.dimension
      ? array.get(...index)
      : Array.from({ length: array.shape[index.length] }, (_, i) => walk([...index, i]));
  return walk([]);
}

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
const counting = (shape: readonly number[], dtype: 'float32' | 'float64' = 'float32') => {
  const t = zeros(shape, { dtype });
  t.data.forEach((_, i) => {
    t.data[i] = i + 0.1;
  });
  return t;
};

describe('toNdarray', () => {
  it('shows the tensor in the same shape and order, on the same numbers', () => {
    const t = tensor([[1, 2, 3], [4, 5, 6]]); // biome-ignore format: a matrix
    const array = toNdarray(t);
    expect(array.data).toBe(t.data);
    expect(array.dtype).toBe('float32');
    expect(nested(array)).toEqual([[1, 2, 3], [4, 5, 6]]); // biome-ignore format: a matrix
    array.set(1, 2, 60);
    expect(t.at(1, 2)).toBe(60);
  });

  it('gives its own copy of the shape: changing that leaves the tensor alone', () => {
    const t = zeros([2, 3]);
    toNdarray(t).shape[0] = 99;
    expect(t.shape).toEqual([2, 3]);
  });

  it('keeps shared memory shared', () => {
    expect(toNdarray(zeros([2], { shared: true })).data.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});

describe('ops', () => {
  it('works on a tensor’s own numbers, through views too', () => {
    const t = counting([2, 3]);
    ops.mulseq(toNdarray(t).pick(1, null), 10);
    expect(Array.from(t.data, (value) => Math.round(value))).toEqual([0, 1, 2, 31, 41, 51]);
    expect(ops.sup(toNdarray(t))).toBe(t.at(1, 2));
  });
});

describe('fromNdarray', () => {
  it('undoes toNdarray without a copy, for any shape and both element types', () => {
    fc.assert(
      fc.property(shapes, fc.constantFrom('float32' as const, 'float64' as const), (shape, dtype) => {
        const t = counting(shape, dtype);
        const back = fromNdarray(toNdarray(t), { copy: false });
        expect(back.shape).toEqual(t.shape);
        expect(back.data).toStrictEqual(t.data);
        expect(back.data.buffer).toBe(t.data.buffer);
      }),
    );
  });

  it('has the numbers of any view: transposed, stepped, reversed, cut', () => {
    const steps = fc.array(fc.constantFrom(-2, -1, 1, 2), { minLength: 3, maxLength: 3 });
    const starts = fc.array(fc.nat(1), { minLength: 3, maxLength: 3 });
    const orders = fc.shuffledSubarray([0, 1, 2], { minLength: 3 });
    fc.assert(
      fc.property(steps, starts, orders, (step, start, order) => {
        const view = toNdarray(counting([3, 4, 5]))
          .lo(...start)
          .step(...step)
          .transpose(...order);
        const t = fromNdarray(view);
        expect(t.shape).toEqual(view.shape);
        expect(t.toNested()).toEqual(nested(view));
      }),
    );
  });

  it('stands on a part of the numbers for a slice along the first dimension', () => {
    const whole = counting([4, 3]);
    const part = fromNdarray(toNdarray(whole).lo(1).hi(2), { copy: false });
    expect(Array.from(part.data)).toEqual(Array.from(whole.data.slice(3, 9)));
    expect(part.shape).toEqual([2, 3]);
    part.set(-1, 0, 0);
    expect(whole.at(1, 0)).toBe(-1);
  });

  it('ignores the stride of a dimension of 1', () => {
    const data = Float32Array.of(1, 2, 3);
    expect(fromNdarray(ndarray(data, [1, 3], [77, 1], 0), { copy: false }).data.buffer).toBe(data.buffer);
  });

  it('copies with copy: true, where it need not', () => {
    const t = counting([2, 2]);
    const copy = fromNdarray(toNdarray(t), { copy: true });
    expect(copy.data).toStrictEqual(t.data);
    expect(copy.data.buffer).not.toBe(t.data.buffer);
  });

  it('turns other element types into float32, or into the type that is asked for', () => {
    const generic = { length: 2, get: (i: number) => 10 * i, set: () => {} };
    const arrays = [ndarray(Uint8Array.of(0, 10)), ndarray([0, 10]), ndarray(generic, [2])];
    for (const array of arrays) {
      expect(fromNdarray(array).data).toStrictEqual(Float32Array.of(0, 10));
      expect(fromNdarray(array, { dtype: 'float64' }).data).toStrictEqual(Float64Array.of(0, 10));
    }
    const fine = ndarray(Float64Array.of(0.1));
    expect(fromNdarray(fine, { dtype: 'float32' }).data).toStrictEqual(Float32Array.of(0.1));
    expect(fromNdarray(fine).data).toStrictEqual(Float64Array.of(0.1));
  });

  it('takes a scalar', () => {
    expect(fromNdarray(toNdarray(new Tensor(Float32Array.of(7), []))).toNested()).toBe(7);
    expect(fromNdarray(ndarray(Uint8Array.of(7), [])).toNested()).toBe(7);
  });

  it('throws with copy: false where the layout or the type asks for a copy', () => {
    const transposed = toNdarray(zeros([2, 3])).transpose(1, 0);
    expect(() => fromNdarray(transposed, { copy: false })).toThrow(
      new TypeError(
        'fromNdarray: without a copy only a row-major array of float32 or float64 can be taken: ' +
          'got float32 with shape [3,2], stride [1,3]',
      ),
    );
    expect(() => fromNdarray(ndarray(Uint8Array.of(1)), { copy: false })).toThrow(/got uint8 with/);
    const double = ndarray(Float64Array.of(1));
    expect(() => fromNdarray(double, { copy: false, dtype: 'float32' })).toThrow(/array of float32 can be/);
  });

  it('throws where the view reaches out of its data, at either end', () => {
    const data = Float32Array.of(1, 2, 3);
    expect(() => fromNdarray(ndarray(data, [2, 2]))).toThrow(
      new RangeError(
        'fromNdarray: the view must stay inside its data: expected indices from 0 to 2, got 0 to 3',
      ),
    );
    expect(() => fromNdarray(ndarray(data, [3], [-1], 1))).toThrow(/got -1 to 1$/);
  });

  it('throws where it gets no ndarray, or one of bigints', () => {
    // As JavaScript calls it, where no type forbids these.
    const untyped = fromNdarray as unknown as (value: unknown) => unknown;
    for (const value of [null, undefined, 5, [1, 2], {}, zeros([2])]) {
      expect(() => untyped(value)).toThrow(
        /^fromNdarray: expected an ndarray, got (null|undefined|5|\[1, 2\]|an object without properties|a tensor of shape \[2\])$/,
      );
      expect(() => untyped(value)).toThrow(TypeError);
    }
    expect(() => untyped(ndarray(BigInt64Array.of(1n)))).toThrow(
      new TypeError('fromNdarray: data must hold numbers, got a BigInt64Array of 1 numbers'),
    );
  });
});
