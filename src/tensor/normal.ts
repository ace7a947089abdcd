/**
 * Normally distributed numbers: the inverse of the distribution function, applied to evenly distributed ones. One random
 * word gives one number, so that whoever needs the number of a place computes it from the counter of that place, as
 * random.ts does it. From exact operations, sqrt and our own log, in float64 (see exp.ts).
 */
import { log } from './exp.ts';
import { type RandomKey, threefry2x32 } from './random.ts';
import type { FloatArray } from './tensor.ts';

/** Φ(−2): what lies more than two deviations below the mean. */
const BELOW_TWO = 0.02275013194817921;
/** Φ(2) − Φ(−2): what lies within two deviations. */
const WITHIN_TWO = 0.9544997361036416;

/**
 * The number z with Φ(z) = p, for 1.4e-11 < p < 1 − 1.4e-11: relative error < 1e-15 (1e-13 near p = ½, where z is near 0).
 * Source: Wichura 1988, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37,
 * PPND16: a quotient of two polynomials of degree 7 in the middle, and another for the tails, in √(−log p). Its third,
 * for what is rarer, is left out: no word of 32 bits leads there.
 */
export function inverseNormal(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(MIDDLE[0], r)) / polynomial(MIDDLE[1], r);
  }
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
  const z = polynomial(TAIL[0], r - 1.6) / polynomial(TAIL[1], r - 1.6);
  return q < 0 ? -z : z;
}

/** A normal number of mean 0 and deviation 1 from a random word of 32 bits: z with Φ(z) = (word + ½)/2^32; |z| < 6.4. */
export function normalOf(word: number): number {
  return inverseNormal((word + 0.5) / 4294967296);
}

/** The same, of the distribution cut off at two deviations, which is what Keras means by truncated. */
export function truncatedNormalOf(word: number): number {
  return inverseNormal(BELOW_TWO + WITHIN_TWO * ((word + 0.5) / 4294967296));
}

/**
 * Fills `out` with normal numbers; `transform` is normalOf or truncatedNormalOf.
 *   out[i] = fround(mean + deviation·transform(word_i)), word_i as in `uniform`
 */
export function fillNormal(
  key: RandomKey,
  mean: number,
  deviation: number,
  transform: (word: number) => number,
  out: FloatArray,
): void {
  for (let i = 0; i < out.length; i += 2) {
    const [word0, word1] = threefry2x32(key[0], key[1], i / 2, 0);
    out[i] = Math.fround(mean + deviation * transform(word0));
    // A write past the end of a typed array is ignored, so an odd length needs no case of its own.
    out[i + 1] = Math.fround(mean + deviation * transform(word1));
  }
}

/** Coefficients of a quotient, numerator and denominator, the highest power first. */
type Quotient = readonly [readonly number[], readonly number[]];

const MIDDLE: Quotient = [
  [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
    1971.5909503065513, 133.14166789178438, 3.3871328727963665,
  ],
  [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
    687.1870074920579, 42.31333070160091, 1,
  ],
];
const TAIL: Quotient = [
  [
    7.745450142783414e-4, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  [
    1.0507500716444169e-9, 5.475938084995345e-4, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
];

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = coefficients[0];
  for (let i = 1; i < coefficients.length; i++) sum = sum * x + coefficients[i];
  return sum;
}
