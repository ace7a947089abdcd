/** Matchers for arrays of numbers that say where and by how much two differ most. */
import { expect } from 'vitest';

/** A bound on |actual − expected|: absolute, or relative to |expected|. */
export type Bound = { absolute: number } | { relative: number };

/**
 * Passes where every element is within the bound. NaN is close to NaN alone, ∞ to the same ∞ alone.
 * Fails with the worst index, both values and the error.
 */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, bound: Bound): void {
  expectSameLength(actual, expected);
  const limit = 'absolute' in bound ? bound.absolute : bound.relative;
  let worst = 0;
  let worstAt = -1;
  for (let i = 0; i < actual.length; i++) {
    const error = errorOf(actual[i], expected[i], bound);
    if (error > worst) {
      worst = error;
      worstAt = i;
    }
  }
  if (worst > limit) {
    const kind = 'absolute' in bound ? 'absolute' : 'relative';
    expect.fail(
      `expected every ${kind} error ≤ ${limit}: worst at [${worstAt}] of ${actual.length}: ` +
        `expected ${expected[worstAt]}, got ${actual[worstAt]}, error ${worst}`,
    );
  }
}

/**
 * Passes where every element is the same number, +0 and −0 told apart; all NaN are one.
 * Fails with the number of differences and the largest of them.
 */
export function expectSameBits(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expectSameLength(actual, expected);
  let differences = 0;
  let worst = -1;
  let worstAt = -1;
  for (let i = 0; i < actual.length; i++) {
    if (Object.is(actual[i], expected[i])) continue;
    differences++;
    const error = errorOf(actual[i], expected[i], { absolute: 0 });
    if (error > worst) {
      worst = error;
      worstAt = i;
    }
  }
  if (differences > 0) {
    expect.fail(
      `expected the same bits: ${differences} of ${actual.length} differ: worst at [${worstAt}]: ` +
        `expected ${show(expected[worstAt])}, got ${show(actual[worstAt])}, error ${worst}`,
    );
  }
}

function expectSameLength(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  if (actual.length !== expected.length) {
    expect.fail(`expected ${expected.length} elements, got ${actual.length}`);
  }
}

function errorOf(actual: number, expected: number, bound: Bound): number {
  if (Object.is(actual, expected) || actual === expected) return 0;
  const error = Math.abs(actual - expected);
  // NaN on one side, or an infinity that isn't there on the other.
  if (!Number.isFinite(error)) return Infinity;
  return 'absolute' in bound ? error : error / Math.abs(expected);
}

function show(value: number): string {
  return Object.is(value, -0) ? '-0' : `${value}`;
}
