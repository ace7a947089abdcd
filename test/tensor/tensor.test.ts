import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { allocate } from '../../src/tensor/memory.ts';
import {
  expectShape,
  type NestedArray,
  sameShape,
  sizeOf,
  Tensor,
  tensor,
  zeros,
} from '../../src/tensor/tensor.ts';

describe('Tensor', () => {
  test('keeps the data without a copy and freezes its own copy of the shape', () => {
    const data = new Float32Array(6);
    const shape = [2, 3];
    const t = new Tensor(data, shape);
    shape[0] = 7;
    expect(t.data).toBe(data);
    expect(t.shape).toEqual([2, 3]);
    expect(Object.isFrozen(t.shape)).toBe(true);
    expect([t.size, t.rank, t.dtype]).toEqual([6, 2, 'float32']);
    expect(new Tensor(new Float64Array(1), []).dtype).toBe('float64');
  });

  test('refuses data that does not fill the shape', () => {
    expect(() => new Tensor(new Float32Array(5), [2, 3])).toThrow(
      new RangeError('Tensor: data must fill the shape: expected 6 elements for [2,3], got 5'),
    );
    expect(() => new Tensor(new Float32Array(0), [-1])).toThrow(
      new RangeError('Tensor: dimensions must be integers ≥ 0, got [-1]'),
    );
  });

  test('refuses numbers of another kind, in words', () => {
    for (const data of [[1, 2], Int32Array.of(1, 2), BigInt64Array.of(1n, 2n), undefined]) {
      expect(() => new Tensor(data as never, [2])).toThrow(
        /^Tensor: data must be a Float32Array or a Float64Array, got .*: tensor\(values, shape\) copies any numbers$/,
      );
    }
    expect(() => zeros([2]).set('1' as never, 0)).toThrow("set: value must be a number, got '1'");
    expect(() => zeros([2, '3'] as never)).toThrow("got [2,'3']");
    expect(() => zeros([4]).reshape([[2, 2]] as never)).toThrow('got [[2, 2]]');
    expect(() => zeros([4]).reshape([-1, -1])).toThrow('got [-1,-1]');
  });

  test('at and set reach the element at ((i0·d1 + i1)·d2 + i2)', () => {
    const shapes = fc.tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
    );
    fc.assert(
      fc.property(shapes, fc.tuple(fc.nat(), fc.nat(), fc.nat()), ([a, b, c], [i, j, k]) => {
        const t = zeros([a, b, c]);
        t.set(7, i % a, j % b, k % c);
        expect(t.data.indexOf(7)).toBe(((i % a) * b + (j % b)) * c + (k % c));
        expect(t.at(i % a, j % b, k % c)).toBe(7);
      }),
    );
  });

  test('at and set refuse a wrong rank and an index outside', () => {
    const t = zeros([2, 3]);
    expect(() => t.at(1)).toThrow(new RangeError('at: one index per dimension: expected 2 for [2,3], got 1'));
    expect(() => t.set(0, 1, 3)).toThrow(
      new RangeError('set: index 1 must be an integer from 0 to 2, got 3'),
    );
    expect(() => t.at(-1, 0)).toThrow(RangeError);
    expect(() => t.at(0.5, 0)).toThrow(RangeError);
  });

  test('reshape shares the data and refuses another size', () => {
    const t = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(t.reshape([3, 2]).data).toBe(t.data);
    expect(t.reshape([3, 2]).toNested()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(() => t.reshape([4])).toThrow(
      'reshape: the shapes must hold the same number of elements: expected 6 as in [2,3], got 4 in [4]',
    );
  });
});

