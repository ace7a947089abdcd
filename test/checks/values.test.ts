/** Checks of single values: each takes what is just within its bounds, gives it back, and refuses what is just beyond. */
import { describe, expect, test } from 'vitest';
import * as values from '../../src/checks/values.ts';

const MOST = Number.MAX_SAFE_INTEGER;

const CHECKS: readonly (readonly [
  rule: string,
  check: (value: never) => unknown,
  taken: readonly unknown[],
  refused: readonly unknown[],
])[] = [
  ['be an integer ≥ 2', (v) => values.integerFrom('f', 'v', v, 2), [2, 3], [1, 2.5, Infinity]],
  ['be an integer ≥ 1', (v) => values.positiveInteger('f', 'v', v), [1], [0]],
  ['be an integer ≥ 0', (v) => values.integerAtLeastZero('f', 'v', v), [0], [-1]],
  [
    'be at least 1 and below 2',
    (v) => values.numberWithin('f', 'v', v, 1, 2),
    [1, 1.999],
    [0.999, 2, Number.NaN],
  ],
  ['be at least 0 and finite', (v) => values.atLeastZero('f', 'v', v), [0, 1e300], [-1e-300, Infinity]],
  ['be above 0', (v) => values.aboveZero('f', 'v', v), [1e-300, Infinity], [0, Number.NaN]],
  ['be from 0 to 1', (v) => values.zeroToOne('f', 'v', v), [0, 1], [-1e-300, 1.001, Number.NaN]],
  ['be finite', (v) => values.finite('f', 'v', v), [-1e300, 0], [Infinity, Number.NaN]],
  ['be true or false', (v) => values.flag('f', 'v', v), [true, false], [1, 'true', null]],
  ["be a string that isn't empty", (v) => values.text('f', 'v', v), ['a'], ['', 1]],
  [
    'have at most 1000 characters',
    (v) => values.nameText('f', 'v', v),
    ['a'.repeat(1000)],
    ['a'.repeat(1001)],
  ],
  ['be one of same, valid', (v) => values.oneOf('f', 'v', v, ['same', 'valid']), ['same'], ['sane', 1]],
  ['hold integers ≥ 1', (v) => values.sampleSizes('f', 'v', v), [[1], [2, 3]], [[0], [1.5], [-2], ['1']]],
  ['have known sizes', (v) => values.sampleSizes('f', 'v', v), [[1]], [[-1], [null], [undefined, 2]]],
  ['be an array of sizes', (v) => values.sampleSizes('f', 'v', v), [[1]], [1, '1']],
];

describe('a check gives back what it takes, and refuses what is just beyond', () => {
  test.each(CHECKS)('it must %s', (rule, check, taken, refused) => {
    for (const value of taken) expect(check(value as never)).toBe(value);
    for (const value of refused) expect(() => check(value as never)).toThrow(`f: v must ${rule}`);
  });
});

test('a seed is an integer from 0 to 2^53 − 1', () => {
  for (const seed of [0, MOST]) expect(values.seedFrom('f', seed)).toBe(seed);
  for (const seed of [-1, MOST + 1, 0.5, '1']) {
    expect(() => values.seedFrom('f', seed)).toThrow('f: seed must be an integer from 0 to 2^53 − 1');
  }
});

describe('one number stands for several', () => {
  test('a size is that of both axes', () => {
    expect(values.sizePair('f', 'v', 3)).toEqual([3, 3]);
    expect(values.sizePair('f', 'v', [1, 2])).toEqual([1, 2]);
    for (const value of [0, [0, 1], [1, 0], [1], [1, 2, 3]]) {
      expect(() => values.sizePair('f', 'v', value)).toThrow(/^f: v must be /);
    }
  });

  test('a margin is that of all sides, of an axis, or of one side', () => {
    expect(values.margins('f', 'v', 0)).toEqual([[0, 0], [0, 0]]); // biome-ignore format: a matrix
    expect(values.margins('f', 'v', [1, 2])).toEqual([[1, 1], [2, 2]]); // biome-ignore format: a matrix
    expect(values.margins('f', 'v', [[1, 2], [3, 4]])).toEqual([[1, 2], [3, 4]]); // biome-ignore format: a matrix
    for (const value of [-1, [1], [1, 2, 3], [[1], 2], [1, [2, 3, 4]], [[-1, 0], 0], [0, [0, -1]]]) {
      expect(() => values.margins('f', 'v', value)).toThrow(/^f: v must be /);
    }
  });
});
