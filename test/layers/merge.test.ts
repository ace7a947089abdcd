/** Layers of several inputs: add, subtract, multiply, average, maximum, minimum, concatenate. */
import { describe, expect, it } from 'vitest';
import { add } from '../../src/layers/add.ts';
import { average } from '../../src/layers/average.ts';
import { type ConcatenateOptions, concatenate } from '../../src/layers/concatenate.ts';
import { input } from '../../src/layers/input-layer.ts';
import type { Layer, LayerOptions } from '../../src/layers/layer.ts';
import { maximum } from '../../src/layers/maximum.ts';
import { minimum } from '../../src/layers/minimum.ts';
import { multiply } from '../../src/layers/multiply.ts';
import { subtract } from '../../src/layers/subtract.ts';
import { type Shape, sizeOf } from '../../src/tensor/tensor.ts';
import { expectClose } from '../matchers.ts';
import { type Bench, bench, expectGradients, numbers } from './harness.ts';

const MAKERS = { add, subtract, multiply, average, maximum, minimum } as const;

/** What each does with an element of each input. */
const DEFINITIONS: Record<keyof typeof MAKERS, (values: number[]) => number> = {
  add: (values) => values.reduce((sum, v) => sum + v),
  subtract: ([a, b]) => a - b,
  multiply: (values) => values.reduce((product, v) => product * v),
  average: (values) => values.reduce((sum, v) => sum + v) / values.length,
  maximum: (values) => Math.max(...values),
  minimum: (values) => Math.min(...values),
};

const NAMES = Object.keys(MAKERS) as (keyof typeof MAKERS)[];

/** Of equal shapes; repeated along sizes of 1, and along dimensions that are missing; one that is all alone, and both repeated. */
const SHAPES: readonly (readonly Shape[])[] = [
  [[5], [5]],
  [
    [2, 3, 2],
    [2, 3, 2],
    [2, 3, 2],
  ],
  [
    [2, 3, 2],
    [1, 1, 2],
  ],
  [[2], [3, 5, 2]],
  [[3, 1], [2, 3, 2], [1]],
  [
    [4, 1],
    [1, 3],
  ],
];

/** The element of an input that is at `at` of the output. */
function element(x: ArrayLike<number>, shape: Shape, n: number, at: readonly number[]): number {
  const place = shape.reduce((sum, size, d) => {
    const index = at[d + at.length - shape.length];
    return sum * size + (size === 1 ? 0 : index);
  }, 0);
  return x[n * sizeOf(shape) + place];
}

/** All places of a tensor, in order. */
const places = (shape: Shape): number[][] =>
  shape.reduce<number[][]>(
    (all, size) => all.flatMap((at) => Array.from({ length: size }, (_, i) => [...at, i])),
    [[]],
  );

describe.each([20, 9000])('an input that is repeated %d times', (rows) => {
  it('has as its gradient the sum of all that read it, in a row', () => {
    const test = bench(add(), [[rows, 3], [3]], 2);
    const dy = numbers(2 * rows * 3, 200);
    test.forward();
    test.backward(dy);
    const sums = new Float64Array(6);
    for (let e = 0; e < dy.length; e++) sums[3 * Math.floor(e / (3 * rows)) + (e % 3)] += dy[e];
    expect(test.run.dxs[1]).toEqual(sums);
  });
});

describe.each(NAMES)('%s', (name) => {
  const make = MAKERS[name];
  const shapesOf = SHAPES.filter(({ length }) => name !== 'subtract' || length === 2).map(
    (shapes) => [shapes] as const,
  );

  it.each(shapesOf)('does so element by element: %j', (shapes) => {
    const test = bench(make(), shapes, 2);
    const rank = Math.max(...shapes.map(({ length }) => length));
    const shape = Array.from({ length: rank }, (_, d) =>
      Math.max(...shapes.map((each) => each[d - rank + each.length] ?? 1)),
    );
    expect(test.run.stage.outputShape).toEqual(shape);
    const expected = [0, 1].flatMap((n) =>
      places(shape).map((at) =>
        DEFINITIONS[name](shapes.map((each, i) => element(test.run.xs[i], each, n, at))),
      ),
    );
    expectClose(test.forward(), expected, { absolute: 1e-15 });
  });

  it.each(shapesOf)('has the gradients of central differences: %j', (shapes) => {
    expectGradients(bench(make(), shapes, 2));
  });

  it.each(shapesOf)('computes each gradient by itself: %j', (shapes) => {
    const all = bench(make(), shapes, 2);
    const dy = numbers(all.forward().length, 200);
    all.backward(dy);
    for (const i of shapes.keys()) {
      const one = bench(make(), shapes, 2);
      one.forward();
      const run = { ...one.run, dxs: one.run.dxs.map((dx, j) => (i === j ? dx : null)) };
      one.run.dy.set(dy);
      run.stage.layer.backward(run, 2);
      expect(one.run.dxs.map((dx) => dx?.some(Number.isNaN))).toEqual(shapes.map((_, j) => j !== i));
      expect(run.dxs[i]).toEqual(all.run.dxs[i]);
    }
  });

  it('refuses shapes that can’t be repeated to one another, a single input and unknown options', () => {
    const of =
      (...shapes: Shape[]) =>
      () =>
        make().build(shapes[0], ...shapes.slice(1));
    expect(of([2, 3], [2, 2])).toThrow(
      `${name}: shapes must be equal, but for sizes of 1, got [2,3] and [2,2]`,
    );
    const several = name === 'subtract' ? 'two' : 'at least two';
    const wrong = name === 'subtract' ? of([4], [2]) : of([4], [2], [4]);
    expect(wrong).toThrow(`${name}: shapes must be equal`);
    expect(of([4])).toThrow(`${name}: expected ${several} inputs, got 1`);
    expect(() => make().apply(input({ shape: [3] }))).toThrow(`expected ${several} inputs, got 1`);
    expect(() => make({ axis: 1 } as LayerOptions)).toThrow(`${name}: unknown option axis`);
  });
});

