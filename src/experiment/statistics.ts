/** The statistics of a study: means over seeds, and differences of pairs that share a seed. */

/** Arithmetic mean. @throws RangeError for no values. */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('mean: expected at least one value, got none');
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation, √(Σ(x − mean)²/(n − 1)); 0 for a single value. */
export function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const m = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - m) ** 2, 0) / (values.length - 1));
}

export interface PairedDifference {
  readonly mean: number;
  /** Bounds of the two-sided 95 % confidence interval; null with fewer than two pairs. */
  readonly interval: readonly [number, number] | null;
}

/**
 * Mean of a[i] − b[i] with Student's 95 % interval, mean ± t(0.975, n − 1)·s/√n. Pairs share a seed, so what a
 * seed does to both cancels out.
 * @throws RangeError where the lists differ in length or are empty.
 */
export function pairedDifference(a: readonly number[], b: readonly number[]): PairedDifference {
  if (a.length !== b.length) {
    throw new RangeError(`pairedDifference: expected lists of equal length, got ${a.length} and ${b.length}`);
  }
  const differences = a.map((value, i) => value - b[i]);
  const m = mean(differences);
  const n = differences.length;
  if (n < 2) return { mean: m, interval: null };
  const half = (studentT(n - 1) * standardDeviation(differences)) / Math.sqrt(n);
  return { mean: m, interval: [m - half, m + half] };
}

/**
 * Quantile 0.975 of Student's t for 1, 2, … 30 degrees of freedom (NIST/SEMATECH e-Handbook of Statistical
 * Methods, table 1.3.6.7.2).
 */
const T_975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** For more than 30 degrees the value at 30, which errs on the side of caution (the limit is 1.960). */
function studentT(degrees: number): number {
  return T_975[Math.min(degrees, T_975.length) - 1];
}
