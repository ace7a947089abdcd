import { describe, expect, it } from 'vitest';
import { mean, pairedDifference, standardDeviation } from '../../src/experiment/statistics.ts';

describe('statistics', () => {
  it('mean and sample standard deviation', () => {
    expect(mean([2, 4, 4, 4, 5, 5, 7, 9])).toBe(5);
    expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(standardDeviation([3])).toBe(0);
    expect(() => mean([])).toThrow(/at least one value/);
  });

  it('the paired interval is mean ± t(0.975, n − 1)·s/√n', () => {
    // Differences 1, 2, 3: mean 2, s 1, t(0.975, 2) = 4.303.
    const { mean: middle, interval } = pairedDifference([2, 4, 6], [1, 2, 3]);
    expect(middle).toBe(2);
    expect(interval?.[0]).toBeCloseTo(2 - 4.303 / Math.sqrt(3), 12);
    expect(interval?.[1]).toBeCloseTo(2 + 4.303 / Math.sqrt(3), 12);
  });

  it('has no interval for a single pair, and refuses lists that do not pair', () => {
    expect(pairedDifference([3], [1])).toEqual({ mean: 2, interval: null });
    expect(() => pairedDifference([1, 2], [1])).toThrow(/equal length, got 2 and 1/);
  });
});