it('subtract takes two tensors, no more', () => {
  expect(() => subtract().build([4], [4], [4])).toThrow('subtract: expected two inputs, got 3');
});

it('maximum gives the gradient of a tie to the first, as Keras does on TensorFlow', () => {
  const test = bench(maximum(), [[2], [2], [2]], 1);
  for (const [i, values] of [
    [1, 0],
    [1, 3],
    [0, 3],
  ].entries()) {
    (test.run.xs[i] as Float64Array).set(values);
  }
  expect(Array.from(test.forward())).toEqual([1, 3]);
  test.backward(Float64Array.of(5, 7));
  expect(test.run.dxs.map((dx) => Array.from(dx ?? []))).toEqual([
    [5, 0],
    [0, 7],
    [0, 0],
  ]);
});

describe('concatenate', () => {
  const CASES: readonly (readonly [ConcatenateOptions, readonly Shape[]])[] = [
    [{}, [[2], [3], [1]]],
    [
      {},
      [
        [2, 3, 2],
        [2, 3, 1],
      ],
    ],
    [
      { axis: 1 },
      [
        [1, 3, 2],
        [2, 3, 2],
      ],
    ],
    [
      { axis: -2 },
      [
        [2, 1, 2],
        [2, 3, 2],
        [2, 2, 2],
      ],
    ],
    [
      { axis: 3 },
      [
        [2, 2, 1],
        [2, 2, 4],
      ],
    ],
  ];

  /** The dimension of a sample along which the tensors are side by side. */
  const along = ({ axis = -1 }: ConcatenateOptions, rank: number): number =>
    axis < 0 ? rank + axis : axis - 1;

  const expected = ({ run }: Bench, options: ConcatenateOptions, shapes: readonly Shape[]): number[] => {
    const d = along(options, shapes[0].length);
    return [0, 1].flatMap((n) =>
      places(run.stage.outputShape).map((at) => {
        let [i, index] = [0, at[d]];
        while (index >= shapes[i][d]) index -= shapes[i++][d];
        const place = at.with(d, index).reduce((sum, one, e) => sum * shapes[i][e] + one, 0);
        return run.xs[i][n * sizeOf(shapes[i]) + place];
      }),
    );
  };

  it.each(CASES)('puts tensors side by side: %j, %j', (options, shapes) => {
    const test = bench(concatenate(options), shapes, 2);
    expect(Array.from(test.forward())).toEqual(expected(test, options, shapes));
  });

  it.each(CASES)('has the gradients of central differences: %j, %j', (options, shapes) => {
    expectGradients(bench(concatenate(options), shapes, 2));
  });

  it('computes no gradient that nobody needs', () => {
    const test = bench(concatenate(), [[2], [1]], 1);
    test.run.dy.set([3, 4, 5]);
    const last = test.run.dxs[1] as Float64Array;
    test.run.stage.layer.backward({ ...test.run, dxs: [null, last] }, 1);
    expect(Array.from(last)).toEqual([5]);
  });

  const build = (options: ConcatenateOptions, ...shapes: Shape[]) =>
    concatenate(options).build(shapes[0], ...shapes.slice(1));

  it.each<[string, () => unknown, RegExp]>([
    [
      'the batch’s dimension',
      () => concatenate({ axis: 0 }),
      /axis must be an integer, and not 0, the batch's, got 0/,
    ],
    ['half a dimension', () => concatenate({ axis: 1.5 }), /axis must be an integer, .*got 1.5/],
    [
      'a dimension that isn’t there',
      () => build({ axis: 3 }, [2, 2], [2, 2]),
      /axis must be one of the sample's/,
    ],
    ['a dimension before the first', () => build({ axis: -3 }, [2, 2], [2, 2]), /expected −2 to −1, got -3/],
    [
      'other dimensions that differ',
      () => build({}, [2, 3], [4, 3]),
      /shapes must be equal but for dimension 1, got \[2,3\] and \[4,3\]/,
    ],
    ['ranks that differ', () => build({}, [2, 3], [3]), /shapes must be equal but for dimension 1/],
    ['a single input', () => build({}, [2]), /concatenate: expected at least two inputs, got 1/],
    [
      'unknown options',
      () => concatenate({ dim: 1 } as ConcatenateOptions),
      /concatenate: unknown option dim/,
    ],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

it.each<[string, Layer]>([
  ...NAMES.map((name): [string, Layer] => [name, MAKERS[name]()]),
  ['concatenate', concatenate()],
])('%s gives a tensor that knows what it was made of, and has no weights', (_, layer) => {
  const [a, b] = [input({ shape: [3] }), input({ shape: [3] })];
  expect(layer.apply([a, b]).inputs).toEqual([a, b]);
  expect(layer.parameters).toEqual([]);
});
