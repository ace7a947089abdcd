/** Numbers of saved runs, which may come from anywhere. */
import { expect, it } from 'vitest';
import { isAmount } from '../../src/experiment/finetune/read-result.ts';
import { isReal } from '../../src/experiment/read-details.ts';

const LARGEST = 2 ** 128 * (1 - 2 ** -53);

it.each([
  [0, true, true],
  [-0, true, true],
  [Number.MIN_VALUE, true, true],
  [-Number.MIN_VALUE, true, false],
  [LARGEST, true, true],
  [-LARGEST, true, false],
  [2 ** 128, false, false],
  [-(2 ** 128), false, false],
  [Infinity, false, false],
  [Number.NaN, false, false],
  ['1', false, false],
])('%s: within float32’s range %s, an amount %s', (value, real, amount) => {
  expect([isReal(value), isAmount(value)]).toEqual([real, amount]);
});
