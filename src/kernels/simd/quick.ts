/**
 * Activations in fewer operations, with the same bits. What pair-exp.ts computes is right to 53 bits, of which a float32 keeps 24. Here
 * e^x is right to 37, and each result has a bound of its error. Where value − error and value + error round to the same float32, so does
 * all between them, and that is where the exact operations lead. Elsewhere, for one element of thousands, those are carried out. (Ziv
 * 1991, "Fast evaluation of elementary mathematical functions with correctly rounded last bit".)
 */
import { CHEBYSHEV } from '../../tensor/erf.ts';
import { NORMAL_PEAK } from '../smooth.ts';
import type { FunctionBuilder, Local } from './assembler.ts';
import { f32x4, v128 } from './instructions.ts';
import { both, exponentOf, keep, type Pair, TAYLOR, WHOLE } from './pair-exp.ts';
import { f64x2, i64x2 } from './pair-instructions.ts';

/** A value, and how far from it the true one may be. */
export interface Bounded {
  readonly value: Pair;
  readonly error: Pair;
}

/** A value, from which the true one is at most ERROR times that away, and a mask of the lanes where it is known at all. */
interface Relative {
  readonly value: Pair;
  readonly isKnown: Pair;
}

/** Code that estimates a function of two numbers. */
export type Quick<E = Bounded | Relative> = (f: FunctionBuilder, x: Pair) => E;

const { abs, add, div, ge, lt, mul, neg, pmax, sub } = f64x2;

/** Of a value that is made of one e^x and few other operations, relative to it. */
const ERROR = 2e-11;

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

/** 1/2!, 1/3!, …, 1/9! */
const SERIES = TAYLOR.slice(-8).toReversed();

/** e^−x for x ≥ −700, and for x > 700 that of 700. Taylor's series up to r⁹/9!, the rest of which is below 7e-12. */
function quickExp(f: FunctionBuilder, x: Pair): Pair {
  const t = keep(f, pmax(neg(x), both(-700)));
  const whole = keep(f, add(mul(t, both(Math.LOG2E)), both(WHOLE)));
  const r = keep(f, sub(t, mul(sub(whole, both(WHOLE)), both(Math.LN2))));
  const q = estrin(f, r, SERIES);
  return keep(f, mul(add(add(both(1), r), mul(mul(r, r), q)), exponentOf(whole)));
}

/** y; NaN, of which nothing is certain, where x < bound: there e^x isn't known, and a product with 0 may have either sign. */
const knownFrom = (bound: number, x: Pair, y: Pair): Pair => v128.or(y, lt(x, both(bound)));

/** 1/(1 + e^−x) and 1/(1 + e^x), for x ≥ −700. */
function quickSigmoids(f: FunctionBuilder, x: Pair): { readonly of: Pair; readonly ofMinus: Pair } {
  const e = quickExp(f, x);
  const of = keep(f, div(both(1), add(both(1), e)));
  return { of, ofMinus: keep(f, mul(e, of)) };
}

/** From here on a sigmoid is a normal float32, and times x too, unless x itself is so small that it is exactly one half. */
const NORMAL_FROM = -80;

export const quickSigmoid: Quick<Relative> = (f, x) => ({
  value: quickSigmoids(f, x).of,
  isKnown: ge(x, both(NORMAL_FROM)),
});

export const quickSwish: Quick<Relative> = (f, x) => {
  const { value, isKnown } = quickSigmoid(f, x);
  return { value: keep(f, mul(x, value)), isKnown };
};

/** Its two terms may cancel out, so that the error is relative to the larger one. */
export const quickSwishSlope: Quick<Bounded> = (f, x) => {
  const { of, ofMinus } = quickSigmoids(f, x);
  const product = keep(f, mul(x, ofMinus));
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
  const bell = quickExp(f, keep(f, mul(z, z)));
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

/** `sure` becomes 0 in lanes where what lies within the error may round to another float32, or be of another sign. */
export function stayCertain(f: FunctionBuilder, sure: Local<'v128'>, estimate: Bounded | Relative): void {
  sure.set(v128.and(sure, 'error' in estimate ? roundsAlike(f, estimate) : isFarFromHalf(estimate)));
}

/** value − error and value + error round to the same. */
function roundsAlike(f: FunctionBuilder, { value, error }: Bounded): Pair {
  const bound = keep(f, error);
  const round = f64x2.demoteZero;
  const isSame = f32x4.eq(round(sub(value, bound)), round(add(value, bound)));
  return v128.and(isSame, ge(abs(value), bound));
}

/** The last 29 bits of a float64, which a float32 leaves out; half of what they can be, where rounding turns; and ERROR in units of the last one. */
const LEFT_OUT = 0x1fffffff;
const HALF = 0x10000000;
const MARGIN = Math.ceil(ERROR * 2 ** 53);

/** The same for a normal float32, in fewer operations: the bits that it leaves out are further than the margin from a half. */
function isFarFromHalf({ value, isKnown }: Relative): Pair {
  const whole = (n: number): Pair => v128.const(n, 0, n, 0);
  const above = v128.and(i64x2.sub(value, whole(HALF - MARGIN)), whole(LEFT_OUT));
  return v128.and(i64x2.gtS(above, whole(2 * MARGIN)), isKnown);
}
