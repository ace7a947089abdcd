/**
 * The logistic function and its kin, from exact operations and our own exp and log, so that every engine gives the
 * same bits (see exp.ts). All take and give float64. Rounded to float32 they are within 1 ulp of the true value; the
 * tests hold each to the bound that is given with it.
 */
import { exp, log } from './exp.ts';

/** Below it e^(−2|x|) is so near to 1 that 1 − e^(−2|x|) would lose digits. */
export const SMALL = 0.5;

/**
 * 1/(1 + e^−x), relative error < 1e-15. sigmoid(∞) = 1, sigmoid(−∞) = 0, sigmoid(NaN) = NaN.
 * For negative x it is e^x/(1 + e^x), the same number, where e^−x could overflow.
 */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  const e = exp(x);
  return e / (1 + e);
}

/**
 * (e^x − e^−x)/(e^x + e^−x), relative error < 1e-15. tanh(±∞) = ±1, tanh(±0) = ±0, tanh(NaN) = NaN.
 *
 * With e = e^(−2|x|) it is ±(1 − e)/(1 + e). For small x Lambert's continued fraction (1768) instead,
 * x/(1 + x²/(3 + x²/(5 + …))), up to 15: what is left out is below 1e-19 of the value.
 */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size < SMALL) {
    const z = x * x;
    let q = 13 + z / 15;
    q = 11 + z / q;
    q = 9 + z / q;
    q = 7 + z / q;
    q = 5 + z / q;
    q = 3 + z / q;
    return x / (1 + z / q);
  }
  const e = exp(-2 * size);
  const y = (1 - e) / (1 + e);
  return x < 0 ? -y : y;
}

/**
 * log(1 + e) for 0 ≤ e ≤ 1, relative error < 1e-15, also where 1 + e rounds e away.
 * u = 1 + e loses some of e, but log(u)/(u − 1) changes so slowly that times e it is right (W. Kahan; HP-15C's handbook,
 * 1982).
 */
export function logOnePlus(e: number): number {
  const u = 1 + e;
  return u === 1 ? e : (log(u) * e) / (u - 1);
}

/** e^x − 1, relative error < 1e-15, also where e^x rounds x away; by the same trick: (u − 1)·x/log(u) with u = e^x. */
export function expMinusOne(x: number): number {
  const u = exp(x);
  if (u === 1) return x;
  if (u === 0 || u === Infinity) return u - 1;
  return ((u - 1) * x) / log(u);
}
