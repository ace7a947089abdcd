/**
 * e^x and the logarithm of two float64 at once: the operations of tensor/exp.ts in its order, so its bits. Nothing is looked up and
 * nothing branches; where there it does, here both are computed and one is chosen.
 */
import { LN2_HIGH, LN2_LOW, TWO_TO_54 } from '../../tensor/exp.ts';
import type { FunctionBuilder, Local } from './assembler.ts';
import { type Value, v128 } from './instructions.ts';
import { f64x2, i64x2 } from './pair-instructions.ts';

/** Two float64, or two masks of 64 bits. */
export type Pair = Value<'v128'>;

/** A number in both lanes. */
export const both = (value: number): Pair => f64x2.splat(value);

/** A variable of the function, set here. */
export const keep = (f: FunctionBuilder, value: Pair): Local<'v128'> => f.local('v128', value);

/** x < bound ? 0 : y */
export const zeroBelow = (bound: number, x: Pair, y: Pair): Pair => v128.andnot(y, f64x2.lt(x, both(bound)));

/** (…(c₀·x + c₁)·x + …)·x + cₙ */
export function polynomial(f: FunctionBuilder, x: Pair, coefficients: readonly number[]): Pair {
  const sum = keep(f, both(coefficients[0]));
  for (const next of coefficients.slice(1)) sum.set(f64x2.add(f64x2.mul(sum, x), both(next)));
  return sum;
}

/** e^x is ∞ from this on, and 0 below the other. */
const HIGHEST = 710;
const LOWEST = -746;

/** 1/13!, …, 1/3!, 1/2! */
const TAYLOR = [6227020800, 479001600, 39916800, 3628800, 362880, 40320, 5040, 720, 120, 24, 6, 2].map(
  (factorial) => 1 / factorial,
);

const TWO_TO_52 = 2 ** 52;
/** A number added to it and taken away again is whole; before that its last bits are 1023 and that number, which is how a float64 writes 2^k. */
export const WHOLE = 1.5 * TWO_TO_52 + 1023;

/** 2^k for whole k from −1022 to 1023. */
const powerOf2 = (k: Pair): Pair => exponentOf(f64x2.add(k, both(WHOLE)));

/** 2^k of WHOLE + k. */
export const exponentOf = (sum: Pair): Pair => i64x2.shl(sum, 52);

/** e^x; see tensor/exp.ts. */
export function exp(f: FunctionBuilder, value: Pair): Pair {
  const x = keep(f, f64x2.pmax(f64x2.pmin(value, both(HIGHEST)), both(LOWEST))); // a NaN is neither larger nor smaller
  const k = keep(f, f64x2.floor(f64x2.add(f64x2.mul(x, both(Math.LOG2E)), both(0.5))));
  const high = keep(f, f64x2.sub(x, f64x2.mul(k, both(LN2_HIGH))));
  const low = keep(f, f64x2.mul(k, both(LN2_LOW)));
  const r = keep(f, f64x2.sub(high, low));
  const error = f64x2.sub(f64x2.sub(high, r), low);
  const q = polynomial(f, r, TAYLOR);
  const tail = f64x2.add(r, f64x2.add(f64x2.mul(f64x2.mul(r, r), q), error));
  // 2^k in two factors, since it may be no float64. The first product is exact, so only the second one rounds, as there.
  const half = keep(f, f64x2.floor(f64x2.mul(k, both(0.5))));
  const large = f64x2.mul(f64x2.add(both(1), tail), powerOf2(half));
  return keep(f, f64x2.mul(large, powerOf2(f64x2.sub(k, half))));
}

/** The bits of a float64, in both lanes. */
function bitsOf(value: number): Pair {
  const [low, high] = new Uint32Array(new Float64Array([value]).buffer);
  return v128.const(low, high, low, high);
}

const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** 2/21, 2/19, …, 2/3 */
const ODD = [21, 19, 17, 15, 13, 11, 9, 7, 5, 3].map((n) => 2 / n);

/** The logarithm of a number above 0 and below ∞, or of NaN; see tensor/exp.ts. */
export function log(f: FunctionBuilder, x: Pair): Pair {
  const isSubnormal = keep(f, f64x2.lt(x, both(SMALLEST_NORMAL)));
  const scaled = keep(f, v128.bitselect(f64x2.mul(x, both(TWO_TO_54)), x, isSubnormal));
  // The exponent as the last bits of a number from 2^52 on.
  const exponent = v128.or(i64x2.shrU(scaled, 52), bitsOf(TWO_TO_52));
  const k = keep(f, f64x2.sub(exponent, both(TWO_TO_52 + 1023)));
  k.set(f64x2.sub(k, v128.and(both(54), isSubnormal)));
  const m = keep(f, v128.or(v128.and(scaled, v128.const(-1, 0x000fffff, -1, 0x000fffff)), bitsOf(1)));
  const isLarge = keep(f, f64x2.ge(m, both(Math.SQRT2)));
  m.set(v128.bitselect(f64x2.mul(m, both(0.5)), m, isLarge));
  k.set(f64x2.add(k, v128.and(both(1), isLarge)));
  const first = keep(f, f64x2.sub(m, both(1)));
  const s = keep(f, f64x2.div(first, f64x2.add(both(2), first)));
  const z = keep(f, f64x2.mul(s, s));
  const q = polynomial(f, z, ODD);
  const inner = f64x2.mul(s, f64x2.sub(first, f64x2.mul(z, q)));
  const rest = f64x2.sub(f64x2.sub(inner, f64x2.mul(k, both(LN2_LOW))), first);
  const found = f64x2.sub(f64x2.mul(k, both(LN2_HIGH)), rest);
  // Of a NaN only what was read as an exponent was used.
  return keep(f, v128.bitselect(found, x, f64x2.eq(x, x)));
}
