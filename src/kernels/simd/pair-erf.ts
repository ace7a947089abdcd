/** The complement of the error function of two float64 at once: the operations of tensor/erf.ts in its order, so its bits. */
import { CHEBYSHEV, SERIES, TWO_OVER_ROOT_PI } from '../../tensor/erf.ts';
import type { FunctionBuilder } from './assembler.ts';
import { v128 } from './instructions.ts';
import { both, exp, keep, type Pair, polynomial } from './pair-exp.ts';
import { f64x2 } from './pair-instructions.ts';

/** erfc(x); see tensor/erf.ts. Both the series and the tail are computed, and one is chosen. */
export function erfc(f: FunctionBuilder, x: Pair): Pair {
  const size = keep(f, f64x2.abs(x));
  const tail = upperTail(f, size);
  const sum = polynomial(f, keep(f, f64x2.mul(f64x2.neg(x), x)), SERIES.toReversed());
  const erf = f64x2.mul(both(TWO_OVER_ROOT_PI), f64x2.mul(x, sum));
  const near = keep(f, f64x2.sub(both(1), erf));
  const left = v128.bitselect(f64x2.sub(both(2), tail), near, f64x2.lt(x, both(-1)));
  return keep(f, v128.bitselect(left, tail, f64x2.lt(x, both(0.5))));
}

/** erfc(x) for x ≥ 0.5, by Clenshaw's recurrence. */
function upperTail(f: FunctionBuilder, x: Pair): Pair {
  const t = keep(f, f64x2.div(f64x2.sub(x, both(3.75)), f64x2.add(x, both(3.75))));
  const twice = keep(f, f64x2.mul(both(2), t));
  let [b1, b2] = [keep(f, both(0)), keep(f, both(0))];
  for (const coefficient of CHEBYSHEV.slice(1).toReversed()) {
    b2.set(f64x2.add(f64x2.sub(f64x2.mul(twice, b1), b2), both(coefficient)));
    [b1, b2] = [b2, b1];
  }
  const series = keep(f, f64x2.add(f64x2.sub(f64x2.mul(t, b1), b2), both(CHEBYSHEV[0])));
  // e^(−x²): x in two parts, the first of 24 bits, whose square is exact.
  const high = keep(f, f64x2.promoteLow(f64x2.demoteZero(x)));
  const square = exp(f, f64x2.mul(f64x2.neg(high), high));
  const rest = exp(f, f64x2.mul(f64x2.sub(high, x), f64x2.add(high, x)));
  const numerator = f64x2.mul(f64x2.mul(square, rest), series);
  const found = f64x2.div(numerator, f64x2.add(both(1), f64x2.mul(both(2), x)));
  return keep(f, v128.andnot(found, f64x2.gt(x, both(27)))); // less than the smallest number
}
