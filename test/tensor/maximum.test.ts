import { expect, it } from 'vitest';
import { maximum } from '../../src/tensor/maximum.ts';

it('maximum is the largest of more values than a call has room for, and of the least that it may be', () => {
  const values = Array.from({ length: 500_000 }, (_, i) => (i % 1000) - 999);
  expect(maximum(values)).toBe(0);
  expect(maximum(values, 3)).toBe(3);
  expect(maximum([])).toBe(Number.NEGATIVE_INFINITY);
});
