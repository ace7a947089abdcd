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

  it('each critical value is Student’s quantile 0.975, to its last decimal; from 30 degrees on that of 30', () => {
    const criticalValue = (degrees: number): number => {
      const differences = Array.from({ length: degrees + 1 }, (_, i) => i % 2);
      const { mean: middle, interval } = pairedDifference(
        differences,
        differences.map(() => 0),
      );
      const [, most] = interval ?? [0, 0];
      return ((most - middle) * Math.sqrt(degrees + 1)) / standardDeviation(differences);
    };
    for (let degrees = 1; degrees <= 30; degrees++) {
      const t = criticalValue(degrees);
      expect(within(t - 0.0005001, degrees)).toBeLessThan(0.95);
      expect(within(t + 0.0005001, degrees)).toBeGreaterThan(0.95);
    }
    expect(criticalValue(31)).toBeCloseTo(2.042, 9);
    expect(criticalValue(200)).toBeCloseTo(2.042, 9);
  });

  it('has no interval for a single pair, and refuses lists that do not pair', () => {
    expect(pairedDifference([3], [1])).toEqual({ mean: 2, interval: null });
    expect(() => pairedDifference([1, 2], [1])).toThrow(/equal length, got 2 and 1/);
  });
});

/** P(|T| ≤ t) of Student's t, a finite series in θ = atan(t/√ν): Abramowitz and Stegun, 26.7.3 and 26.7.4. */
function within(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const isOdd = degrees % 2 === 1;
  // Odd: cos θ + 2/3·cos³θ + 2·4/(3·5)·cos⁵θ + …; even: 1 + 1/2·cos²θ + 1·3/(2·4)·cos⁴θ + …
  let term = isOdd ? Math.cos(angle) : 1;
  let sum = 0;
  for (let power = isOdd ? 1 : 0; power <= degrees - 2; power += 2) {
    sum += term;
    term *= ((power + 1) / (power + 2)) * Math.cos(angle) ** 2;
  }
  return isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}
