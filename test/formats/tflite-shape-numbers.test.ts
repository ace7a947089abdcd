import { describe, expect, it } from 'vitest';
import type { OperatorInfo } from '../../src/formats/tflite/schema.ts';
import { computedNumbers } from '../../src/formats/tflite/shape-numbers.ts';

/** An operator with whole numbers as options. */
function operator(name: string, options: readonly number[] = []): OperatorInfo {
  return { name, options: () => ({ int: (i: number) => options[i] ?? 0 }) } as unknown as OperatorInfo;
}

type Numbers = readonly number[] | null;

describe('numbers that a TensorFlow Lite file computes of shapes', () => {
  const shape = [1, 8, 6, 4];

  it.each<[what: string, name: string, inputs: readonly Numbers[], expected: Numbers, options?: number[]]>([
    ['two from the third on', 'SLICE', [shape, [2], [2]], [6, 4]],
    ['all from the second on', 'SLICE', [shape, [1], [-1]], [8, 6, 4]],
    ['from begin to end', 'STRIDED_SLICE', [shape, [1], [3], [1]], [8, 6]],
    ['from the first on, as the mask says', 'STRIDED_SLICE', [shape, [2], [3], [1]], [1, 8, 6], [1]],
    ['to the last, as the mask says', 'STRIDED_SLICE', [shape, [1], [2], [1]], [8, 6, 4], [0, 1]],
    ['one number', 'STRIDED_SLICE', [shape, [2], [9], [1]], [6], [0, 0, 0, 0, 1]],
    ['the last number', 'STRIDED_SLICE', [shape, [-1], [0], [1]], [4], [0, 0, 0, 0, 1]],
    ['nothing that is known of steps', 'STRIDED_SLICE', [shape, [0], [4], [2]], null],
    ['one after the other', 'PACK', [[3], [5]], [3, 5]],
    ['lists behind one another', 'CONCATENATION', [[3, 4], [5]], [3, 4, 5]],
    ['those at some places', 'GATHER', [shape, [3, 1]], [4, 8]],
    ['none at a place that there isn’t', 'GATHER', [shape, [4]], null],
    ['the same numbers of another type', 'CAST', [shape], shape],
    ['one number as a list', 'RESHAPE', [[8], [1]], [8]],
    ['one number as a list, by a new dimension', 'EXPAND_DIMS', [[8], [0]], [8]],
    ['a list of one as its number', 'SQUEEZE', [[8]], [8]],
    ['their product', 'REDUCE_PROD', [shape, [0]], [192]],
    ['products with one number', 'MUL', [[2, 3], [5]], [10, 15]],
    ['products of one number', 'MUL', [[5], [2, 3]], [10, 15]],
    [
      'products of pairs',
      'MUL',
      [
        [2, 3],
        [5, 7],
      ],
      [10, 21],
    ],
    [
      'no products of lists of other lengths',
      'MUL',
      [
        [2, 3, 4],
        [5, 7],
      ],
      null,
    ],
    ['no number beyond those that are exact', 'MUL', [[2 ** 30], [2 ** 30]], null],
    ['nothing of what isn’t known', 'PACK', [[3], null], null],
    ['nothing where it isn’t about shapes', 'ADD', [[3], [4]], null],
    ['nothing where its name is one that every object has', 'toString', [[3]], null],
  ])('%s: %s', (_, name, inputs, expected, options) => {
    expect(computedNumbers(operator(name, options), inputs)).toEqual(expected);
  });
});
