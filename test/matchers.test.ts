import { expect, test } from 'vitest';
import { expectClose, expectSameBits } from './matchers.ts';

test('expectClose passes up to the bound and names the worst index beyond it', () => {
  expect(() => expectClose([1, 2], [1, 2.5], { absolute: 0.5 })).not.toThrow();
  expect(() => expectClose([1, 2.1, 3.5], [1, 2, 3], { absolute: 0.2 })).toThrow(
    /worst at \[2\] of 3: expected 3, got 3.5, error 0.5/,
  );
  expect(() => expectClose([100], [101], { relative: 0.01 })).not.toThrow();
  expect(() => expectClose([100], [102], { relative: 0.01 })).toThrow(/relative error/);
  expect(() => expectClose([NaN, Infinity], [NaN, Infinity], { absolute: 0 })).not.toThrow();
  expect(() => expectClose([NaN], [1], { absolute: 9 })).toThrow(/error Infinity/);
  expect(() => expectClose([1], [Infinity], { relative: 9 })).toThrow(/error Infinity/);
  expect(() => expectClose([1e-9], [0], { relative: 9 })).toThrow(/error Infinity/);
  expect(() => expectClose([1], [1, 2], { absolute: 1 })).toThrow(/expected 2 elements, got 1/);
});

test('expectSameBits tells +0 from −0, counts the differences and names the largest', () => {
  expect(() => expectSameBits([1, NaN, -0], [1, NaN, -0])).not.toThrow();
  expect(() => expectSameBits([0], [-0])).toThrow(/1 of 1 differ: worst at \[0\]: expected -0, got 0/);
  expect(() => expectSameBits([1, 2, 5], [1, 3, 9])).toThrow(
    /2 of 3 differ: worst at \[2\]: expected 9, got 5/,
  );
  expect(() => expectSameBits([], [1])).toThrow(/expected 1 elements, got 0/);
});
