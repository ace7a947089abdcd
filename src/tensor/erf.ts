/**
 * The error function and its complement, from exact operations and our own exp, so that every engine gives the same bits
 * (see exp.ts). Both take and give float64.
 *
 *   erf(x) = 2/√π·∫₀ˣ e^(−t²) dt,   erfc(x) = 1 − erf(x)
 */
import { exp } from './exp.ts';

export const TWO_OVER_ROOT_PI = 1.1283791670955126;

/** 1/(n!·(2n + 1)), n from 0 to 17: the rest of the series is below 5e-18 for |x| ≤ 1. */
export const SERIES = factorials(18).map((factorial, n) => 1 / (factorial * (2 * n + 1)));

/**
 * (1 + 2x)·e^(x²)·erfc(x) for x ≥ 0 as Chebyshev's series in t = (x − 3.75)/(x + 3.75), the first one halved. The form is
 * that of Shepherd and Laframboise 1981 ("Chebyshev approximation of (1 + 2x)exp(x²)erfc x", Math. Comp. 36), the numbers
 * were computed from 60 digits; the rest is below 5e-18.
 */
export const CHEBYSHEV = [
  1.1775789345674017, -0.004590054580646478, -0.08424913336651792, 0.05920993999819189, -0.026658668435305753,
  0.009074997670705265, -0.002413163540417608, 4.907758365258086e-4, -6.916973302501207e-5,
  4.13902798607301e-6, 7.74038306619849e-7, -2.1886401049234397e-7, 1.076499946567091e-8,
  4.521959811218287e-9, -7.754400208831351e-10, -6.318088340886684e-11, 2.86879501093067e-11,
  1.9455868545777347e-13, -9.65469674843344e-13, 3.25254814814874e-14, 3.3478119482868056e-14,
  -1.864562880419313e-15, -1.2507950530688648e-15, 7.418235256624044e-17,
];

/** erf(x), relative error < 1e-15. erf(±∞) = ±1, erf(±0) = ±0, erf(NaN) = NaN. Maclaurin's series for |x| ≤ 1, else 1 − erfc. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 1) return x < 0 ? upperTail(size) - 1 : 1 - upperTail(size);
  const z = -x * x;
  let sum = SERIES[SERIES.length - 1];
  for (let n = SERIES.length - 2; n >= 0; n--) sum = sum * z + SERIES[n];
  return TWO_OVER_ROOT_PI * (x * sum);
}

/** erfc(x), relative error < 2e-15 down to the smallest normal number. erfc(∞) = 0, erfc(−∞) = 2, erfc(NaN) = NaN. */
export function erfc(x: number): number {
  if (x < 0.5) return x < -1 ? 2 - upperTail(-x) : 1 - erf(x);
  return upperTail(x);
}

/** erfc(x) for x ≥ 0.5, by Clenshaw's recurrence. */
function upperTail(x: number): number {
  if (x > 27) return 0; // less than the smallest number
  const t = (x - 3.75) / (x + 3.75);
  let b1 = 0;
  let b2 = 0;
  for (let n = CHEBYSHEV.length - 1; n > 0; n--) {
    const b0 = 2 * t * b1 - b2 + CHEBYSHEV[n];
    b2 = b1;
    b1 = b0;
  }
  const series = t * b1 - b2 + CHEBYSHEV[0];
  // e^(−x²): x in two parts, the first of 24 bits, whose square is exact.
  const high = Math.fround(x);
  return (exp(-high * high) * exp((high - x) * (high + x)) * series) / (1 + 2 * x);
}

/** 0!, 1!, …, exact as far as 18!. */
function factorials(count: number): number[] {
  const list = [1];
  for (let n = 1; n < count; n++) list.push(list[n - 1] * n);
  return list;
}
