/**
 * Activations in fewer operations, with the same bits. What pair-exp.ts computes is right to 53 bits, of which a float32 keeps 24. Here
 * e^x is right to 38, and each result has a bound of its error. Where value − error and value + error round to the same float32, so does
 * all between them, and that is where the exact operations lead. Elsewhere, for one element of thousands, those are carried out. (Ziv
 * 1991, "Fast evaluation of elementary mathematical functions with correctly rounded last bit".)
 */
import { CHEBYSHEV } from '../../tensor/erf.ts';
import { NORMAL_PEAK } from '../smooth.ts';
import type { FunctionBuilder, Local } from './assembler.ts';
import { f32x4, i32x4, shuffle32, v128 } from './instructions.ts';
import { both, exponentOf, keep, type Pair, WHOLE } from './pair-exp.ts';
import { f64x2 } from './pair-instructions.ts';

/** A value, and how far from it the true one may be. */
export interface Bounded {
  readonly value: Pair;
  readonly error: Pair;
}

/** A value, from which the true one is at most ERROR times that away, for x from NORMAL_FROM on; below that nothing is known. */
interface Relative {
  readonly value: Pair;
}

export type Estimate = Bounded | Relative;

/** Code that estimates a function of two numbers. */
export type Quick<E = Estimate> = (f: FunctionBuilder, x: Pair) => E;

const { abs, add, div, ge, lt, mul, neg, pmax, sub } = f64x2;

/** Of a value that is made of one e^x and few other operations, relative to it. */
const ERROR = 1e-11;

/** c₀ + c₁·x + c₂·x² + …, in Estrin's order: halves by themselves, so that few operations wait for others. */
function estrin(f: FunctionBuilder, x: Pair, coefficients: readonly number[]): Pair {
  let terms = coefficients.map(both);
  for (let power = x; terms.length > 1; power = keep(f, mul(power, power))) {
    terms = terms.flatMap((term, i) => {
      if (i % 2 === 1) return [];
      return [i + 1 < terms.length ? keep(f, add(term, mul(power, terms[i + 1]))) : term];
    });
  }
  return terms[0];
}

/**
 * e^−x = above/below for x ≥ −700, and for x > 700 that of 700. Two numbers instead of one: what uses them divides once, for all.
 *
 * Padé's approximant of e^r, with z = r²: (1680 + 180z + z² + r·(840 + 20z)) over the same with −r. It is off by about
 * |r|⁹·(4!/8!)·(4!/9!) < 3e-12 of itself, since |r| ≤ ln 2 / 2. (Baker, Graves-Morris 1996, "Padé Approximants", section 1.2)
 */
function quickExp(f: FunctionBuilder, x: Pair): { readonly above: Pair; readonly below: Pair } {
  const t = keep(f, pmax(neg(x), both(-700)));
  const whole = keep(f, add(mul(t, both(Math.LOG2E)), both(WHOLE)));
  const r = keep(f, sub(t, mul(sub(whole, both(WHOLE)), both(Math.LN2))));
  const z = keep(f, mul(r, r));
  const even = keep(f, add(mul(add(z, both(180)), z), both(1680)));
  const odd = keep(f, mul(add(mul(z, both(20)), both(840)), r));
  return { above: keep(f, mul(add(even, odd), exponentOf(whole))), below: keep(f, sub(even, odd)) };
}

/** y; NaN, of which nothing is certain, where x < bound: there e^x isn't known, and a product with 0 may have either sign. */
const knownFrom = (bound: number, x: Pair, y: Pair): Pair => v128.or(y, lt(x, both(bound)));

/** From here on a sigmoid is a normal float32, and times x too, unless x itself is so small that it is exactly one half. */
const NORMAL_FROM = -80;

/** 1/(1 + e^−x) = below/(below + above) */
export const quickSigmoid: Quick<Relative> = (f, x) => {
  const { above, below } = quickExp(f, x);
  return { value: keep(f, div(below, add(below, above))) };
};

export const quickSwish: Quick<Relative> = (f, x) => ({ value: keep(f, mul(x, quickSigmoid(f, x).value)) });

/** Its two terms may cancel out, so that the error is relative to the larger one. */
export const quickSwishSlope: Quick<Bounded> = (f, x) => {
  const { above, below } = quickExp(f, x);
  const share = keep(f, div(both(1), add(below, above)));
  const of = keep(f, mul(below, share)); // 1/(1 + e^−x)
  const product = keep(f, mul(x, mul(above, share))); // x/(1 + e^x)
  const value = keep(f, knownFrom(-700, x, mul(of, add(both(1), product))));
  return { value, error: mul(mul(of, add(both(1), abs(product))), both(ERROR)) };
};

