/**
 * e^x and the natural logarithm from exact operations only, so that every engine gives the same bits.
 *
 * ECMAScript lets engines approximate Math.exp and Math.log as they please, and they differ in the last bit.
 * What IEEE 754 defines exactly (+ − × ÷, comparison, floor, the bit pattern of a number) doesn't. Both
 * functions take and give float64 and stay within 1 ulp of the true value (tested: relative error < 3e-16).
 */

/** ln 2 in two parts: the first ends in 21 zero bits, so k·LN2_HIGH is exact for |k| < 2^21 (fdlibm, e_exp.c). */
export const LN2_HIGH = 0.6931471803691238;
export const LN2_LOW = 1.9082149292705877e-10;

/** Above: e^x is more than the largest float64. Below the other: less than half the smallest (fdlibm, e_exp.c). */
const EXP_OVERFLOW = 709.782712893384;
const EXP_UNDERFLOW = -745.1332191019411;

export const TWO_TO_54 = 18014398509481984;

/** One float64 seen as two words, to read and write exponents. */
const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);
/** Where the sign and the exponent are: in the second word on little-endian machines. */
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/**
 * e^x. exp(∞) = ∞, exp(−∞) = 0, exp(NaN) = NaN.
 *
 * x = k·ln 2 + r with |r| ≤ ln 2 / 2, so e^x = 2^k·e^r, and e^r by its Taylor series up to r^13/13!: the rest is
 * below 0.35^14/14! < 5e-18. The sum is 1 + (r + r²·(…)), small terms first, so that only the last
 * addition's rounding counts.
 */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > EXP_OVERFLOW) return Infinity;
  if (x < EXP_UNDERFLOW) return 0;
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const high = x - k * LN2_HIGH; // exact: both are close to each other
  const low = k * LN2_LOW;
  const r = high - low;
  const error = high - r - low; // what r has lost in its rounding
  let q = 1 / 6227020800; // 1/13!
  q = q * r + 1 / 479001600;
  q = q * r + 1 / 39916800;
  q = q * r + 1 / 3628800;
  q = q * r + 1 / 362880;
  q = q * r + 1 / 40320;
  q = q * r + 1 / 5040;
  q = q * r + 1 / 720;
  q = q * r + 1 / 120;
  q = q * r + 1 / 24;
  q = q * r + 1 / 6;
  q = q * r + 1 / 2;
  return timesPowerOf2(1 + (r + (r * r * q + error)), k);
}

/**
 * The natural logarithm. log(0) = −∞, log(∞) = ∞, NaN for negative numbers and NaN.
 *
 * x = 2^k·m with √½ ≤ m < √2, so log x = k·ln 2 + log m. With f = m − 1 and s = f/(2 + f),
 * log m = log((1 + s)/(1 − s)) = 2·(s + s³/3 + s⁵/5 + …), up to s²¹/21: the rest is below 1e-18 of the sum,
 * as |s| < 0.1716. Since 2s = f − s·f, the sum is f − s·(f − R) with R = 2s²/3 + 2s⁴/5 + …, in which s,
 * which is rounded, counts for less (the arrangement of fdlibm's e_log.c).
 */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return x;
  const subnormal = x < 2.2250738585072014e-308; // the smallest float64 with a full mantissa
  bits[0] = subnormal ? x * TWO_TO_54 : x;
  let k = (words[HIGH] >>> 20) - 1023 - (subnormal ? 54 : 0);
  words[HIGH] = (words[HIGH] & 0x000fffff) | (1023 << 20);
  let m = bits[0];
  if (m >= Math.SQRT2) {
    m *= 0.5;
    k += 1;
  }
  const f = m - 1; // exact
  const s = f / (2 + f);
  const z = s * s;
  let q = 2 / 21;
  q = q * z + 2 / 19;
  q = q * z + 2 / 17;
  q = q * z + 2 / 15;
  q = q * z + 2 / 13;
  q = q * z + 2 / 11;
  q = q * z + 2 / 9;
  q = q * z + 2 / 7;
  q = q * z + 2 / 5;
  q = q * z + 2 / 3;
  return k * LN2_HIGH - (s * (f - z * q) - k * LN2_LOW - f);
}

/** value·2^k for −1075 ≤ k ≤ 1024 and value near 1, rounded once. */
function timesPowerOf2(value: number, k: number): number {
  if (k > 1023) return value * powerOf2(1023) * 2;
  if (k >= -1022) return value * powerOf2(k);
  return value * powerOf2(k + 54) * (1 / TWO_TO_54); // the first product is exact, the last one rounds
}

/** 2^k for −1022 ≤ k ≤ 1023, by writing its exponent. */
function powerOf2(k: number): number {
  words[HIGH] = (1023 + k) << 20;
  words[1 - HIGH] = 0;
  return bits[0];
}