describe('tensor', () => {
  test('toNested gives back what tensor was made of', () => {
    const nested = fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
      .chain(([a, b, c]) => {
        const rows = (item: fc.Arbitrary<NestedArray>, length: number): fc.Arbitrary<NestedArray> =>
          fc.array(item, { minLength: length, maxLength: length });
        return rows(rows(rows(fc.integer(), c), b), a);
      });
    fc.assert(
      fc.property(nested, (values) => {
        expect(tensor(values, undefined, { dtype: 'float64' }).toNested()).toEqual(values);
      }),
    );
  });

  test('makes a scalar of a number and a vector of a typed array, with a copy', () => {
    const data = Float32Array.of(1, 2);
    const t = tensor(data);
    data[0] = 9;
    expect([t.shape, t.toNested()]).toEqual([[2], [1, 2]]);
    expect([tensor(3).shape, tensor(3).toNested()]).toEqual([[], 3]);
  });

  test('rounds to float32 unless told otherwise', () => {
    expect(tensor([0.1]).at(0)).toBe(Math.fround(0.1));
    expect(tensor([0.1], [1], { dtype: 'float64' }).at(0)).toBe(0.1);
  });

  test.each([
    ['a short branch', [[1, 2], [3]]],
    ['a number among arrays', [[1], 2]],
    [
      'an array among numbers',
      [
        [1, 2],
        [3, [4]],
      ],
    ],
  ] as [string, NestedArray][])('refuses %s', (_, values) => {
    expect(() => tensor(values)).toThrow(/^tensor: nested arrays must not be ragged/);
  });

  test('refuses a shape that does not fit', () => {
    expect(() => tensor([1, 2, 3], [2])).toThrow(RangeError);
  });
});

describe('shapes', () => {
  test('sizeOf multiplies the dimensions; 1 for a scalar, 0 where a dimension is', () => {
    expect([sizeOf([]), sizeOf([4]), sizeOf([2, 3, 4]), sizeOf([2, 0])]).toEqual([1, 4, 24, 0]);
  });

  test.each([[[-1]], [[1.5]], [[NaN]], [[2, Infinity]]])('sizeOf refuses [%s]', (shape) => {
    expect(() => sizeOf(shape, 'caller')).toThrow(/^caller: dimensions must be integers ≥ 0/);
  });

  test('expectShape names operation, argument, rule and what was got', () => {
    expect(() => expectShape('op', 'x', [2, 3], [2, 3])).not.toThrow();
    expect(() => expectShape('op', 'x', [2], [2, 3])).toThrow(
      new RangeError('op: x must have shape [2,3], got [2]'),
    );
    expect(sameShape([1, 2], [2, 1])).toBe(false);
  });

  test('allocate gives zeros, in shared memory on request', () => {
    expect(allocate(3)).toEqual(new Float32Array(3));
    expect(allocate(2, { dtype: 'float64', shared: true }).buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(zeros([2], { dtype: 'float64' }).data).toEqual(new Float64Array(2));
  });
});

describe('slice', () => {
  const rows = tensor([[1, 2], [3, 4], [5, 6]]); // biome-ignore format: a matrix

  it('takes the rows that an array’s slice takes', () => {
    const nested = rows.toNested() as number[][];
    for (const [begin, end] of [[0, 2], [1], [-1], [-2, -1], [0, 99], [2, 1], [9], [-9, 1], []]) {
      const { shape } = rows.slice(begin, end);
      expect(shape[1]).toBe(2);
      if (shape[0] > 0) expect(rows.slice(begin, end).toNested()).toEqual(nested.slice(begin, end));
      else expect(nested.slice(begin, end)).toEqual([]);
    }
  });

  it('copies nothing', () => {
    rows.slice(1, 2).set(30, 0, 0);
    expect(rows.at(1, 0)).toBe(30);
  });

  it('refuses what TensorFlow.js’ slice takes, and a single number', () => {
    expect(() => rows.slice([0, 0] as never, [1, 2] as never)).toThrow(
      new TypeError('slice: begin must be an integer, the number of a row: got [0, 0]'),
    );
    expect(() => rows.slice(0, 1.5)).toThrow('end must be an integer');
    expect(() => tensor(3).slice(0)).toThrow('slice: expected a tensor with rows, got a single number');
  });
});