/** Chebyshev's series of erf.ts without its last terms, which together are below 2e-12, as a polynomial of t. */
const ERFC = monomials(CHEBYSHEV.slice(0, 17));

/** The coefficients of Σ cₙ·Tₙ(t), by Tₙ₊₁ = 2t·Tₙ − Tₙ₋₁. */
function monomials(series: readonly number[]): number[] {
  const sum: number[] = series.map(() => 0);
  let [before, polynomial] = [[0, 1], [1]];
  for (const c of series) {
    for (const [i, coefficient] of polynomial.entries()) sum[i] += c * coefficient;
    const next = [0, ...polynomial.map((coefficient) => 2 * coefficient)];
    for (const [i, coefficient] of before.entries()) next[i] -= coefficient;
    [before, polynomial] = [polynomial, next];
  }
  return sum;
}

/** Φ(x), the share of a normal distribution below x, and e^(−x²/2): the tail by the formula of erf.ts, with z = |x|/√2. */
function quickNormal(f: FunctionBuilder, x: Pair): { readonly share: Pair; readonly bell: Pair } {
  const z = keep(f, mul(abs(x), both(Math.SQRT1_2)));
  const { above, below } = quickExp(f, keep(f, mul(z, z)));
  const bell = keep(f, div(above, below));
  const t = keep(f, div(sub(z, both(3.75)), add(z, both(3.75))));
  const scaled = mul(mul(bell, both(0.5)), estrin(f, t, ERFC));
  const tail = keep(f, div(scaled, add(both(1), add(z, z))));
  return { share: keep(f, v128.bitselect(sub(both(1), tail), tail, ge(x, both(0)))), bell };
}

export const quickGelu: Quick<Bounded> = (f, x) => {
  const value = keep(f, knownFrom(-37, x, mul(x, quickNormal(f, x).share)));
  return { value, error: mul(abs(value), both(ERROR)) };
};

/** Its two terms may cancel out too. */
export const quickGeluSlope: Quick<Bounded> = (f, x) => {
  const { share, bell } = quickNormal(f, x);
  const product = keep(f, mul(mul(x, both(NORMAL_PEAK)), bell));
  const value = keep(f, knownFrom(-37, x, add(share, product)));
  return { value, error: mul(add(share, abs(product)), both(ERROR)) };
};

/**
 * `sure` becomes 0 in lanes where what lies within the errors of four elements' estimates may round to another float32, or be of
 * another sign. The elements themselves are at `x` + `offset`.
 */
export function stayCertain(
  f: FunctionBuilder,
  sure: Local<'v128'>,
  [low, high]: readonly Estimate[],
  x: Local<'i32'>,
  offset: number,
): void {
  const narrow = (certain: Pair): void => sure.set(v128.and(sure, certain));
  if ('error' in low && 'error' in high) for (const pair of [low, high]) narrow(roundsAlike(f, pair));
  else {
    narrow(areFarFromHalf(low.value, high.value));
    narrow(f32x4.ge(v128.load(x, offset), f32x4.splat(NORMAL_FROM)));
  }
}

/** value − error and value + error round to the same. */
function roundsAlike(f: FunctionBuilder, { value, error }: Bounded): Pair {
  const bound = keep(f, error);
  const round = f64x2.demoteZero;
  const isSame = f32x4.eq(round(sub(value, bound)), round(add(value, bound)));
  return v128.and(isSame, ge(abs(value), bound));
}

/** A float32 leaves out the last 29 bits of a float64; shifted by this, they are a whole number of 32 bits. Rounding turns at its half. */
const LEFT_OUT = 32 - 29;
const HALF = 2 ** 31;
/** ERROR, in units of that number's last bit. */
const MARGIN = Math.ceil(ERROR * 2 ** 53) << LEFT_OUT;

/** The same for normal float32 in fewer operations, four at once: the bits that they leave out are further than the margin from a half. */
function areFarFromHalf(low: Pair, high: Pair): Pair {
  const ends = i32x4.shl(shuffle32(low, high, [0, 2, 4, 6]), LEFT_OUT);
  const aboveMargin = i32x4.add(ends, i32x4.splat(MARGIN - HALF)); // modulo 2³²
  return i32x4.geU(aboveMargin, i32x4.splat(2 * MARGIN));
}
