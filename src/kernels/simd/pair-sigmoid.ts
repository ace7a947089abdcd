/** The logistic function and its kin of two float64 at once: the operations of tensor/sigmoid.ts in its order, so its bits. */
import { SMALL } from '../../tensor/sigmoid.ts';
import type { FunctionBuilder } from './assembler.ts';
import { v128 } from './instructions.ts';
import { both, exp, keep, log, type Pair } from './pair-exp.ts';
import { f64x2 } from './pair-instructions.ts';

/** sigmoid(x) and sigmoid(−x), which have e^−|x| in common; see tensor/sigmoid.ts. */
export function sigmoids(f: FunctionBuilder, x: Pair): { readonly of: Pair; readonly ofMinus: Pair } {
  const e = exp(f, f64x2.neg(f64x2.abs(x)));
  const below = keep(f, f64x2.add(both(1), e));
  const share = (isPositive: Pair): Pair => f64x2.div(v128.bitselect(both(1), e, isPositive), below);
  return { of: share(f64x2.ge(x, both(0))), ofMinus: share(f64x2.le(x, both(0))) };
}

/** The odd numbers under Lambert's fractions, from the inside. */
const LAMBERT = [13, 11, 9, 7, 5, 3, 1];

/** tanh x; see tensor/sigmoid.ts. */
export function tanh(f: FunctionBuilder, x: Pair): Pair {
  const size = keep(f, f64x2.abs(x));
  const z = keep(f, f64x2.mul(x, x));
  const q = keep(f, both(15));
  for (const odd of LAMBERT) q.set(f64x2.add(both(odd), f64x2.div(z, q)));
  const small = keep(f, f64x2.div(x, q));
  const e = exp(f, f64x2.mul(both(-2), size));
  const y = keep(f, f64x2.div(f64x2.sub(both(1), e), f64x2.add(both(1), e)));
  const large = v128.bitselect(f64x2.neg(y), y, f64x2.lt(x, both(0)));
  return keep(f, v128.bitselect(small, large, f64x2.lt(size, both(SMALL))));
}

/** log(1 + e) for 0 ≤ e ≤ 1; see tensor/sigmoid.ts. */
export function logOnePlus(f: FunctionBuilder, e: Pair): Pair {
  const u = keep(f, f64x2.add(both(1), e));
  const quotient = f64x2.div(f64x2.mul(log(f, u), e), f64x2.sub(u, both(1)));
  return keep(f, v128.bitselect(e, quotient, f64x2.eq(u, both(1))));
}

/** log(1 + e^x), as kernels/smooth.ts computes it. */
export function softplus(f: FunctionBuilder, x: Pair): Pair {
  const rest = logOnePlus(f, exp(f, f64x2.neg(f64x2.abs(x))));
  return keep(f, f64x2.add(f64x2.pmax(both(0), x), rest));
}

/** e^x − 1; see tensor/sigmoid.ts. */
export function expMinusOne(f: FunctionBuilder, x: Pair): Pair {
  const u = exp(f, x);
  const less = keep(f, f64x2.sub(u, both(1)));
  const quotient = keep(f, f64x2.div(f64x2.mul(less, x), log(f, u)));
  const end = v128.or(f64x2.eq(u, both(0)), f64x2.eq(u, both(Infinity)));
  const found = v128.bitselect(less, quotient, end);
  return keep(f, v128.bitselect(x, found, f64x2.eq(u, both(1))));
}
